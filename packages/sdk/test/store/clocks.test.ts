import { describe, expect, it } from "vitest";
import { refuseSkew } from "../../src/store/clocks.ts";

const NOON = Date.UTC(2026, 2, 1, 12);
const MINUTE = 60_000;

describe("the clock of a server", () => {
  it.each([0, MINUTE, -MINUTE])("may be %i ms off", (ms) => {
    expect(() => refuseSkew(NOON + ms, { asked: NOON, answered: NOON })).not.toThrow();
  });

  it("may be read by an answer that took long", () => {
    const asked = { asked: NOON, answered: NOON + 10 * MINUTE };
    for (const ms of [0, 5 * MINUTE, 10 * MINUTE]) {
      expect(() => refuseSkew(NOON + ms, asked)).not.toThrow();
    }
  });

  it.each([
    [-120 * MINUTE, "120 min ahead of"],
    [3 * MINUTE, "3 min behind"],
  ])("that is %i ms off is refused, with how much and which way", (ms, words) => {
    expect(() => refuseSkew(NOON + ms, { asked: NOON, answered: NOON })).toThrow(words);
  });
});
