import { type ApplyResult, hasStartedMoves, type MoveError, type MoveStatus } from "@kappa4/sdk";
import { change, count, duration, points } from "../../view/format.ts";
import type { Action, Block, FactsBlock, Inline, RichText, Tone, View } from "../../view/model.ts";
import { balanceChart, balanceTable } from "./balance-blocks.ts";
import { runTitle } from "./progress-view.ts";
import { reachBlocks, reachSentences } from "./reach-blocks.ts";
import { stopWords } from "./run-message.ts";
import { troubleBlocks } from "./trouble-blocks.ts";
import { busiestChange, loadName, tally } from "./words.ts";

/** Options of {@link applyResultView}. */
export interface ApplyResultViewOptions {
  /** Short ids people can say. */
  readonly run?: string | undefined;
  readonly plan?: string | undefined;
  /** Who stopped the run, where that is known. */
  readonly stoppedBy?: Inline | undefined;
  readonly actions?: readonly Action[] | undefined;
  /** Moves with trouble listed; the rest is counted. Default: all. */
  readonly most?: number | undefined;
}

const TONES: Readonly<Record<ApplyResult["outcome"], Tone>> = {
  succeeded: "good",
  cancelled: "warning",
  stale: "warning",
  refused: "bad",
  failed: "bad",
};

/** Shows how a run ended: what moved, what did not and why, and the balance as measured before and after. */
export function applyResultView(result: ApplyResult, options: ApplyResultViewOptions = {}): View {
  const most = options.most ?? Number.POSITIVE_INFINITY;
  const blocks: Block[] = [
    { kind: "title", text: runTitle(options) },
    { kind: "text", text: endText(result, options.stoppedBy), tone: TONES[result.outcome] },
    // Where nothing was started there is nothing to measure, and before and after would be one picture twice.
    ...(hasStartedMoves(result.moves) ? [resultFacts(result)] : []),
    ...troubleBlocks(result, most),
    ...(hasStartedMoves(result.moves) ? balanceBlocks(result) : []),
    ...warningBlocks(result.moves),
    ...reachBlocks(result, most),
    ...(options.actions === undefined || options.actions.length === 0
      ? []
      : [{ kind: "actions", actions: options.actions } as const]),
  ];
  return { blocks };
}

/** Says in a sentence how a run ended, and in another what is not reached; who stopped it is named. */
export function resultText(result: ApplyResult, stoppedBy?: Inline): RichText {
  const reach = reachSentences(result).map((sentence) => ` ${sentence}`);
  return [...endText(result, stoppedBy), ...reach];
}

function endText(result: ApplyResult, stoppedBy: Inline | undefined): Exclude<RichText, string> {
  if (result.outcome !== "cancelled") return [endSentence(result, result.outcome)];
  const { done, skipped } = tally(result.moves);
  const moves = count(result.moves.length, "move", "moves");
  const counts = `${done} of ${moves} done, ${skipped} not started.`;
  if (stoppedBy === undefined && result.error !== undefined) {
    return [`${result.error.message.replace(/[.!?]$/, "")}. ${counts}`];
  }
  return [...stopWords(stoppedBy), `: ${counts}`];
}

function endSentence(
  result: ApplyResult,
  outcome: Exclude<ApplyResult["outcome"], "cancelled">,
): string {
  const counts = tally(result.moves);
  const done = `${counts.done} of ${count(result.moves.length, "move", "moves")} done`;
  const seconds = movingSeconds(result);
  const { error, moves } = result;
  if (outcome === "succeeded") {
    if (!hasStartedMoves(moves)) return "Nothing was moved: every guest is on its target already.";
    return `${done} in ${duration(seconds)}${gain(result)}.`;
  }
  if (error !== undefined && !hasStartedMoves(moves))
    return `Nothing was started: ${reason(error)}`;
  if (error === undefined && outcome === "stale") {
    return `The cluster has changed since the plan was made: ${done}, ${counts.skipped} not started. Plan again.`;
  }
  const why = error === undefined ? "." : `: ${reason(error)}`;
  return `Stopped: ${done}, ${counts.failed} failed, ${counts.skipped} not started${lost(counts.unknown)}${why}`;
}

/** From the start to the end of the last move, which is what a plan foretells: the wait for measuring comes after. */
function movingSeconds({ moves, startedAt, endedAt }: ApplyResult): number {
  const ends = moves.flatMap((move) =>
    move.endedAt === undefined ? [] : [move.endedAt.getTime()],
  );
  const end = ends.length === 0 ? endedAt.getTime() : Math.max(...ends);
  return Math.max(0, end - startedAt.getTime()) / 1000;
}

/** Said here once, and not again for every move. */
function reason({ message, code }: MoveError): string {
  return `${message}${/[.!?]$/.test(message) ? "" : "."} (${code})`;
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
  const seconds = movingSeconds(result);
  const spread = change(points(first.spread), points(last.spread));
  const source = before === null ? "as the plan found it" : "measured";
  const when = after === null && before !== null ? "before the run" : source;
  const rules = "Guests against a rule or a drain";
  return {
    kind: "facts",
    facts: [
      { name: `Balance of ${loadName(plan)}, ${when}`, value: `${spread} points` },
      { name: "As planned", value: `${points(plan.after.spread)} points` },
      {
        name: after === null ? `${rules}, before the run` : rules,
        value: change(String(first.violations), String(last.violations)),
      },
      { name: "Time", value: duration(seconds) },
    ],
  };
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
