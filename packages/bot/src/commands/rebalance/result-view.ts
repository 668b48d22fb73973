import type { ApplyResult, MoveStatus } from "@kappa4/sdk";
import { change, count, duration, points } from "../../view/format.ts";
import type { Action, Block, FactsBlock, TableBlock, Tone, View } from "../../view/model.ts";
import { balanceChart, balanceTable } from "./balance-blocks.ts";
import { runTitle } from "./progress-view.ts";
import { reachBlocks, reachSentences } from "./reach-blocks.ts";
import { busiestChange, loadName, tally } from "./words.ts";

/** Options of {@link applyResultView}. */
export interface ApplyResultViewOptions {
  /** Short ids people can say. */
  readonly run?: string | undefined;
  readonly plan?: string | undefined;
  readonly actions?: readonly Action[] | undefined;
  /** Moves with trouble listed; the rest is counted. Default: all. */
  readonly most?: number | undefined;
}

const MOST_LOGS = 3;
const LOG_LINES = 8;

const TONES: Readonly<Record<ApplyResult["outcome"], Tone>> = {
  succeeded: "good",
  cancelled: "warning",
  stale: "warning",
  refused: "bad",
  failed: "bad",
};

/** Shows how a run ended: what moved, what did not and why, and the balance as measured before and after. */
export function applyResultView(result: ApplyResult, options: ApplyResultViewOptions = {}): View {
  const blocks: Block[] = [
    { kind: "title", text: runTitle(options) },
    { kind: "text", text: endSentence(result), tone: TONES[result.outcome] },
    resultFacts(result),
    ...troubleBlocks(result, options.most ?? Number.POSITIVE_INFINITY),
    ...balanceBlocks(result),
    ...warningBlocks(result.moves),
    ...reachBlocks(result, options.most ?? Number.POSITIVE_INFINITY),
    ...(options.actions === undefined || options.actions.length === 0
      ? []
      : [{ kind: "actions", actions: options.actions } as const]),
  ];
  return { blocks };
}

/** Says in a sentence how a run ended, and in another what is not reached. */
export function resultSentence(result: ApplyResult): string {
  return [endSentence(result), ...reachSentences(result)].join(" ");
}

function endSentence(result: ApplyResult): string {
  const counts = tally(result.moves);
  const done = `${counts.done} of ${count(result.moves.length, "move", "moves")} done`;
  const seconds = (result.endedAt.getTime() - result.startedAt.getTime()) / 1000;
  switch (result.outcome) {
    case "succeeded":
      if (result.moves.every(({ startedAt }) => startedAt === undefined)) {
        return "Nothing was moved: every guest is on its target already.";
      }
      return `${done} in ${duration(seconds)}${gain(result)}.`;
    case "cancelled":
      return `Stopped on request: ${done}, ${counts.skipped} not started.`;
    case "stale":
      return `The cluster has changed since the plan was made: ${done}, ${counts.skipped} not started. ${reason(result) ?? "Plan again."}`;
    case "refused":
      return `Nothing was started. ${reason(result) ?? "Ask what the account may do, then plan again."}`;
    case "failed":
      return `Stopped: ${done}, ${counts.failed} failed, ${counts.skipped} not started${lost(counts.unknown)}.`;
  }
}

/** Said here once, and not again for every move. */
function reason({ error }: ApplyResult): string | undefined {
  if (error === undefined) return undefined;
  const stop = /[.!?]$/.test(error.message) ? "" : ".";
  return `${error.message}${stop} (${error.code})`;
}

function balanceBlocks({ plan, before, after, outcome }: ApplyResult): readonly Block[] {
  // What nobody measured before is drawn as the plan found it; what nobody measured after is not drawn at all.
  const pair = { plan, before: before ?? plan.before };
  if (after !== null) return [balanceChart({ ...pair, after }), balanceTable({ ...pair, after })];
  if (before === null) return [];
  const why =
    outcome === "cancelled"
      ? "A cancelled run is not measured at its end"
      : "The cluster could not be read after the last move";
  const text = `${why}, so the balance after the run is not known: plan again to see it.`;
  return [{ kind: "text", tone: "warning", text }];
}

