import { Placement } from "../search/placement.ts";
import type { Problem } from "../search/problem.ts";
import { cheapestEnds } from "../search/try-all.ts";
import { fitWindows } from "../search/windows.ts";
import { cheapestWay } from "./every-way.ts";
import { inTurn, schedule } from "./order.ts";
import { reachesGoals, type Settlement, settled, totalSeconds, transfersOf } from "./settlement.ts";
import type { Transfer } from "./traffic.ts";

/** How many of the cheapest ends are tried with the usual order, and are known to the search for a way. */
const TRIED = 48;
const KNOWN = 128;
/** Two costs closer than this are the same: a thousandth of a second. */
const SAME = 1e-3;

/**
 * In a very small cluster: finds the cheapest way to any end in which everything holds, if it costs less than what is
 * known. The cheapest ends are tried first, with the usual order of transfers; where that leaves something to be gained,
 * whole sequences of moves are.
 */
export function settleExactly(
  problem: Problem,
  offline: readonly Transfer[],
  known: number,
): Settlement | undefined {
  const { known: ends } = cheapestEnds(problem, known - SAME, TRIED);
  const [cheapest] = ends;
  if (cheapest === undefined) return undefined;
  let best: Settlement | undefined;
  let least = known - SAME;
  for (const placement of ends) {
    if (placement.cost >= least) break;
    const { waves, dropped } = schedule(placement, [...transfersOf(placement), ...offline]);
    if (dropped.length > 0) continue;
    const found = settled(placement, waves, new Set());
    if (totalSeconds(found) >= least) continue;
    least = totalSeconds(found);
    best = found;
  }
  const offlineSeconds = offline.reduce(
    (sum, { guest }) => sum + (problem.guestSeconds[guest] ?? 0),
    0,
  );
  if (least <= cheapest.cost + offlineSeconds + SAME) return best;
  return settleByWay(problem, offline, least - SAME) ?? best;
}

function settleByWay(
  problem: Problem,
  offline: readonly Transfer[],
  most: number,
): Settlement | undefined {
  const transfers = cheapestWay(problem, offline, cheapestEnds(problem, most, KNOWN), most);
  if (transfers === undefined) return undefined;
  const placement = new Placement({ ...problem, mobile: problem.mobile.slice() });
  for (const { guest, to } of transfers) {
    const u = problem.units.of[guest] ?? -1;
    if (u >= 0) placement.move(u, to);
  }
  fitWindows(placement);
  const { waves, dropped } = inTurn(placement, withPurpose(placement, transfers));
  return dropped.length > 0 ? undefined : settled(placement, waves, new Set());
}

/** Says of transfers that do not bring a guest to where the end needs it for whom they make room. */
function withPurpose(placement: Placement, transfers: readonly Transfer[]): readonly Transfer[] {
  const { units } = placement.problem;
  return transfers.map((transfer, turn) => {
    const { guest } = transfer;
    const own = transfers.filter((other) => other.guest === guest);
    const u = units.of[guest] ?? -1;
    if (u < 0 || (own.at(-1) === transfer && isNeeded(placement, u))) return transfer;
    const first = own[0] ?? transfer;
    const roomFor = nextTo(transfers, turn, transfer) ?? nextTo(transfers, 0, first);
    return { ...transfer, roomFor };
  });
}

/** The guest that comes next to where a transfer leaves. */
function nextTo(transfers: readonly Transfer[], turn: number, { guest, from }: Transfer) {
  return transfers.slice(turn).find((other) => other.to === from && other.guest !== guest)?.guest;
}

/** Whether something would be missed at the end if a unit were where it was. */
function isNeeded(placement: Placement, u: number): boolean {
  const { homeOf } = placement.problem;
  const [end, home] = [placement.at[u] ?? -1, homeOf[u] ?? -1];
  if (end === home) return false;
  if (home < 0 || placement.costAt(u, home) > placement.costAt(u, end)) return true;
  placement.move(u, home);
  fitWindows(placement);
  const isMissed = !reachesGoals(placement);
  placement.move(u, end);
  fitWindows(placement);
  return isMissed;
}
