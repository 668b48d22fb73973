import { describe, expect, test } from "vitest";
import { drift } from "./drift.ts";
import { families, makeCluster } from "./families/index.ts";

const TICKS = 48;

describe("while use wanders, with a history", () => {
  for (const family of Object.keys(families)) {
    test(`${family}: nothing goes to and fro, little is moved, no target is missed`, () => {
      const seen = drift(makeCluster(family, 10, 300, 1), { ticks: TICKS, step: 0.01, seed: 7 });
      expect(seen).toMatchObject({ pingPong: 0, avoidable: 0, violations: 0 });
      expect(seen.laterMoves).toBeLessThanOrEqual(["level", "drain"].includes(family) ? 0 : 12);
    });
  }

  test("aiming at the target itself moves far more than aiming below it", () => {
    const cluster = makeCluster("skew", 10, 300, 1);
    const wild = { ticks: TICKS, step: 0.03, seed: 7 };
    const calm = drift(cluster, wild);
    const nervous = drift(cluster, { ...wild, aim: 1 });
    expect(calm.laterMoves).toBeLessThan(nervous.laterMoves);
    expect(nervous.pingPong).toBe(0);
  });
});
