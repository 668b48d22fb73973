import type { GuestId } from "@kappa4/connectors";
import type { GuestExplanation } from "./explanation.ts";
import { type Housing, openHousing } from "./failover/applicant.ts";
import { rankNodes } from "./failover/rank-nodes.ts";
import { barFromLevelling, type Model } from "./model/model.ts";
import type { RebalancePlan } from "./plan.ts";
import { secondsOf } from "./search/costs.ts";
import { pinned } from "./telling/hindrance.ts";
import { nothingToGain, type StayingGuest } from "./telling/nothing-to-gain.ts";

/** Says why a plan moves a guest or leaves it, with the figures, and how the other nodes would suit it. */
export function explain(
  { model, kin, options }: Pick<Housing, "model" | "kin" | "options">,
  plan: RebalancePlan,
  guest: GuestId,
): GuestExplanation {
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
  const seconds = Math.round(secondsOf(model, g) * 1000) / 1000;
  const at = endOf(model, plan);
  const end = model.nodes[at[g] ?? -1]?.name;
  const isUnknown = model.fixed[g]?.code === "status-unknown";
  const choices = isUnknown ? [] : rankNodes(openHousing(model, kin, options, at), guest);
  const alternatives = choices.filter(({ node }) => node !== end);
  const place = choices.find(({ node }) => node === end);
  const nodes = { ...(place === undefined ? {} : { place }), alternatives };
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
      seconds,
      code: reason.code,
      message,
      ...rule,
      ...nodes,
    };
  }
  return {
    ...common,
    decision: "stays",
    moves,
    seconds,
    ...whyItStays({ model, plan, at, g, alternatives }),
    ...nodes,
  };
}

function whyItStays(staying: StayingGuest): Pick<GuestExplanation, "code" | "message" | "rule"> {
  const { model, plan, g } = staying;
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
  if (hasOnePlace(staying)) {
    const { code, message, rule } = pinned(model, g);
    const why = { code, message: `${name} stays: ${message}.` };
    return rule === undefined ? why : { ...why, rule };
  }
  if (guest?.status === "stopped") {
    return {
      code: "nothing-to-gain",
      message: `${name} stays: it is stopped and carries no load.`,
    };
  }
  return nothingToGain(staying);
}

/** Whether its pins leave it no other node, so that whatever could be gained there does not matter. */
function hasOnePlace({ model, at, g }: StayingGuest): boolean {
  const allowed = model.pins.get(g)?.allowed;
  return (
    allowed !== undefined &&
    model.nodes.every((_node, n) => n === at[g] || allowed[n] === 0 || model.active[n] !== 1)
  );
}

/** By guest: its node when the plan is done. */
function endOf(model: Model, plan: RebalancePlan): Int32Array {
  const at = model.home.slice();
  for (const { guest, to } of plan.moves) {
    const g = model.guestIndex.get(guest) ?? -1;
    if (g >= 0) at[g] = model.nodeIndex.get(to) ?? -1;
  }
  return at;
}
