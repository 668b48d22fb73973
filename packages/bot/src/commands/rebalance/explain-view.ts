import type { BlockedGuest, Move, MoveReason, RebalancePlan } from "@kappa4/sdk/balancing";
import { bytes, change, duration, percent } from "../../view/format.ts";
import type { Block, View } from "../../view/model.ts";
import { ruleName } from "./rule-words.ts";
import { loadName, obstacleOf } from "./words.ts";

/** Options of {@link explainView}. */
export interface ExplainViewOptions {
  /** Short id people can say, for example `P-7F3K`. */
  readonly id?: string | undefined;
  /** Id or name of the one guest to explain. Default: all. */
  readonly guest?: string | undefined;
  /** Guests explained; the rest is counted. Default: all. */
  readonly most?: number | undefined;
}

/** Shows every reason behind a plan: per move the figures on both nodes, and for guests that stay what keeps them. */
export function explainView(plan: RebalancePlan, options: ExplainViewOptions = {}): View {
  const { guest } = options;
  const wanted = (entry: Move | BlockedGuest): boolean =>
    guest === undefined || String(entry.guest) === guest || entry.name === guest;
  const moves = plan.moves.filter(wanted);
  const blocked = plan.blocked.filter(wanted);
  const most = options.most ?? Number.POSITIVE_INFINITY;
  const total = moves.length + blocked.length;
  const title = `Why · plan${options.id === undefined ? "" : ` ${options.id}`} · cluster ${plan.cluster}`;
  return {
    blocks: [
      { kind: "title", text: title },
      { kind: "text", text: opening(plan, guest, total) },
      ...moves.slice(0, most).map(moveBlock),
      ...blocked.slice(0, Math.max(0, most - moves.length)).map(blockedBlock),
      ...(total > most
        ? [
            {
              kind: "note",
              text: `${most} of ${total} guests explained; name a guest to see the others.`,
            } as const,
          ]
        : []),
    ],
  };
}

function opening(plan: RebalancePlan, guest: string | undefined, found: number): string {
  if (guest !== undefined && found === 0) {
    return `The plan neither moves ${guest} nor needs to: it stays where it is. Check the name if you expected otherwise.`;
  }
  if (found === 0) return "The plan moves nothing, and no guest is held back.";
  return `Figures are ${loadName(plan)} of a node, right before and right after the move.`;
}

function moveBlock(move: Move): Block {
  const copied = move.diskBytes > 0 ? `, ${bytes(move.diskBytes)} of local disk` : "";
  const how = `${move.mode}, wave ${move.wave + 1}, ${bytes(move.memoryBytes)} of memory${copied}, about ${duration(move.seconds)}`;
  return {
    kind: "text",
    text: [
      { bold: move.name },
      ` (${String(move.guest)}) ${move.from} → ${move.to}: ${how}`,
      ...reasonLines(move),
      ...choiceLines(move),
    ],
  };
}

/** What the move is good for, and what else could have been done. */
export function choiceLines({ gain, alternative }: Move): readonly string[] {
  return [
    ...(gain === undefined ? [] : [`\n· gain: ${gain.message}`]),
    // Where staying is the only alternative, the gain says already why it was none.
    ...(alternative === undefined || alternative.code === "needed"
      ? []
      : [`\n· rejected: ${alternative.message}`]),
  ];
}

/** Each figure stands once, though all reasons of a move have the same ones and some name them already. */
function reasonLines(move: Move): readonly string[] {
  const told = new Set<string>();
  return move.reasons.map((reason) => {
    const added = figures(move, reason).filter((figure) => !told.has(figure));
    for (const figure of added) told.add(figure);
    const behind = added.length === 0 ? "" : `; ${added.join(", ")}`;
    const rule = reason.rule === undefined ? "" : `, ${ruleName(reason.rule)}`;
    return `\n· ${reason.message}${behind} (${reason.code}${rule})`;
  });
}

/** Figures that no message of the move has: engines write `relieves pve1 (91 → 78 % memory)`. */
function figures(move: Move, { from, to }: MoveReason): readonly string[] {
  const isTold = (node: string, load: MoveReason["from"]): boolean => {
    const figure = `${node} (${Math.round(load.before * 100)} → ${percent(load.after)}`;
    return move.reasons.some(({ message }) => message.includes(figure));
  };
  const loads = [
    [move.from, from],
    [move.to, to],
  ] as const;
  return loads
    .filter(([node, load]) => !isTold(node, load))
    .map(([node, load]) => `${node} ${change(percent(load.before), percent(load.after))}`);
}

function blockedBlock(entry: BlockedGuest): Block {
  return {
    kind: "text",
    tone: "warning",
    text: [
      { bold: entry.name },
      ` (${String(entry.guest)}) stays on ${entry.node}: ${obstacleOf(entry)} (${entry.wanted}, ${entry.code})`,
    ],
  };
}
