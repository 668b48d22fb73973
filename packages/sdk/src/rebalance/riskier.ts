import type { ClusterSnapshot } from "@kappa4/connectors";
import type { RunLimit } from "../actions/context.ts";
import { type ProtectedGuests, riskOf, whyOf } from "../approvals/index.ts";
import type { RebalancePlan } from "../balancing/index.ts";
import { riskOfMoves } from "./binding.ts";
import type { Drift } from "./drift.ts";
import { withEmptied } from "./emptied.ts";
import { withProtected } from "./protected.ts";

/** What is protected, and what is to be empty, as it holds now. */
export interface HeldNow {
  readonly protected: ProtectedGuests;
  readonly maintenanceNodes: readonly string[];
}

/**
 * Says that a plan is of a higher class by what is there now than people, or the policy, let it through with; undefined
 * when it is not. Guests that have left since by work that was judged together with it count as still there.
 */
export function riskierThan(
  { risk, later }: RunLimit,
  plan: RebalancePlan,
  snapshot: ClusterSnapshot,
  held: HeldNow,
): Drift | undefined {
  const before = backOf(later as readonly RebalancePlan[], snapshot);
  const shielded = withProtected(plan, before, held.protected);
  const facts = riskOfMoves(withEmptied(shielded, before, held.maintenanceNodes));
  const found = riskOf(facts);
  if (found <= risk) return undefined;
  const message = `more can go wrong with this plan than when it was approved: it is of class ${found} now, and no longer ${risk}: ${whyOf(facts)}; plan again.`;
  return { code: "plan_stale", message };
}

/** The cluster without the moves of these plans, as far as they are made. */
function backOf(plans: readonly RebalancePlan[], snapshot: ClusterSnapshot): ClusterSnapshot {
  const moves = new Map(plans.flatMap((plan) => plan.moves.map((move) => [move.guest, move])));
  const guests = snapshot.guests.map((guest) => {
    const move = moves.get(guest.id);
    return move?.to === guest.node ? { ...guest, node: move.from } : guest;
  });
  return { ...snapshot, guests };
}
