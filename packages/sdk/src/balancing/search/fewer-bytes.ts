import { handOver } from "./hand-over.ts";
import { leastBytes, leastMoves } from "./least-needs.ts";
import { type MemoryNodes, readMemoryNodes } from "./memory-nodes.ts";
import { Placement } from "./placement.ts";
import type { Problem } from "./problem.ts";
import { fitWindows, setWindows } from "./windows.ts";

/**
 * Bytes over the fewest that any plan moves: up to here nobody looks for fewer. A line that is paid for by the byte, or
 * that guests' own traffic shares, does not feel three per cent.
 */
const BYTES = 1.03;
/**
 * Seconds over the least that any plan takes: so many may be given for the bytes. Guests run while they move, and a tenth
 * of the minutes that a plan takes anyway is felt by nobody; what is dearer is left.
 */
const SECONDS = 1.2;
/** Windows that are tried: the cheapest of those that promise both are much alike. */
const TRIED = 8;

/**
 * Finds a placement that moves hardly more bytes than any plan has to, in little more than the least seconds, where the
 * one known moves more. A price of bytes finds none: from the plan of fewest seconds to that of fewest bytes all cost
 * nearly the same, and the search goes to one of the ends. So the window is fixed here, and is as low as the number of
 * moves allows: each of them brings one more of the fullest nodes into it, and what has to come to the nodes below
 * falls with it. Undefined where rules are broken, wishes are open or other things are levelled too, and where no such
 * placement was found.
 */
export function fewerBytes(known: Placement): Placement | undefined {
  const { problem } = known;
  const memory = readMemoryNodes(problem);
  if (memory === undefined) return undefined;
  const most = BYTES * leastBytes(memory);
  if (bytesMoved(known, memory) <= most) return undefined;
  const asItIs = new Placement(problem);
  if (asItIs.broken > 0 || asItIs.cost > 0) return undefined;
  const longest = SECONDS * secondsOf(problem, leastMoves(memory), leastBytes(memory));
  for (const edge of listEdges(problem, memory, most, longest).slice(0, TRIED)) {
    const placement = new Placement(problem);
    setWindows(
      placement,
      problem.width.map((width) => (width < 0 ? -1 : edge)),
    );
    const isDone = handOver(placement, memory);
    if (!isDone || placement.cost > longest || bytesMoved(placement, memory) > most) continue;
    fitWindows(placement);
    return placement;
  }
  return undefined;
}

/** Lower edges at which one more node is inside, if both bars can be kept there: the least seconds first. */
function listEdges(
  problem: Problem,
  { nodes, width }: MemoryNodes,
  most: number,
  longest: number,
): readonly number[] {
  return nodes
    .map((node) => {
      const edge = node.load / node.capacity - width;
      let [above, excess, deficit] = [0, 0, 0];
      for (const { capacity, load } of nodes) {
        // A byte of tolerance: the node itself is inside.
        const over = load - (edge + width) * capacity - 1;
        if (over > 0) above++;
        excess += Math.max(0, over);
        deficit += Math.max(0, edge * capacity - load);
      }
      return { edge, excess, deficit, seconds: secondsOf(problem, above, deficit) };
    })
    .filter(({ deficit, excess }) => excess <= deficit && deficit <= most && excess > 0)
    .filter(({ seconds }) => seconds <= longest)
    .sort((a, b) => a.seconds - b.seconds || a.edge - b.edge)
    .map(({ edge }) => edge);
}

function secondsOf({ model }: Problem, moves: number, bytes: number): number {
  const { migrationBytesPerSecond, migrationOverheadSeconds } = model.settings;
  return migrationOverheadSeconds * moves + bytes / migrationBytesPerSecond;
}

function bytesMoved({ moved }: Placement, { bytes }: MemoryNodes): number {
  return moved.members().reduce((sum, u) => sum + bytes(u), 0);
}
