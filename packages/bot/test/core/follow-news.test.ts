import { type ClaimEventsInput, type EventView, Kappa4Error } from "@kappa4/sdk";
import { expect, it } from "vitest";
import { followNews, type NewsParts } from "../../src/core/follow-news.ts";
import { fakeSurface } from "../support/fake-surface.ts";
import { request, who } from "../support/requests.ts";
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

/** Tells of a request that many can approve, of whom some have an account here; answers with whom it has told. */
async function told(people: readonly string[], hasAccount: (id: string) => boolean) {
  const over = new AbortController();
  const surface = fakeSurface();
  const subject = request().id;
  const asked = event("asked", { type: "approval.requested", subject, data: { people } });
  const parts = {
    ...{ platform: "slack", logger: silentLogger, signal: over.signal, isFollowed: () => false },
    ...{ port: surface, outbox: { update: async () => false } },
    clock: { now: () => NOON, sleep: async () => over.abort() },
    directory: {
      who: async () => who,
      accountOf: async (id: string) => (hasAccount(id) ? id : undefined),
    },
    kappa4: {
      approvals: { get: async () => request() },
      events: {
        untold: async ({ to }: { to?: Date }) => (to === undefined ? [asked] : []),
        claim: async () => [{ event: asked.id, attempt: 1, isDoubtful: false, readers: {} }],
        settle: async () => undefined,
      },
    },
  };
  await followNews(parts as unknown as NewsParts);
  return surface.messages.map(({ ref }) => ref.place.replace("D-", ""));
}

it("tells the first ten who can be reached of a request: as many as the largest quorum takes", async () => {
  const people = Array.from({ length: 30 }, (_, at) => `usr_${at + 10}`.padEnd(30, "0"));
  const isReached = (id: string): boolean => people.indexOf(id) % 2 === 1;
  expect(await told(people, isReached)).toEqual(people.filter(isReached).slice(0, 10));
  expect(await told(people, () => true)).toEqual(people.slice(0, 10));
});
