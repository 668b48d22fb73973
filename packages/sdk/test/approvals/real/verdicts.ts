import type { Inhabitant } from "../town.ts";
import { rank } from "../watchman-page.ts";
import { isOver, type KnownPlan } from "./known-plan.ts";
import { BARE_NODE, type MoveSeen } from "./living-cluster.ts";

/** Says what is odd about a plan that is said to be in a state: what no book of approvals tells. */
export function oddityOf(plan: KnownPlan, state: string, isBarred: boolean): string | undefined {
  const { id, isTouched, moves, cluster, replaced } = plan;
  // What is about Kappa4 itself knows of no cluster, and whoever leaves the bare node may by now leave it empty.
  const isSure = cluster !== undefined && moves.every(({ from }) => from !== BARE_NODE);
  if (state === "stale" && !isTouched && !isBarred && isSure)
    return `${id} is stale, and nobody touched it`;
  if (state === "superseded" && replaced === undefined) {
    return `${id} is superseded, and nothing has taken its place`;
  }
  const isThere = moves.every(({ guest, to }) => cluster?.guest(guest)?.node === to);
  if (state === "succeeded" && !isTouched && !isThere) return `${id} succeeded, and has not moved`;
  return undefined;
}

/** Tells whether a plan that has not begun may not begin: frozen, or not any more for who asked. */
export function barsFrom(
  plan: KnownPlan,
  asker: Inhabitant | undefined,
  isFrozen: boolean,
): boolean {
  if (plan.began !== undefined) return false;
  if (isFrozen && plan.action !== "service.start") return true;
  return asker !== undefined && (!asker.active || rank(asker) < plan.needs);
}

/** Says what is wrong with the effect itself: what a cluster was asked for. */
export function wrongWith(seen: MoveSeen, plan: KnownPlan | undefined): string | undefined {
  const planned = plan?.moves.find(({ guest }) => guest === seen.guest);
  if (plan === undefined || planned === undefined) return `${seen.guest} moved by no plan`;
  const name = `${plan.id} moved ${seen.guest}`;
  if (plan.began === undefined || seen.at < plan.began) return `${name} before it began`;
  if (plan.stopped !== undefined && seen.at > plan.stopped) return `${name} after it was stopped`;
  if (plan.ended !== undefined && seen.at > plan.ended) return `${name} after its end`;
  if (seen.to !== planned.to) return `${name} to ${seen.to}, not to ${planned.to}`;
  if (seen.from !== planned.from) return `${name} from ${seen.from}, not from ${planned.from}`;
  if (seen.name !== `vm-${seen.guest}`) return `${name}, which is ${seen.name} now`;
  const isFirst = plan.moved === undefined;
  plan.moved = seen.at;
  const isHeld = plan.broken === undefined && plan.shown < 3;
  if (isFirst && isHeld && seen.isSourceMarked) return `${name} off a node that is to be empty`;
  return seen.isTargetMarked ? `${name} onto a node that is to be empty` : undefined;
}

/**
 * Writes down that people have approved a plan, or that it has started: older ones that wait are over. Of which class
 * they are may be open; then both is right.
 */
export function takePlace(newer: KnownPlan, plans: readonly KnownPlan[]): void {
  for (const older of plans.slice(0, plans.indexOf(newer))) {
    const { cluster, asked, began, range, replaced } = older;
    if (cluster === undefined || cluster !== newer.cluster || isOver(older)) continue;
    if (asked === undefined || began !== undefined || replaced?.isSure) continue;
    if (range.least > newer.range.most) continue;
    older.replaced = { by: newer.id, isSure: range.most <= newer.range.least };
  }
}
