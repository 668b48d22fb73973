import type { View } from "@kappa4/bot";
import {
  type DeliveryView,
  EVENT_TYPES,
  type EventView,
  hasStore,
  type Kappa4,
  type ListEventsInput,
} from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { say } from "../say.ts";
import { lookOf, printAnswer } from "./print.ts";
import { configOf, openKappa4 } from "./source.ts";
import { placeOf } from "./which-store.ts";

/** An event, and how telling people of it went. */
type ListedEvent = EventView & { readonly deliveries: readonly DeliveryView[] };

/** Prints what has happened. */
export async function runEventsList(input: CommandInput): Promise<number> {
  const { flags, io } = input;
  lookOf(input, io.stdout);
  const which = {
    connection: flags.text("connection"),
    types: flags.choices("type", EVENT_TYPES),
    limit: flags.number("limit", { least: 1, whole: true }) ?? 50,
  };
  flags.check();
  const config = await configOf(input);
  if (!(await hasStore(config.store))) {
    say(io.stderr, `note: There is no store in ${placeOf(config.store)} yet, and none was made.`);
    printAnswer(input, [], eventsView([]));
    return EXIT.ok;
  }
  const kappa4 = await openKappa4(input, config);
  try {
    const list = flags.has("failed") ? failed : newest;
    const events = await list(kappa4, which);
    printAnswer(input, events, eventsView(events));
    return EXIT.ok;
  } finally {
    await kappa4.close();
  }
}

async function newest({ events }: Kappa4, which: ListEventsInput): Promise<readonly ListedEvent[]> {
  const listed = await events.list(which);
  const ids = listed.map(({ id }) => id);
  const all = ids.length === 0 ? [] : await events.deliveries({ events: ids, limit: 500 });
  return listed.map((event) => ({
    ...event,
    deliveries: all.filter((delivery) => delivery.event === event.id),
  }));
}

async function failed({ events }: Kappa4, which: ListEventsInput): Promise<readonly ListedEvent[]> {
  const deliveries = await events.deliveries({ states: ["failed"], limit: 500 });
  const ids = [...new Set(deliveries.map(({ event }) => event))];
  const found = ids.length === 0 ? [] : await events.list({ ids, ...which });
  return found.map((event) => ({
    ...event,
    deliveries: deliveries.filter((delivery) => delivery.event === event.id),
  }));
}

function eventsView(events: readonly ListedEvent[]): View {
  if (events.length === 0) return { blocks: [{ kind: "text", text: "There are none." }] };
  return {
    blocks: [
      {
        kind: "table",
        caption: "Events, the newest first",
        rowHeader: 0,
        layout: "lines",
        columns: ["At", "Severity", "What", "Told"].map((header) => ({ header })),
        rows: events.map(({ at, severity, summary, deliveries }) => [
          `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`,
          severity,
          summary,
          deliveries.map(toldWords).join("; "),
        ]),
      },
    ],
  };
}

function toldWords({ place, state, error }: DeliveryView): string {
  const why = error === undefined ? "" : `: ${error}`;
  switch (state) {
    case "told":
      return place;
    case "telling":
      return `${place}, just now`;
    case "waiting":
      return `${place}, tried again${why}`;
    case "failed":
      return `not in ${place}${why}`;
  }
}
