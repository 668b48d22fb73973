import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type RunAction } from "../actions/define.ts";
import { reasonField } from "../actions/inputs.ts";
import { QUOTA_KEYS, type QuotaKey } from "../actions/quota.ts";
import { onPlatform } from "../actions/scopes.ts";
import { parseId } from "../ids.ts";
import { governs, OURSELVES } from "../ourselves.ts";
import { getOrg, orgField } from "./get-org.ts";
import { unlessCancelled } from "./unless-cancelled.ts";

/** What which organisation may have at most, and why. */
export interface SetQuotaInput {
  /** By id or slug. */
  readonly org: string;
  readonly key: QuotaKey;
  /** Null: no limit. */
  readonly limit: number | null;
  readonly reason: string;
}

/** A limit before it is set, as plain data. */
export interface QuotaToSet {
  readonly id: string;
  readonly slug: string;
  readonly key: QuotaKey;
  readonly before: number | null;
  readonly limit: number | null;
}

/** `orgs.setQuota` */
export const setQuota: RunAction<SetQuotaInput, QuotaToSet> = defineAction<
  SetQuotaInput,
  QuotaToSet
>({
  name: "orgs.setQuota",
  description:
    "Limits what an organisation may have, or lifts a limit, once those who have to have approved it.",
  kind: "run",
  permission: "quotas.write",
  input: z.strictObject({
    org: orgField,
    key: z.enum(QUOTA_KEYS).describe("What is limited."),
    limit: z
      .int()
      .min(0)
      .max(1_000_000)
      .nullable()
      .describe("At most so many; what there is already stays. Null: no limit."),
    reason: reasonField,
  }),
  ...onPlatform,
  audit: ({ org, key, limit, reason }) => ({
    targets: [`org:${org}`, `quota:${key}`],
    reason,
    details: { limit },
  }),
  reason: ({ reason }) => reason,
  risk: governs("it changes what an organisation may have"),
  describe: ({ id, slug, key, before, limit }) => ({
    sentence: `Sets the limit ${key} of the organisation ${slug} to ${limit ?? "none"}.`,
    facts: [
      { name: "Organisation", value: `${slug} (${id})` },
      { name: key, value: `${before ?? "no limit"} → ${limit ?? "no limit"}` },
    ],
  }),
  binding: ({ id, key, before, limit }) => ({ id, key, before, limit }),
  async order({ platform }, { org, key, limit }) {
    const { id, slug, quotas } = await platform((tx) => getOrg(tx, org));
    const before = quotas[key] ?? null;
    if (before === limit) {
      const message = `${key} of ${slug} is so already; there is nothing to change.`;
      throw new Kappa4Error("conflict", message, { retryable: false });
    }
    return { ...OURSELVES, content: { id, slug, key, before, limit } };
  },
  execute(context, { id: text, slug, key, before, limit }) {
    const id = parseId("org", text);
    return unlessCancelled(context, {
      result: { slug, key, before, limit },
      isMade: async ({ orgs }) => ((await orgs.find(id))?.quotas[key] ?? null) === limit,
      make: ({ orgs }) => orgs.setQuota(id, key, limit),
    });
  },
});
