import { Kappa4Error } from "@kappa4/connectors";
import type { OrgTransaction } from "../store/index.ts";
import type { Action } from "./define.ts";

/** What can be limited. */
export const QUOTA_KEYS = ["users.max", "projects.max", "roles.max", "plans.max"] as const;

/** What of an organisation is counted: people, projects, roles of its own, open plans. */
export type QuotaKey = (typeof QUOTA_KEYS)[number];

/** Counts what an organisation has of something, from what is stored. */
export function usedOf({ tallies }: OrgTransaction, key: QuotaKey, now: Date): Promise<number> {
  switch (key) {
    case "users.max":
      return tallies.activeUsers();
    case "projects.max":
      return tallies.projects();
    case "roles.max":
      return tallies.roles();
    case "plans.max":
      return tallies.openPlans(now);
  }
}

/**
 * Carries out an effect in its transaction, unless it takes more than the organisation may have. It is counted before
 * and after: what takes nothing is never refused, also where there is more than the limit already. Throws `quota`.
 */
export async function withinQuota<Output>(
  tx: OrgTransaction,
  action: Action,
  now: Date,
  work: () => Promise<Output>,
): Promise<Output> {
  const key = action.quota;
  const limit = key && (await limitOf(tx, key));
  if (key === undefined || limit === undefined) return work();
  // Two that each find room for one more would both take it.
  await tx.hold(key);
  const before = await usedOf(tx, key, now);
  const output = await work();
  const after = await usedOf(tx, key, now);
  if (after > before && after > limit) throw exceeded(action, key, { limit, before, after });
  return output;
}

/** Refuses to ask people for what there is no room for. Throws `quota`. */
export async function refuseFull(tx: OrgTransaction, action: Action, now: Date): Promise<void> {
  const key = action.quota;
  const limit = key && (await limitOf(tx, key));
  if (key === undefined || limit === undefined) return;
  const before = await usedOf(tx, key, now);
  if (before >= limit) throw exceeded(action, key, { limit, before, after: before + 1 });
}

async function limitOf(tx: OrgTransaction, key: QuotaKey): Promise<number | undefined> {
  return (await tx.organisation())?.quotas[key];
}

/** What is counted, for people, and how to make room. */
const WORDS: Readonly<Record<QuotaKey, readonly [things: string, remedy: string]>> = {
  "users.max": ["active people", "disable somebody with users.setStatus"],
  "projects.max": ["projects", "delete one with projects.delete"],
  "roles.max": ["roles of its own", "delete one with roles.delete"],
  "plans.max": ["open plans", "discard one with plans.discard, or wait until some expire"],
};

function exceeded(
  { name }: Action,
  key: QuotaKey,
  {
    limit,
    before,
    after,
  }: { readonly limit: number; readonly before: number; readonly after: number },
): Kappa4Error {
  const [things, remedy] = WORDS[key];
  const message = `This organisation may have ${limit} ${things} (${key}); it has ${before}, and this would make it ${after}. Ask a Platform Admin to raise that with orgs.setQuota, or ${remedy}.`;
  return new Kappa4Error("quota", message, {
    retryable: false,
    context: { operation: name, target: key },
  });
}
