import type { RebalancePlan } from "@kappa4/sdk/balancing";

/** A node that a plan empties for maintenance. */
export interface Drain {
  readonly node: string;
  /** Guests that leave it. */
  readonly leaving: number;
  /** Names of the guests that should and cannot. */
  readonly staying: readonly string[];
}

/** A count before and after the moves of a plan. */
export interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

/** Lists the nodes that guests leave, or should leave, for maintenance. */
export function drains(plan: RebalancePlan): readonly Drain[] {
  const stuck = plan.blocked.filter(({ wanted }) => wanted === "drain-maintenance");
  const homes = drainedHomes(plan);
  const nodes = new Set([...homes, ...stuck.map(({ node }) => node)]);
  return [...nodes].sort().map((node) => ({
    node,
    leaving: homes.filter((home) => home === node).length,
    staying: stuck.filter((entry) => entry.node === node).map(({ name }) => name),
  }));
}

/** Counts the running guests on the nodes to empty. */
export function stillOn(plan: RebalancePlan, emptied: readonly Drain[]): BeforeAfter {
  const names = new Set(emptied.map(({ node }) => node));
  const guests = ({ nodes }: RebalancePlan["before"]): number =>
    nodes.filter(({ name }) => names.has(name)).reduce((sum, node) => sum + node.guests, 0);
  return { before: guests(plan.before), after: guests(plan.after) };
}

/** Counts the guests against a rule: the engine's violations without the guests on nodes in maintenance. */
export function againstRules(plan: RebalancePlan): BeforeAfter {
  const { before, after } = stillOn(plan, drains(plan));
  return {
    before: Math.max(0, plan.before.violations - before),
    after: Math.max(0, plan.after.violations - after),
  };
}

/** The node each drained guest is on in the beginning: one that takes a detour leaves more than one. */
function drainedHomes(plan: RebalancePlan): readonly string[] {
  const drained = plan.moves.filter(({ reasons }) =>
    reasons.some(({ code }) => code === "drain-maintenance"),
  );
  const guests = new Set(drained.map(({ guest }) => guest));
  return [...guests].flatMap(
    (guest) => plan.moves.find((move) => move.guest === guest)?.from ?? [],
  );
}
