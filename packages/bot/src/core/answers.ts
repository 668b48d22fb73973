import type { RunRecord } from "../commands/context.ts";
import { runTitle } from "../commands/rebalance/progress-view.ts";
import type { Inline, View } from "../view/model.ts";

/** Answers a person who may not use the bot. */
export function refusal(reason: string): View {
  return {
    blocks: [
      { kind: "text", tone: "bad", text: reason },
      { kind: "note", text: "Nothing was done." },
    ],
  };
}

/** Answers a person who may look and not change; names who may. */
export function operatorsOnly(operators: readonly string[]): View {
  const shown = operators.slice(0, 5);
  const who: readonly Inline[] = shown.flatMap((person, index) => [
    ...(index === 0 ? [] : [", "]),
    { person },
  ]);
  const more = operators.length - shown.length;
  return {
    blocks: [
      {
        kind: "text",
        tone: "bad",
        text:
          operators.length === 0
            ? "Nobody may change anything from here yet. Whoever runs Kappa4 adds user ids to slack.operators."
            : [
                "You may look and plan, but not change anything. Ask ",
                ...who,
                more > 0 ? ` or one of ${more} others.` : ".",
              ],
      },
      { kind: "note", text: "Nothing was done." },
    ],
  };
}

/** Answers while the bot is being stopped. */
export function goingDown(): View {
  return {
    blocks: [
      {
        kind: "text",
        tone: "warning",
        text: "Kappa4 is being restarted. Try again in a minute; nothing was done.",
      },
    ],
  };
}

/** What a run's message says when the bot stops before the run has ended. */
export function interrupted(run: RunRecord): View {
  return {
    blocks: [
      { kind: "title", text: runTitle({ run: run.id, plan: run.planId }) },
      {
        kind: "text",
        tone: "warning",
        text: "Kappa4 was stopped before the run ended. Moves under way go on at the provider, nothing more is started.",
      },
      {
        kind: "note",
        text: [
          "See where the guests are and what is left: ",
          { code: `/rebalance dry-run ${run.connection}` },
        ],
      },
    ],
  };
}
