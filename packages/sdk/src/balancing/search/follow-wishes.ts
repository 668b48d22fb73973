import type { Step } from "./level.ts";
import type { Placement } from "./placement.ts";
import { fitWindows } from "./windows.ts";

/** Passes over all units with a wish; each finds less than the one before. */
const PASSES = 3;
/** Less than this is nothing but rounding, in seconds. */
const LEAST = 1e-6;

interface Candidate extends Step {
  readonly rate: number;
}

/**
 * Takes the moves that follow a wish and are worth it, one by one: those first that gain most per second of
 * migration, or per move. Returns them in their order.
 */
export function followWishes(placement: Placement, gainPer: "second" | "move"): readonly Step[] {
  const taken: Step[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    fitWindows(placement);
    const candidates = wishful(placement).flatMap((u) => bestStep(placement, u, gainPer) ?? []);
    candidates.sort((a, b) => b.rate - a.rate || a.u - b.u);
    const before = taken.length;
    for (const { u } of candidates) {
      // What was taken before may have filled the node, or parted the guests.
      const step = bestStep(placement, u, gainPer);
      if (step === undefined) continue;
      placement.move(step.u, step.to);
      taken.push({ u, to: step.to });
    }
    if (taken.length === before) break;
  }
  return taken;
}

/** Units with a wish that is not followed where they are, and those that would rather be apart. */
function wishful({ at, problem }: Placement): readonly number[] {
  const { groups, groupsOf, mobile, units } = problem;
  return [...units.all.keys()].filter((u) => {
    if (mobile[u] !== 1) return false;
    const isUnwished = (units.all[u]?.unwished?.[at[u] ?? -1] ?? 0) > 0;
    return isUnwished || [...(groupsOf[u] ?? [])].some((group) => !groups[group]?.rule.hard);
  });
}

function bestStep(
  placement: Placement,
  u: number,
  gainPer: "second" | "move",
): Candidate | undefined {
  const { model, seconds } = placement.problem;
  let to = -1;
  let least = -LEAST;
  for (let n = 0; n < model.nodes.length; n++) {
    if (!placement.allows(u, n)) continue;
    const delta = placement.deltaOf(u, n, least);
    if (delta >= least) continue;
    least = delta;
    to = n;
  }
  const per = gainPer === "second" ? Math.max(0.1, seconds[u] ?? 0) : 1;
  return to < 0 ? undefined : { u, to, rate: -least / per };
}
