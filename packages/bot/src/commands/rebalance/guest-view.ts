import type { GuestExplanation } from "@kappa4/sdk/balancing";
import { duration } from "../../view/format.ts";
import type { Block, View } from "../../view/model.ts";
import { choiceLines } from "./explain-view.ts";
import { loadText } from "./words.ts";

/** Options of {@link guestView}. */
export interface GuestViewOptions {
  /** Other nodes listed; the rest is counted. Default: all. */
  readonly most?: number | undefined;
}

/** Shows what a plan made now would do with one guest, why, and how the other nodes would suit it. */
export function guestView(explanation: GuestExplanation, options: GuestViewOptions = {}): View {
  const { guest, name, node, decision, code, message, rule, moves } = explanation;
  const { place, alternatives, seconds } = explanation;
  const most = options.most ?? Number.POSITIVE_INFINITY;
  const way = moves.map(({ to }) => ` → ${to}`).join("");
  const isMoving = decision === "moves";
  const verdict = isMoving ? `moves ${node}${way}` : `stays on ${node}`;
  const labelOf = (other: string): string => (other === node ? `${other} (now)` : other);
  const others: Block = {
    kind: "table",
    caption: place === undefined ? "Other nodes, the best first" : "Nodes for it, the best first",
    layout: "lines",
    columns: [
      { header: "Node" },
      { header: "Load after the plan", align: "right" },
      { header: "Fits" },
      { header: "Why" },
    ],
    rows: [
      ...(place === undefined
        ? []
        : [[labelOf(place.node), loadText(place), isMoving ? "chosen" : "stays", ""]]),
      ...alternatives
        .slice(0, most)
        .map((choice) => [
          labelOf(choice.node),
          loadText(choice),
          choice.fits ? "fits" : "does not fit",
          choice.message,
        ]),
    ],
    rowHeader: 0,
  };
  return {
    blocks: [
      { kind: "title", text: `${name} (${String(guest)}) ${verdict}` },
      { kind: "text", text: /[.!?]$/.test(message) ? message : `${message}.` },
      ...choices(moves),
      {
        kind: "note",
        text: [
          "Reason: ",
          { code },
          rule === undefined ? "" : ` by rule ${rule}`,
          isMoving || seconds === undefined ? "" : ` · a move would take ${duration(seconds)}`,
        ],
      },
      ...(alternatives.length > 0 ? [others] : []),
      ...(alternatives.length > most
        ? [{ kind: "note", text: `${most} of ${alternatives.length} nodes shown.` } as const]
        : []),
    ],
  };
}

/** What the last of its moves is good for, and what else could have been done. */
function choices(moves: GuestExplanation["moves"]): readonly Block[] {
  const last = moves.at(-1);
  const lines = last === undefined ? [] : choiceLines(last);
  return lines.length === 0 ? [] : [{ kind: "text", text: lines.join("").trimStart() }];
}
