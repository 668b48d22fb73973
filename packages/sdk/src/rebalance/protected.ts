import type { ClusterSnapshot } from "@kappa4/connectors";
import type { ProtectedGuests } from "../approvals/index.ts";
import type { RebalancePlan } from "../balancing/index.ts";

/** Writes into a plan which of the guests that it moves are protected, whatever it said of that before. */
export function withProtected(
  { protectedGuests: _, ...plan }: RebalancePlan,
  { guests }: Pick<ClusterSnapshot, "guests">,
  { pools, tags }: ProtectedGuests,
): RebalancePlan {
  const moved = new Set(plan.moves.map(({ guest }) => guest));
  const protectedGuests = guests
    .filter(({ id }) => moved.has(id))
    .filter((guest) => isIn(guest.pool, pools) || guest.tags.some((tag) => tags.includes(tag)))
    .map(({ id }) => id);
  return protectedGuests.length === 0 ? plan : { ...plan, protectedGuests };
}

function isIn(pool: string | null, pools: readonly string[]): boolean {
  return pool !== null && pools.includes(pool);
}
