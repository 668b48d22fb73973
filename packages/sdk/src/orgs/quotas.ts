import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { QUOTA_KEYS, type QuotaKey, usedOf } from "../actions/quota.ts";
import { onOrg } from "../actions/scopes.ts";

/** What an organisation may have of something, and has. */
export interface QuotaView {
  readonly key: QuotaKey;
  /** Undefined where there is no limit. */
  readonly limit: number | undefined;
  readonly used: number;
}

/** `orgs.quotas` */
export const quotas: ReadAction<NoInput, readonly QuotaView[]> = defineAction<
  NoInput,
  readonly QuotaView[]
>({
  name: "orgs.quotas",
  description: "Shows what the organisation may have at most, and how much of it there is.",
  kind: "read",
  risk: 0,
  permission: "orgs.read",
  input: noInput,
  ...onOrg,
  audit: () => ({ targets: ["org"] }),
  run: ({ inOrg, clock }) =>
    inOrg(async (tx) => {
      const limits = (await tx.organisation())?.quotas ?? {};
      const views: QuotaView[] = [];
      for (const key of QUOTA_KEYS) {
        const used = await usedOf(tx, key, new Date(clock.now()));
        views.push({ key, limit: limits[key], used });
      }
      return views;
    }),
});
