import type { PlanView, RunView } from "@kappa4/sdk";
import { capital } from "../../view/format.ts";
import type { Inline, RichText, View } from "../../view/model.ts";
import { buttonValue } from "../button.ts";
import type { Who } from "../context.ts";
import { movesOf, progressOf } from "./known.ts";
import { applyProgressView, measuringNote, runTitle } from "./progress-view.ts";

/** Moves that the message of a run lists. */
export const MOST_MOVES_IN_CHAT = 12;

/** What the message of a run depends on, besides the run. */
export interface RunMessageOptions {
  readonly plan: Pick<PlanView, "shortId">;
  readonly who: Who;
  readonly now: Date;
  /** Default true. */
  readonly hasButtons?: boolean | undefined;
}

/** Draws the message of a run under way; one that nobody has stopped yet has a button for that. */
export function runMessage(run: RunView, options: RunMessageOptions): View {
  const { plan, who, now, hasButtons = true } = options;
  const { shortId: id, cancelAskedBy, startedAt, createdAt } = run;
  const progress = progressOf(run);
  const isStoppable = cancelAskedBy === undefined && progress?.isMeasuring !== true;
  const actions = isStoppable && hasButtons ? [stopAction(id)] : [];
  const stopped: RichText | undefined =
    cancelAskedBy === undefined ? undefined : [...stopWords(who(cancelAskedBy)), "."];
  if (progress === undefined) return waitingMessage(run, plan.shortId, stopped, actions);
  const measuring = progress.isMeasuring ? capital(measuringNote(progress.waitMs ?? 0)) : undefined;
  return applyProgressView(
    { moves: movesOf(run), startedAt: startedAt ?? createdAt, now },
    {
      run: id,
      plan: plan.shortId,
      stopping: cancelAskedBy !== undefined,
      most: MOST_MOVES_IN_CHAT,
      note: measuring ?? stopped,
      actions,
    },
  );
}

/** Says who stopped a run. */
export function stopWords(by: Inline | undefined): Exclude<RichText, string> {
  return by === undefined ? ["Stopped on request"] : ["Stopped by ", by];
}

function waitingMessage(
  run: RunView,
  plan: string,
  stopped: RichText | undefined,
  actions: readonly ReturnType<typeof stopAction>[],
): View {
  const text =
    run.state === "queued"
      ? "Starts in a moment, as soon as nothing else changes the cluster."
      : "Reading the cluster before the first move.";
  return {
    blocks: [
      { kind: "title", text: runTitle({ run: run.shortId, plan }) },
      { kind: "text", text: stopped ?? text },
      ...(actions.length === 0 ? [] : [{ kind: "actions", actions } as const]),
    ],
  };
}

function stopAction(id: string) {
  const value = buttonValue({ command: "rebalance", verb: "cancel", input: { run: id }, on: id });
  return { label: "Stop after current moves", value, command: `/rebalance cancel ${id}` };
}
