import { count, duration } from "../../view/format.ts";
import type { View } from "../../view/model.ts";
import type { CommandContext, PlanRecord, RunRecord } from "../context.ts";
import { sameAgain, stateText } from "./plan-message.ts";
import { progressSentence } from "./progress-view.ts";
import { resultSentence } from "./result-view.ts";

/** Answers a press on a button, or a command, that comes too late for its plan. Says how things stand now. */
export function noLongerValid(
  context: CommandContext,
  planId: string,
  record: PlanRecord | undefined,
): View {
  if (record === undefined) return unknownPlan(planId);
  const run = record.state.kind === "applied" ? context.runs.find(record.state.run) : undefined;
  return {
    blocks: [
      {
        kind: "text",
        tone: "warning",
        text: [`Plan ${planId} is no longer valid. `, ...[stateText(record.state)].flat()],
      },
      ...(run === undefined
        ? []
        : [{ kind: "text", text: runSentence(run, context.clock.now()) } as const]),
      {
        kind: "note",
        text: ["Make a new plan: ", { code: sameAgain(record) }],
      },
    ],
  };
}

/** Answers a person who may not change anything and would take away the plan of somebody else. */
export function notYours(record: PlanRecord): View {
  return {
    blocks: [
      {
        kind: "text",
        tone: "bad",
        text: [
          `Plan ${record.id} was asked for by `,
          { person: record.by },
          "; only they and people who may apply plans can discard it.",
        ],
      },
      { kind: "note", text: "Nothing was done." },
    ],
  };
}

/** Answers for a plan or a button that nobody remembers. */
export function unknownPlan(planId: string | undefined): View {
  const what = planId === undefined ? "This button" : `Plan ${planId}`;
  return {
    blocks: [
      {
        kind: "text",
        tone: "warning",
        text: `${what} is no longer valid: plans are kept for 30 minutes and not over a restart. Nothing was changed.`,
      },
      { kind: "note", text: ["Make a new plan: ", { code: "/rebalance dry-run" }] },
    ],
  };
}

/** Answers when a plan without moves is to be applied. */
export function nothingToApply(planId: string): View {
  return {
    blocks: [{ kind: "text", text: `Plan ${planId} has no moves, so there is nothing to apply.` }],
  };
}

/** Answers when another run holds the connection. */
export function busy(holder: RunRecord, now: number): View {
  return {
    blocks: [
      {
        kind: "text",
        tone: "warning",
        text: [
          `Run ${holder.id} has been at work on ${holder.connection} since `,
          { time: holder.startedAt },
          ", started by ",
          { person: holder.by },
          "; one run at a time. Nothing was started.",
        ],
      },
      { kind: "text", text: runSentence(holder, now) },
      {
        kind: "note",
        text: [
          "Your plan stays valid: apply it when the run is over, or see ",
          { code: "/rebalance status" },
        ],
      },
    ],
  };
}

/** Says in a sentence how a run stands. */
export function runSentence(run: RunRecord, now: number): string {
  if (run.result !== undefined) {
    const ago = duration((now - run.result.endedAt.getTime()) / 1000);
    return `Run ${run.id} of plan ${run.planId}, ended ${ago} ago. ${resultSentence(run.result, run.stoppedBy)}`;
  }
  const progress = { moves: run.moves, startedAt: run.startedAt, now: new Date(now) };
  const how =
    run.moves.length === 0
      ? "reading the cluster"
      : progressSentence(progress, run.stoppedBy !== undefined);
  return `Run ${run.id} of plan ${run.planId}: ${how}.`;
}

/** Says that a plan was taken away. */
export function discarded(record: PlanRecord): View {
  const moves = count(record.plan.moves.length, "move", "moves");
  return {
    blocks: [
      { kind: "text", text: `Plan ${record.id} with ${moves} is discarded; nothing was changed.` },
    ],
  };
}
