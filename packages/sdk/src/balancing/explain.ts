import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import { pickBestNode } from "./best-node.ts";
import { barFromLevelling, buildModel, type Model } from "./model.ts";
import type { RebalanceOptions } from "./options.ts";
import type { GuestExplanation, NodeChoice, RebalancePlan } from "./plan.ts";
import { relocate } from "./relocate.ts";
import { levelled, percent, points } from "./words.ts";

/**
 * Explains what a plan does with a guest: why it moves, what keeps it from moving, or that nothing would be
 * gained by moving it, with the figures. `options` are those that the plan was made with.
 *
 * @example
 * const { message } = explainGuest(snapshot, plan, 100);
 */
export function explainGuest(
  snapshot: ClusterSnapshot,
  plan: RebalancePlan,
  guest: GuestId,
  options: RebalanceOptions = {},
): GuestExplanation {
  const model = buildModel(snapshot, options);
  const g = model.guestIndex.get(guest) ?? -1;
  const known = model.guests[g];
  const common = { guest, name: known?.name ?? String(guest), node: known?.node ?? "" };
  if (known === undefined) {
    const message = `There is no guest ${guest} in ${model.cluster}; look its id up and ask again.`;
    return {
      ...common,
      decision: "stays",
      moves: [],
      code: "no-target",
      message,
      alternatives: [],
    };
  }
  const isUnknown = model.fixed[g]?.code === "status-unknown";
  const alternatives = isUnknown ? [] : alternativesOf(snapshot, plan, guest, options);
  const moves = plan.moves.filter((move) => move.guest === guest);
  const [first] = moves;
  const [reason] = first?.reasons ?? [];
  if (first !== undefined && reason !== undefined) {
    const message = `${common.name} goes from ${first.from} to ${moves.at(-1)?.to ?? first.to}: it ${reason.message}.`;
    const rule = reason.rule === undefined ? {} : { rule: reason.rule };
    return {
      ...common,
      decision: "moves",
      moves,
      code: reason.code,
      message,
      ...rule,
      alternatives,
    };
  }
  return {
    ...common,
    decision: "stays",
    moves,
    ...whyItStays(model, plan, g, alternatives),
    alternatives,
  };
}

function whyItStays(
  model: Model,
  plan: RebalancePlan,
  g: number,
  alternatives: readonly NodeChoice[],
): Pick<GuestExplanation, "code" | "message" | "rule"> {
  const guest = model.guests[g];
  const name = guest?.name ?? "";
  const blocked = plan.blocked.find((entry) => entry.guest === guest?.id);
  if (blocked !== undefined) {
    const { code, message, rule } = blocked;
    return rule === undefined ? { code, message } : { code, message, rule };
  }
  const bar =
    model.fixed[g] ?? (guest?.status === "running" ? barFromLevelling(model, g) : undefined);
  if (bar !== undefined) return { code: bar.code, message: `${name} stays: ${bar.message}.` };
  if (guest?.status === "stopped") {
    return {
      code: "nothing-to-gain",
      message: `${name} stays: it is stopped and carries no load.`,
    };
  }
  return {
    code: "nothing-to-gain",
    message: gain(model, plan, name, guest?.node ?? "", alternatives),
  };
}

function gain(
  model: Model,
  plan: RebalancePlan,
  name: string,
  node: string,
  alternatives: readonly NodeChoice[],
): string {
  const resource = levelled(model);
  const load = plan.after.nodes.find((entry) => entry.name === node)?.load ?? 0;
  const spread = `${points(plan.after.spread)} of ${points(plan.balanciness)} allowed points`;
  const here = `${name} stays: with the plan ${node} is at ${percent(load)} ${resource}, within the target (${spread})`;
  const best = alternatives.find(({ fits }) => fits);
  if (best === undefined) return `${here}, and no other node could take it.`;
  return `${here}; on ${best.node} it would make ${percent(best.load ?? 0)}.`;
}

/** The other nodes as the plan leaves them. */
function alternativesOf(
  snapshot: ClusterSnapshot,
  plan: RebalancePlan,
  guest: GuestId,
  options: RebalanceOptions,
): readonly NodeChoice[] {
  const end = new Map(plan.moves.map((move) => [move.guest, move.to]));
  const final = relocate(snapshot, end);
  const home = end.get(guest) ?? snapshot.guests.find(({ id }) => id === guest)?.node;
  return pickBestNode(final, guest, options).filter(({ node }) => node !== home);
}
