import type { Dice } from "../../balancing/dice.ts";
import type { Inhabitant, Town } from "../town.ts";
import { isLate, isOver, type KnownPlan, lateFrom } from "./known-plan.ts";
import { type LivingCluster, NODES } from "./living-cluster.ts";
import type { Observer } from "./observer.ts";

/** Somebody moves or renames a guest in the cluster itself, or marks a node there as one that is to be empty. */
export function workByHand(
  dice: Dice,
  clusters: readonly LivingCluster[],
  observer: Pick<Observer, "plans" | "touch">,
): void {
  const cluster = dice.pick(clusters);
  if (dice.chance(0.05)) {
    const node = dice.pick(NODES);
    cluster.mark(node, !cluster.isMarked(node) && dice.chance(0.6));
    if (cluster.isMarked(node)) {
      observer.touch(({ from, to }) => to === node || from === node, cluster);
    }
  }
  const moving = observer.plans.filter((plan) => !isOver(plan) && plan.moves.length > 0);
  if (moving.length === 0 || !dice.chance(0.07)) return;
  const asked = moving.filter((plan) => plan.asked !== undefined);
  const { cluster: where, moves } = dice.pick(asked.length > 0 ? asked : moving);
  const { guest } = dice.pick(moves);
  const change = dice.pick([{ node: dice.pick(NODES) }, { name: `other-${guest}` }]);
  where?.change(guest, change);
  if (where !== undefined) observer.touch((move) => move.guest === guest, where);
}

/** Somebody whose run waits loses the right to it for a moment; what is returned gives it back. */
export function takeRole(
  dice: Dice,
  people: readonly Inhabitant[],
  plans: readonly KnownPlan[],
): () => void {
  const waiting = plans.filter(({ state }) => state === "approved");
  if (waiting.length === 0 || !dice.chance(0.15)) return () => {};
  const { requester } = dice.pick(waiting);
  const one = people.find(({ name }) => name === requester);
  if (one === undefined || !one.active) return () => {};
  const { role } = one;
  if (dice.chance(0.5)) {
    one.active = false;
    return () => {
      one.active = true;
    };
  }
  one.role = "viewer";
  return () => {
    one.role = role;
  };
}

/** Nobody does anything until the time of something is over that somebody could ask for, or decide on. */
export function runOut(dice: Dice, town: Town, plans: readonly KnownPlan[]): void {
  const waiting = plans.filter(({ state }) => state === "pending" || state === "draft");
  const inTime = waiting.filter((plan) => !isLate(plan, town));
  if (inTime.length === 0 || !dice.chance(0.025)) return;
  const asked = inTime.filter((plan) => plan.asked !== undefined);
  const plan = dice.pick(asked.length > 0 && dice.chance(0.75) ? asked : inTime);
  town.now = lateFrom(plan) + dice.whole(0, 20_000);
}
