import type { PlanDetails, RunView } from "@kappa4/sdk";
import { count, duration } from "../../view/format.ts";
import type { View } from "../../view/model.ts";
import { movesOf, rebalanceOf } from "./known.ts";
import { progressSentence } from "./progress-view.ts";
import { tally } from "./words.ts";

/** Answers a button that is none of ours, or no more. */
export function unknownButton(): View {
  return {
    blocks: [
      {
        kind: "text",
        tone: "warning",
        text: "This button is no longer valid: an older version of Kappa4 made it. Nothing was changed.",
      },
      { kind: "note", text: ["How things stand: ", { code: "/rebalance status" }] },
    ],
  };
}

/** Answers when a plan without moves is to be applied. */
export function nothingToApply(planId: string): View {
  return {
    blocks: [{ kind: "text", text: `Plan ${planId} has no moves, so there is nothing to apply.` }],
  };
}

/** Says in a sentence how a run stands, or how it ended. */
export function runSentence(run: RunView, plan: Pick<PlanDetails, "shortId">, now: number): string {
  const { shortId, startedAt, createdAt, endedAt, error, cancelAskedBy } = run;
  const moves = movesOf(run);
  const title = `Run ${shortId} of plan ${plan.shortId}`;
  if (endedAt !== undefined) {
    const ago = duration((now - endedAt.getTime()) / 1000);
    const { done } = tally(moves);
    const how =
      moves.length === 0 ? "" : `, ${done} of ${count(moves.length, "move", "moves")} done`;
    const why = error === undefined ? "" : ` ${error.message}`;
    return `${title}, ended ${ago} ago: ${run.state.replace("_", " ")}${how}.${why}`;
  }
  const progress = { moves, startedAt: startedAt ?? createdAt, now: new Date(now) };
  if (moves.length > 0) {
    return `${title}: ${progressSentence(progress, cancelAskedBy !== undefined)}.`;
  }
  return `${title}: ${run.state === "queued" ? "waits to start" : "reading the cluster"}.`;
}

/** Says that a plan was taken away. */
export function discarded(plan: PlanDetails): View {
  const moves = count(rebalanceOf(plan)?.moves.length ?? 0, "move", "moves");
  return {
    blocks: [
      {
        kind: "text",
        text: `Plan ${plan.shortId} with ${moves} is discarded; nothing was changed.`,
      },
    ],
  };
}
