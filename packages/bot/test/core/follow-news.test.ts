import { type ClaimEventsInput, type EventView, Kappa4Error } from "@kappa4/sdk";
import { expect, it } from "vitest";
import { followNews, type NewsParts } from "../../src/core/follow-news.ts";
import { silentLogger } from "../support/silent-logger.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const DAY = 24 * 3_600_000;

function event(name: string, changes: Partial<EventView>): EventView {
  return {
    ...{ id: name as EventView["id"], type: "approval.risen", source: "kappa4", subject: null },
    ...{ severity: "notice", at: new Date(NOON), endAt: null, summary: "", data: {} },
    ...changes,
  };
}

const OLD = new Date(NOON - 2 * DAY);
const UNTOLD = [
  event("old", { at: OLD }),
  event("reminder", { at: OLD, type: "approval.remind" }),
  event("first", {}),
  event("second", {}),
  event("alarm", { type: "approval.alarm", severity: "critical" }),
];

/** Looks for news once where no claim goes well, each after a while; answers with what was claimed, in order. */
async function look(takesMs: number): Promise<readonly string[]> {
  const over = new AbortController();
  let now = NOON;
  let looks = 0;
  const claimed: string[] = [];
  const parts = {
    ...{ platform: "slack", logger: silentLogger, signal: over.signal, isFollowed: () => false },
    clock: { now: () => now, sleep: async () => over.abort() },
    kappa4: {
      events: {
        untold: async ({ to }: { to?: Date }) => {
          looks += 1;
          return to === undefined && looks === 1 ? UNTOLD : [];
        },
        claim: async ({ events }: ClaimEventsInput) => {
          claimed.push(events.join(" "));
          now += takesMs;
          throw new Kappa4Error("unavailable", "The store does not answer.");
        },
      },
    },
  };
  await followNews(parts as unknown as NewsParts);
  return claimed;
}

it("tells emergencies first, and each thing though another fails", async () => {
  expect(await look(0)).toEqual(["alarm", "old", "reminder", "first", "second"]);
});

it("looks for emergencies again when telling takes long", async () => {
  expect(await look(3_000)).toEqual(["alarm", "old", "reminder", "first"]);
});
