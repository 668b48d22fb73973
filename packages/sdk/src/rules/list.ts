import type { PlacementRule } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onConnection } from "../actions/scopes.ts";
import { type ClusterInput, clusterFields } from "../rebalance/actions/inputs.ts";
import { check } from "./check.ts";

/** Which rules; what is left out does not narrow. */
export interface ListRulesInput extends ClusterInput {
  readonly kind?: PlacementRule["kind"] | undefined;
}

/** `rules.list` */
export const list: ReadAction<ListRulesInput, readonly PlacementRule[]> = defineAction<
  ListRulesInput,
  readonly PlacementRule[]
>({
  name: "rules.list",
  description: "Lists the placement rules of a cluster, from tags, pools, HA and configuration.",
  kind: "read",
  risk: 0,
  permission: "rules.read",
  input: z.strictObject({
    ...clusterFields,
    kind: z
      .enum(["together", "apart", "pin", "ignore"])
      .optional()
      .describe("Only rules of this kind."),
  }),
  ...onConnection,
  async run(context, { kind, ...input }) {
    const { rules } = await check.run(context, input);
    return rules.filter((rule) => kind === undefined || rule.kind === kind);
  },
});
