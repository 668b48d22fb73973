import { describe, expect, it } from "vitest";
import { buttonValue, readButton } from "../../src/commands/button.ts";
import { createEditBudget } from "../../src/core/edit-budget.ts";
import { createMemoryInbox } from "../../src/core/inbox.ts";
import { within } from "../../src/core/within.ts";
import { manualClock } from "../support/manual-clock.ts";

const MINUTE = 60_000;

describe("createMemoryInbox", () => {
  it("takes a request once, by any of its keys, and forgets after a day", async () => {
    const clock = manualClock();
    const inbox = createMemoryInbox(clock);
    expect(await inbox.claim(["envelope:1", "trigger:1"])).toBe(true);
    expect(await inbox.claim(["envelope:1"])).toBe(false);
    expect(await inbox.claim(["envelope:2", "trigger:1"])).toBe(false);
    expect(await inbox.claim(["envelope:2"])).toBe(false);
    await clock.advance(24 * 60 * MINUTE);
    expect(await inbox.claim(["trigger:1"])).toBe(false);
    await clock.advance(1);
    expect(await inbox.claim(["trigger:1"])).toBe(true);
  });

  it("lets exactly one of many at once through", async () => {
    const inbox = createMemoryInbox(manualClock());
    const claims = await Promise.all(Array.from({ length: 50 }, () => inbox.claim(["one"])));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });
});

describe("buttonValue", () => {
  it("names a call, and is read as what it was", () => {
    const call = {
      command: "rebalance",
      verb: "dry-run",
      input: { connection: "gold", maintenance: "pve 1&2,ä=?" },
      on: "P-7F3K",
      ask: undefined,
    };
    const value = buttonValue(call);
    expect(readButton(value)).toEqual(call);
    expect(readButton(buttonValue({ ...call, ask: "reason" }))).toEqual({ ...call, ask: "reason" });
    expect(value.length).toBeLessThan(100);
  });

  it("takes nothing for a call that is none", () => {
    for (const value of ["", "token", "a/b", "../etc?x=1", "Rebalance/apply?plan=P-1"]) {
      expect(readButton(value)).toBeUndefined();
    }
  });
});

describe("createEditBudget", () => {
  it("allows its number in any minute", () => {
    const budget = createEditBudget(3);
    for (const at of [0, 10, 20]) {
      expect(budget.delay(at)).toBe(0);
      budget.spend(at);
    }
    expect(budget.delay(30)).toBe(59_970);
    expect(budget.delay(60_000)).toBe(0);
  });
});

describe("within", () => {
  it("waits for the work, or for the time, and leaves no sleeper behind", async () => {
    const clock = manualClock();
    await within(clock, 1000, Promise.resolve());
    expect(clock.sleepers).toBe(0);
    const late = within(clock, 1000, new Promise(() => undefined));
    await clock.advance(1000);
    await late;
    expect(clock.sleepers).toBe(0);
    await expect(within(clock, 1000, Promise.reject(new Error("broken")))).rejects.toThrow(
      "broken",
    );
    expect(clock.sleepers).toBe(0);
  });
});
