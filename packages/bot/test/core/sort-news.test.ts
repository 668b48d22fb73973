import { type ErrorCode, type EventView, Kappa4Error, RateLimitedError } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { isFinal, retryDelay } from "../../src/core/back-off.ts";
import { sortExpired, sortNews } from "../../src/core/sort-news.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;

function event(at: number, hoursAgo: number, changes: Partial<EventView> = {}): EventView {
  return {
    ...{ id: `evt_${at}` as EventView["id"], type: "run.ended", source: "kappa4", subject: null },
    ...{ severity: "info", at: new Date(NOW - hoursAgo * HOUR), endAt: null },
    ...{ summary: "", data: {} },
    ...changes,
  };
}

const ids = (events: readonly EventView[]): readonly string[] => events.map(({ id }) => id);

describe("news after an absence", () => {
  it("are told one by one for a day, and emergencies first and however old", () => {
    const emergency = { severity: "critical", type: "approval.alarm" } as const;
    const [old, recent] = [event(1, 200, emergency), event(5, 0, emergency)];
    const sorted = sortNews([old, event(2, 25), event(3, 24), event(4, 0), recent], NOW);
    expect(ids(sorted.urgent)).toEqual(["evt_1", "evt_5"]);
    expect(ids(sorted.each)).toEqual(["evt_3", "evt_4"]);
    expect(ids(sorted.brief)).toEqual(["evt_2"]);
  });

  it("are the newest fifty where there are more, and old reminders are over", () => {
    const many = Array.from({ length: 87 }, (_, at) => event(at, 2));
    const old = event(100, 30, { type: "approval.remind" });
    const { each, brief, over } = sortNews([old, ...many], NOW);
    expect([each.length, brief.length, over.length]).toEqual([50, 37, 1]);
    expect(each.at(0)?.id).toBe("evt_37");
  });
});

describe("news that nobody heard of in a month", () => {
  it("are lost where they concerned somebody", () => {
    const people = { people: ["local", "usr_01h455vb4pex5vsknk084sn02q"] };
    const { lost, over } = sortExpired([
      event(1, 800, { data: people }),
      event(2, 800, { data: people, type: "approval.remind" }),
      event(3, 800, { data: { people: ["local"] } }),
    ]);
    expect([ids(lost), ids(over)]).toEqual([["evt_1"], ["evt_2", "evt_3"]]);
  });
});

describe("what did not get through", () => {
  it("is tried ever later, and not before the surface wants it", () => {
    expect([1, 2, 3, 9, 90].map((attempt) => retryDelay(attempt, undefined))).toEqual([
      10_000, 20_000, 40_000, 900_000, 900_000,
    ]);
    expect(retryDelay(1, new RateLimitedError("Wait.", { retryAfterMs: 77_000 }))).toBe(77_000);
  });

  it("is given up for a refusal of the message, and never for one of the bot itself", () => {
    const isGivenUp = (code: ErrorCode) => isFinal(new Kappa4Error(code, "Slack said no."));
    const codes: ErrorCode[] = ["permission", "not_found", "failed_precondition", "protocol"];
    expect(codes.map(isGivenUp)).toEqual([true, true, true, true]);
    const others: ErrorCode[] = ["auth", "auth_expired", "rate_limited", "unavailable", "internal"];
    expect(others.filter(isGivenUp)).toEqual([]);
  });
});
