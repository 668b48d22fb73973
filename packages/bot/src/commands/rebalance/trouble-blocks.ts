import type { ApplyResult, MoveStatus } from "@kappa4/sdk";
import { names } from "../../view/format.ts";
import type { Block } from "../../view/model.ts";

const WORDS = { failed: "failed", unknown: "unknown", skipped: "not started" } as const;
const MOST_NAMES = 5;
const MOST_LOGS = 3;
const LOG_LINES = 8;

/** Lists what was not moved and why, the ends of logs, and where to look for guests that are out of sight. */
export function troubleBlocks(result: ApplyResult, most: number): readonly Block[] {
  const all = [...alone(result, "failed"), ...alone(result, "unknown"), ...skipped(result)];
  if (all.length === 0) return [];
  return [
    {
      kind: "table",
      caption: all.some(({ word }) => word === WORDS.unknown)
        ? "Not moved, or not known"
        : "Not moved",
      layout: "lines",
      columns: [
        { header: "Guest" },
        { header: "From → to" },
        { header: "State" },
        { header: "Why" },
      ],
      rows: all
        .slice(0, most)
        .map(({ statuses, word, why }) => [guests(statuses), way(statuses), word, why]),
      rowHeader: 0,
    },
    ...(all.length > most
      ? [{ kind: "note", text: `${most} of ${all.length} lines shown.` } as const]
      : []),
    ...logBlocks(result.moves),
    ...lookBlocks(result.moves),
  ];
}

/** Moves that share a state and its reason. */
interface Trouble {
  readonly statuses: readonly MoveStatus[];
  readonly word: (typeof WORDS)[keyof typeof WORDS];
  readonly why: string;
}

function alone({ moves }: ApplyResult, state: "failed" | "unknown"): readonly Trouble[] {
  return moves
    .filter((status) => status.state === state)
    .map((status) => ({ statuses: [status], word: WORDS[state], why: whyOf(status) }));
}

/** What one reason keeps from starting is one line; what the headline says of the whole plan is none. */
function skipped({ moves, error, outcome }: ApplyResult): readonly Trouble[] {
  const ofAll = outcome === "cancelled" ? error?.message : undefined;
  const whyNot = (status: MoveStatus): string => whyOf(status, ofAll);
  const waiting = moves.filter(({ state }) => state === "skipped");
  const isSaid = waiting.every((status) => status.error?.message === error?.message);
  if (error !== undefined && isSaid) return [];
  return [...new Set(waiting.map(whyNot))].map((why) => ({
    statuses: waiting.filter((status) => whyNot(status) === why),
    word: WORDS.skipped,
    why,
  }));
}

function whyOf({ error }: MoveStatus, otherwise = ""): string {
  return error === undefined ? otherwise : `${error.message} (${error.code})`;
}

function guests(statuses: readonly MoveStatus[]): string {
  return names(
    statuses.map(({ move }) => move.name),
    MOST_NAMES,
  );
}

function way(statuses: readonly MoveStatus[]): string {
  const [first, ...others] = statuses;
  if (first === undefined || others.length > 0) return "";
  return `${first.move.from} → ${first.move.to}`;
}

/** Shows the ends of the first logs, so that nobody has to look for them first. */
function logBlocks(moves: readonly MoveStatus[]): readonly Block[] {
  return moves
    .flatMap(({ move, error }) => (error?.log === undefined ? [] : [{ move, log: error.log }]))
    .slice(0, MOST_LOGS)
    .flatMap(({ move, log }): readonly Block[] => [
      { kind: "text", text: `The log of ${move.name} (${move.guest}) ends with:` },
      { kind: "code", text: log.slice(-LOG_LINES).join("\n") },
    ]);
}

/** Names the places where a guest out of sight can be, which is all that anybody can do about it. */
function lookBlocks(moves: readonly MoveStatus[]): readonly Block[] {
  const places = moves
    .filter(({ state }) => state === "unknown")
    .map(({ move }) => `${move.name} (${move.guest}) on ${move.from} and ${move.to}`);
  if (places.length === 0) return [];
  const named = names(places, 5);
  return [{ kind: "text", tone: "warning", text: `Look for ${named}, then plan again.` }];
}
