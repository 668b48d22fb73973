import type { Block, View } from "@kappa4/bot";
import type { GuestExplanation, NodeChoice } from "@kappa4/sdk/balancing";

/** Shows what a plan does with one guest, why, and how the other nodes would suit it. */
export function guestView(explanation: GuestExplanation): View {
  const { guest, name, node, decision, code, message, rule, moves, alternatives } = explanation;
  const way = moves.map(({ to }) => ` → ${to}`).join("");
  const verdict = decision === "moves" ? `moves ${node}${way}` : `stays on ${node}`;
  const blocks: Block[] = [
    { kind: "title", text: `${name} (${guest}) ${verdict}` },
    { kind: "text", text: /[.!?]$/.test(message) ? message : `${message}.` },
    { kind: "note", text: [{ code }, rule === undefined ? "" : ` by rule ${rule}`] },
  ];
  if (alternatives.length > 0) blocks.push(alternativesTable(alternatives));
  return { blocks };
}

function alternativesTable(alternatives: readonly NodeChoice[]): Block {
  return {
    kind: "table",
    caption: "Other nodes, the best first",
    layout: "lines",
    columns: [{ header: "Node" }, { header: "Load with it", align: "right" }, { header: "Why" }],
    rows: alternatives.map(({ node, load, fits, message }) => [
      node,
      `${Math.round(load * 100)} %`,
      fits ? message : `does not fit: ${message}`,
    ]),
    rowHeader: 0,
  };
}
