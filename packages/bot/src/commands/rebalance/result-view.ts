import type { ApplyResult, MoveStatus } from "@kappa4/sdk";
import { change, count, duration, points } from "../../view/format.ts";
import type { Action, Block, FactsBlock, TableBlock, Tone, View } from "../../view/model.ts";
import { balanceChart, balanceTable } from "./balance-blocks.ts";
import { runTitle } from "./progress-view.ts";
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

const TONES: Readonly<Record<ApplyResult["outcome"], Tone>> = {
  succeeded: "good",
  cancelled: "warning",
  stale: "warning",
  failed: "bad",
};

/** Shows how a run ended: what moved, what did not and why, and the balance as measured before and after. */
export function applyResultView(result: ApplyResult, options: ApplyResultViewOptions = {}): View {
  const pair = {
    plan: result.plan,
    before: result.before,
    ...(result.after === null ? {} : { after: result.after }),
  };
  const blocks: Block[] = [
    { kind: "title", text: runTitle(options) },
    { kind: "text", text: resultSentence(result), tone: TONES[result.outcome] },
    resultFacts(result),
    ...troubleBlocks(result, options.most ?? Number.POSITIVE_INFINITY),
    ...(result.after === null
      ? [
          {
            kind: "text",
            tone: "warning",
            text: "The cluster could not be read after the last move, so the balance after the run is not known: plan again to see it.",
          } as const,
        ]
      : [balanceChart(pair), balanceTable(pair)]),
    ...warningBlocks(result.moves),
    ...(options.actions === undefined || options.actions.length === 0
      ? []
      : [{ kind: "actions", actions: options.actions } as const]),
  ];
  return { blocks };
}

/** Says in one sentence how a run ended. */
export function resultSentence(result: ApplyResult): string {
  const counts = tally(result.moves);
  const done = `${counts.done} of ${count(result.moves.length, "move", "moves")} done`;
  const seconds = (result.endedAt.getTime() - result.startedAt.getTime()) / 1000;
  switch (result.outcome) {
    case "succeeded":
      return `${done} in ${duration(seconds)}${gain(result)}.`;
    case "cancelled":
      return `Stopped on request: ${done}, ${counts.skipped} not started.`;
    case "stale":
      return `The cluster has changed since the plan was made: ${done}, ${counts.skipped} not started. Plan again.`;
    case "failed":
      return `Stopped: ${done}, ${counts.failed} failed, ${counts.skipped} not started${lost(counts.unknown)}.`;
  }
}

function gain(result: ApplyResult): string {
  if (result.after === null) return "";
  const busier = busiestChange(result.plan, result.before, result.after);
  return busier === undefined ? "" : `: the busiest node went ${busier}`;
}

function lost(unknown: number): string {
  return unknown === 0 ? "" : `, ${count(unknown, "guest", "guests")} out of sight`;
}

function resultFacts(result: ApplyResult): FactsBlock {
  const { before, after, plan } = result;
  const seconds = (result.endedAt.getTime() - result.startedAt.getTime()) / 1000;
  const spread =
    after === null ? points(before.spread) : change(points(before.spread), points(after.spread));
  const violations =
    after === null
      ? String(before.violations)
      : change(String(before.violations), String(after.violations));
  return {
    kind: "facts",
    facts: [
      { name: `Balance of ${loadName(plan)}, measured`, value: `${spread} points` },
      { name: "As planned", value: `${points(plan.after.spread)} points` },
      { name: "Guests against a rule", value: violations },
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
    caption: "Not moved",
    layout: "lines",
    columns: [{ header: "Guest" }, { header: "From → to" }, { header: "State" }, { header: "Why" }],
    rows: trouble
      .slice(0, most)
      .map(({ status, word }) => [
        status.move.name,
        `${status.move.from} → ${status.move.to}`,
        word,
        status.error === undefined ? "" : `${status.error.message} (${status.error.code})`,
      ]),
    rowHeader: 0,
  };
  if (trouble.length <= most) return [table];
  return [
    table,
    { kind: "note", text: `${most} of ${trouble.length} guests that did not move are shown.` },
  ];
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
