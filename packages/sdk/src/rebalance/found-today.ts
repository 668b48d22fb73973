import type { ReadContext } from "../actions/context.ts";
import type { FoundToday } from "../actions/define.ts";
import { policyOf } from "../approving/policy.ts";
import type { RebalancePlan } from "../balancing/index.ts";
import { getPlan } from "../plans/get-plan.ts";
import { levellingOf } from "../settings/levelling.ts";
import { riskOfMoves } from "./binding.ts";
import { withEmptied } from "./emptied.ts";
import { lookBriefly, refuseUnconnected } from "./look-briefly.ts";
import { withProtected } from "./protected.ts";

/**
 * Looks at the cluster of a plan that somebody asks for, or votes on: what is protected, what is to be empty and what
 * stands on a node may have changed since it was stored. A plan that is used already is not looked at. Throws `not_found`, and what
 * {@link lookBriefly} throws.
 */
export async function lookToday(
  context: ReadContext,
  name: string,
): Promise<FoundToday<RebalancePlan> | undefined> {
  const { caller, clock, inOrg } = context;
  const { plan, policy } = await inOrg(async (tx) => ({
    plan: await getPlan(tx, name),
    policy: await policyOf(tx),
  }));
  const isTrusted = caller.actor.kind === "local" && policy.local === "trusted";
  if (isTrusted || plan.action !== "rebalance.apply" || plan.state !== "draft") return undefined;
  const { connection } = plan;
  refuseUnconnected(context, connection);
  const { maintenanceNodes } = await levellingOf(context, connection, { opensStore: true });
  const at = new Date(clock.now());
  const snapshot = await lookBriefly(context, connection);
  return {
    at,
    risk(content, underWay) {
      const leaving = new Set(underWay.flatMap(({ moves }) => moves.map(({ guest }) => guest)));
      const shielded = withProtected(content, snapshot, policy.protected);
      return riskOfMoves(withEmptied(shielded, snapshot, maintenanceNodes, leaving));
    },
  };
}
