import type { WorkDescription } from "../actions/define.ts";
import type { Move, RebalancePlan } from "../balancing/index.ts";

/** Says which guests a plan would move from where to where, which of them are protected, and which nodes that empties. */
export function describeMoves(plan: RebalancePlan): WorkDescription {
  const { cluster, moves, protectedGuests = [], emptiedNodes = [] } = plan;
  const ways = new Map<string, Move[]>();
  for (const move of moves) {
    const way = `${move.from} → ${move.to}`;
    ways.set(way, [...(ways.get(way) ?? []), move]);
  }
  const shielded = moves.filter(({ guest }) => protectedGuests.includes(guest));
  return {
    sentence: `Moves ${moves.length} ${moves.length === 1 ? "guest" : "guests"} of the cluster ${cluster}.`,
    facts: [
      ...[...ways].map(([name, those]) => ({ name, value: listed(those) })),
      ...(shielded.length === 0 ? [] : [{ name: "Protected", value: listed(shielded) }]),
      ...(emptiedNodes.length === 0 ? [] : [{ name: "Emptied", value: emptiedNodes.join(", ") }]),
    ],
  };
}

function listed(moves: readonly Move[]): string {
  return moves
    .map(({ guest, name, mode }) => `${name} (${guest})${mode === "restart" ? ", restarted" : ""}`)
    .join("; ");
}
