import type { GuestId } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { guestField } from "../../actions/inputs.ts";
import { onConnection } from "../../actions/scopes.ts";
import type { GuestExplanation } from "../../balancing/index.ts";
import { getGuest } from "../get-guest.ts";
import { planCluster } from "../plan-cluster.ts";
import { type PlanInput, planFields } from "./inputs.ts";
import { planOptions } from "./options.ts";

/** A guest by id or name. */
export interface ExplainInput extends PlanInput {
  readonly guest: GuestId;
}

/** `rebalance.explain` */
export const explain: ReadAction<ExplainInput, GuestExplanation> = defineAction<
  ExplainInput,
  GuestExplanation
>({
  name: "rebalance.explain",
  description: "Says why a guest would move, or why it would stay.",
  kind: "read",
  risk: 0,
  permission: "rebalance.plan",
  input: z.strictObject({ ...planFields, guest: guestField }),
  ...onConnection,
  async run(context, input) {
    const { systems, clock, engine, signal } = context;
    const cluster = await systems.cluster(input.connection);
    const options = await planOptions(context, input);
    const { plan, snapshot } = await planCluster(
      { cluster, clock, engine },
      { ...options, signal },
    );
    const { id } = getGuest(snapshot, input.guest);
    return engine.run("explainGuest", [snapshot, plan, id, options], signal);
  },
});