function gain(result: ApplyResult): string {
  if (result.after === null || result.before === null) return "";
  const busier = busiestChange(result.plan, result.before, result.after);
  return busier === undefined ? "" : `: the busiest node went ${busier}`;
}

function lost(unknown: number): string {
  return unknown === 0 ? "" : `, ${count(unknown, "guest", "guests")} out of sight`;
}

function resultFacts(result: ApplyResult): FactsBlock {
  const { before, after, plan } = result;
  const first = before ?? plan.before;
  const last = after ?? first;
  const seconds = (result.endedAt.getTime() - result.startedAt.getTime()) / 1000;
  const spread = change(points(first.spread), points(last.spread));
  const source = before === null ? "as the plan found it" : "measured";
  return {
    kind: "facts",
    facts: [
      { name: `Balance of ${loadName(plan)}, ${source}`, value: `${spread} points` },
      { name: "As planned", value: `${points(plan.after.spread)} points` },
      {
        name: "Guests against a rule or a drain",
        value: change(String(first.violations), String(last.violations)),
      },
      { name: "Time", value: duration(seconds) },
    ],
  };
}

const TROUBLE_WORDS = { failed: "failed", unknown: "unknown", skipped: "not started" } as const;

function troubleBlocks(result: ApplyResult, most: number): readonly Block[] {
  const trouble = [
    ...inState(result, "failed"),
    ...inState(result, "unknown"),
    ...inState(result, "skipped"),
  ];
  if (trouble.length === 0) return [];
  const table: TableBlock = {
    kind: "table",
    caption: trouble.some(({ word }) => word === TROUBLE_WORDS.unknown)
      ? "Not moved, or not known"
      : "Not moved",
    layout: "lines",
    columns: [{ header: "Guest" }, { header: "From → to" }, { header: "State" }, { header: "Why" }],
    rows: trouble
      .slice(0, most)
      .map(({ status, word }) => [
        status.move.name,
        `${status.move.from} → ${status.move.to}`,
        word,
        why(status, result),
      ]),
    rowHeader: 0,
  };
  return [
    table,
    ...(trouble.length > most
      ? [{ kind: "note", text: `${most} of ${trouble.length} such guests are shown.` } as const]
      : []),
    ...logBlocks(result.moves),
    ...lookBlocks(result.moves),
  ];
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

function why({ error }: MoveStatus, result: ApplyResult): string {
  if (error === undefined || error.message === result.error?.message) return "";
  return `${error.message} (${error.code})`;
}

/** Names the places where a guest out of sight can be, which is all that anybody can do about it. */
function lookBlocks(moves: readonly MoveStatus[]): readonly Block[] {
  const places = moves
    .filter(({ state }) => state === "unknown")
    .map(({ move }) => `${move.name} (${move.guest}) on ${move.from} and ${move.to}`);
  if (places.length === 0) return [];
  const named = places.slice(0, 5).join(", ");
  const rest = places.length > 5 ? ` and ${places.length - 5} more` : "";
  return [{ kind: "text", tone: "warning", text: `Look for ${named}${rest}, then plan again.` }];
}

function inState(
  result: ApplyResult,
  state: keyof typeof TROUBLE_WORDS,
): readonly { readonly status: MoveStatus; readonly word: string }[] {
  return result.moves
    .filter((status) => status.state === state)
    .map((status) => ({ status, word: TROUBLE_WORDS[state] }));
}

function warningBlocks(moves: readonly MoveStatus[]): readonly Block[] {
  const warned = moves.flatMap(({ move, warnings }) =>
    warnings.map((warning) => [move.name, warning]),
  );
  if (warned.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "Warnings",
      layout: "lines",
      columns: [{ header: "Guest" }, { header: "What the provider said" }],
      rows: warned.slice(0, 10),
      rowHeader: 0,
    },
    ...(warned.length > 10
      ? [{ kind: "note", text: `10 of ${warned.length} warnings shown.` } as const]
      : []),
  ];
}
