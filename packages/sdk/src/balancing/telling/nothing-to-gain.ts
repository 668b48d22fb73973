import type { GuestExplanation, NodeChoice } from "../explanation.ts";
import type { Model } from "../model/model.ts";
import type { RebalancePlan } from "../plan.ts";
import { SpreadPeek } from "../search/spread-peek.ts";
import { readTargets } from "../search/targets.ts";
import { nameOf, percent, points } from "./words.ts";

/** A guest that could move, and the nodes as a plan leaves them. */
export interface StayingGuest {
  readonly model: Model;
  readonly plan: RebalancePlan;
  readonly at: Int32Array;
  readonly g: number;
  /** The other nodes, the best first. */
  readonly alternatives: readonly NodeChoice[];
}

/** Says why nothing is gained by moving a guest that no rule wants to move. */
export function nothingToGain(staying: StayingGuest): Pick<GuestExplanation, "code" | "message"> {
  const { model, at, g, alternatives } = staying;
  const node = at[g] ?? -1;
  const start = `${model.guests[g]?.name} stays: with the plan ${model.nodes[node]?.name} is at`;
  const { wanted } = readTargets(model);
  const best = alternatives.find(({ fits }) => fits);
  const [nearest] = alternatives;
  const peeks = [...wanted].map(([resource, width]) => ({
    peek: new SpreadPeek(model, resource, at),
    width,
  }));
  const over = peeks.find(
    ({ peek, width }) => (peek.loads[node] ?? 0) > lowest(peek) + width + 1e-9,
  );
  if (over === undefined) {
    const elsewhere =
      best === undefined
        ? ", and no other node could take it"
        : `; ${best.node}, the best other node, would be at ${percent(best.load ?? 0)} with it`;
    const message = `${start} ${withinTarget(staying, peeks.length > 0)}${elsewhere}.`;
    return { code: "nothing-to-gain", message };
  }
  const { peek, width } = over;
  const load = peek.loads[node] ?? 0;
  const above = points(100 * (load - lowest(peek) - width));
  const what = nameOf(peek.resource, model.settings.method, model.settings.mode);
  const here = `${start} ${percent(load)} ${what}, ${above} points above the target's window`;
  if (best === undefined) {
    const why = nearest === undefined ? "there is none" : nearest.message;
    const message = `${here}, and no other node can take it: ${why}.`;
    return { code: nearest?.code ?? "no-target", message };
  }
  return { code: "nothing-to-gain", message: `${here}; ${whyNotThere(staying, over, best)}.` };
}

function withinTarget({ model, plan, at, g }: StayingGuest, levels: boolean): string {
  const { level } = model.resources;
  const what = nameOf(level, model.settings.method, model.settings.mode);
  const load = new SpreadPeek(model, level, at).loads[at[g] ?? -1] ?? 0;
  const here = `${percent(load)} ${what}`;
  if (!levels) {
    const why =
      model.settings.goal === "rules" ? "only rules are repaired" : "nothing is to be levelled";
    return `${here}, and ${why}`;
  }
  const spread = `${points(plan.after.spread)} of ${points(plan.balanciness)} allowed points`;
  return plan.after.spread > plan.balanciness
    ? `${here}, not above the target's window, which other nodes miss (${spread})`
    : `${here}, and nothing has to move: the nodes are ${points(plan.after.spread)} points apart, where ${points(plan.balanciness)} are allowed`;
}

function whyNotThere(
  { model, plan, at, g }: StayingGuest,
  { peek, width }: { readonly peek: SpreadPeek; readonly width: number },
  best: NodeChoice,
): string {
  const to = model.nodeIndex.get(best.node) ?? -1;
  const amount = peek.resource.weight[g] ?? 0;
  const then = peek.loadWith(to, amount);
  const usedUp = plan.conflicts.find(({ code }) => code === "allowance-used");
  if (then > lowest(peek) + width + 1e-9) {
    return `${best.node} would be at ${percent(then)} with it, above the window too`;
  }
  if (usedUp !== undefined) return `${best.node} could take it, but no more moves are allowed`;
  const spread = peek.spread({ from: at[g] ?? -1, to, amount });
  return spread < peek.now - 1e-9
    ? `${best.node} could take it, and the plan found no safe way that brings more`
    : `on ${best.node} (${percent(then)}) it would bring the nodes no closer`;
}

function lowest(peek: SpreadPeek): number {
  return peek.ends({ from: -1, to: -1, amount: 0 }).lowest;
}
