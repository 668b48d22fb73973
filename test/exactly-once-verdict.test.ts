import { describe, expect, it } from "vitest";
import { type Figures, judge } from "./torture/exactly-once/verdict.ts";
import { Tally } from "./torture/tally.ts";

const FULL: Figures = {
  engine: "postgres",
  rounds: 1000,
  planned: 125,
  stops: 60,
  freezes: 7,
  kinds: 39,
  thawed: 7,
  takeovers: [10_100, 14_900],
  elsewhere: [
    { ms: 2_000, stops: 0 },
    { ms: 59_000, stops: 1 },
  ],
};

function failures(change: Partial<Figures>): number {
  const tally = new Tally(() => {});
  judge({ ...FULL, ...change }, tally);
  return tally.failed;
}

describe("the verdict on a trial of exactly once", () => {
  it("is good when enough went wrong and others came in time", () => {
    expect(failures({})).toBe(0);
    const one = { engine: "embedded", freezes: 0, thawed: 0, takeovers: [300, 1_900] } as const;
    expect(failures({ ...one, elsewhere: undefined })).toBe(0);
  });

  it.each<[string, Partial<Figures>]>([
    ["too few kinds of point", { kinds: 19 }],
    ["hardly anybody killed", { stops: 16 }],
    ["nobody frozen", { freezes: 0, thawed: 0 }],
    ["somebody frozen whom nobody watched", { thawed: 6 }],
    ["nothing taken over", { takeovers: [] }],
    ["one takeover too late", { takeovers: [10_000, 15_001, 12_000] }],
    [
      "one too late on the embedded store",
      { engine: "embedded", takeovers: [2_001], elsewhere: undefined },
    ],
    ["no run that one process cannot do", { elsewhere: [] }],
    ["one that waits for who can", { elsewhere: [{ ms: 45_001, stops: 0 }] }],
  ])("is bad for %s", (_, change) => {
    expect(failures(change)).toBe(1);
  });

  it("minds counts in a short trial, and times in none", () => {
    const short = { rounds: 20, planned: 3, stops: 2, freezes: 0, kinds: 2, thawed: 0 } as const;
    expect(failures({ ...short, takeovers: [60_000] })).toBe(0);
    expect(failures({ ...short, stops: 0, kinds: 0, takeovers: [] })).toBe(1);
  });
});
