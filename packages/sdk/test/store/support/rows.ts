import { type Id, newId } from "../../../src/ids.ts";
import type {
  NewAuditEntry,
  Store,
  StoredEvent,
  StoredPlan,
  StoredRun,
  StoredUser,
} from "../../../src/store/index.ts";

/** The time of every row that tests make. */
export const NOW: Date = new Date("2026-01-05T08:00:00Z");

/** Adds an organisation and returns its id. */
export async function seedOrg(store: Store, slug: string): Promise<Id<"org">> {
  const id = newId("org");
  const org = { id, slug, name: slug, status: "active", kind: "standard", createdAt: NOW } as const;
  await store.platform((tx) => tx.orgs.insert(org));
  return id;
}

/** A person. */
export function user(email: string, changes: Partial<StoredUser> = {}): StoredUser {
  const stamps = { createdAt: NOW, updatedAt: NOW };
  return { id: newId("usr"), email, name: "Somebody", status: "active", ...stamps, ...changes };
}

/** A plan that nobody has asked for yet. */
export function plan(shortId: string, changes: Partial<StoredPlan> = {}): StoredPlan {
  return {
    id: newId("pln"),
    shortId,
    action: "rebalance.plan",
    connection: "lab",
    cluster: "lab",
    input: { method: "memory" },
    content: { moves: [] },
    hash: "0".repeat(64),
    facts: {},
    risk: 2,
    state: "draft",
    requestedBy: "local",
    via: "sdk",
    createdAt: NOW,
    expiresAt: new Date(NOW.getTime() + 1_800_000),
    ...changes,
  };
}

/** A run that waits, for a plan of its own. */
export function run(
  shortId: string,
  { id: planId }: StoredPlan,
  changes: Partial<StoredRun> = {},
): StoredRun {
  return {
    ...{
      id: newId("run"),
      shortId,
      action: "rebalance.apply",
      input: {},
      planId,
      approvalId: null,
    },
    ...{ connection: "lab", cluster: "lab", state: "queued", progress: null, result: null },
    ...{ error: null, requestedBy: "local", via: "sdk", cancelAskedAt: null, cancelAskedBy: null },
    ...{ createdAt: NOW, startedAt: null, endedAt: null, ...changes },
  };
}

/** Something that happened. */
export function event(type: string, changes: Partial<StoredEvent> = {}): StoredEvent {
  return {
    id: newId("evt"),
    type,
    source: "test",
    subject: null,
    severity: "info",
    at: NOW,
    endAt: null,
    summary: "Something happened.",
    data: {},
    dedupeKey: null,
    ...changes,
  };
}

/** An entry of the audit. */
export function entry(body: object = {}): NewAuditEntry {
  return { id: newId("aud"), at: NOW, body: JSON.stringify(body) };
}
