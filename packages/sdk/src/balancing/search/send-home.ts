import type { Placement } from "./placement.ts";
import { fitWindows } from "./windows.ts";

/**
 * Leaves out every move that is not needed: a moved unit goes home again where all targets stay reached and no
 * rule breaks, the dearest first. A walk leaves few of them, a short one some.
 */
export function sendHome(placement: Placement): void {
  const { loads, moved } = placement;
  if (loads.gapSeconds() > 0) return;
  const gains = [...moved.members()].map((u) => ({ u, gain: gainOf(placement, u) }));
  gains.sort((a, b) => b.gain - a.gain || a.u - b.u);
  for (const { u, gain } of gains) {
    if (gain <= 0 || !mayReturn(placement, u)) continue;
    const away = placement.at[u] ?? -1;
    placement.move(u, placement.problem.homeOf[u] ?? -1);
    fitWindows(placement);
    if (loads.gapSeconds() === 0) continue;
    placement.move(u, away);
    fitWindows(placement);
  }
}

/** Seconds that are saved, less what wishes that are followed by the move are worth. */
function gainOf(placement: Placement, u: number): number {
  const home = placement.problem.homeOf[u] ?? -1;
  return placement.costAt(u, placement.at[u] ?? -1) - placement.costAt(u, home);
}

function mayReturn(placement: Placement, u: number): boolean {
  const { at, crowds, problem } = placement;
  const home = problem.homeOf[u] ?? -1;
  if (home < 0 || problem.mobile[u] !== 1 || !placement.allows(u, home)) return false;
  return crowds.delta(u, at[u] ?? -1, home, -1) <= 0;
}
