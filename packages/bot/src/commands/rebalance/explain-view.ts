import type { BlockedGuest, Move, MoveReason, RebalancePlan } from "@kappa4/sdk/balancing";
import { bytes, change, duration, percent } from "../../view/format.ts";
import type { Block, View } from "../../view/model.ts";
import { loadName } from "./words.ts";

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
      ...move.reasons.flatMap((reason) => [
        `\n· ${reason.message}; ${figures(move, reason)} `,
        { code: reason.rule === undefined ? reason.code : `${reason.code} ${reason.rule}` },
      ]),
    ],
  };
}

function figures(move: Move, { from, to }: MoveReason): string {
  const source = `${move.from} ${change(percent(from.before), percent(from.after))}`;
  return `${source}, ${move.to} ${change(percent(to.before), percent(to.after))}`;
}

function blockedBlock(entry: BlockedGuest): Block {
  return {
    kind: "text",
    tone: "warning",
    text: [
      { bold: entry.name },
      ` (${String(entry.guest)}) stays on ${entry.node}: ${entry.message} `,
      { code: `${entry.wanted}, ${entry.code}` },
    ],
  };
}
