import type { EventView } from "@kappa4/sdk";
import type { View } from "../view/model.ts";

/** When the command line can look into the store, for sentences that name it: the bot has an embedded one to itself. */
export const WHEN_EMBEDDED = "with an embedded store only while the bot is stopped";

/** Draws what is left to say of events that happened while nobody could be told. */
export function summaryView(events: readonly EventView[]): View {
  const since = new Date(Math.min(...events.map(({ at }) => at.getTime())));
  const count = events.length === 1 ? "1 older event" : `${events.length} older events`;
  const types = new Set(events.map(({ type }) => type));
  const kinds = [...types].map((type) => {
    const all = events.filter((event) => event.type === type);
    return `${all.length} ${WORDS[type] ?? type}`;
  });
  return {
    blocks: [
      { kind: "title", text: "While nobody could be told here" },
      {
        kind: "text",
        text: [count, " since ", { time: since }, `: ${kinds.join(", ")}.`],
      },
      {
        kind: "note",
        text: [
          ...[
            "How things stand: ",
            { code: "/rebalance status" },
            " and ",
            { code: "/approve list" },
          ],
          ...[". Each event: ", { code: "kappa4 events list" }, `, ${WHEN_EMBEDDED}.`],
        ],
      },
    ],
  };
}

const WORDS: Readonly<Record<string, string>> = {
  "approval.decided": "of decisions on what you asked for",
  "approval.risen": "of requests that take more people by now",
  "run.ended": "of runs that ended",
  "approval.acknowledge": "of emergencies to be acknowledged",
  "approval.overdue": "of emergencies not acknowledged in time",
  "approval.superseded": "of plans that gave way to newer ones",
  "approval.stale": "of plans that may not be carried out any more",
};
