import type { ClusterSnapshot } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import {
  createHistory,
  planRebalance,
  type RebalanceHistory,
  type RebalancePlan,
  recordMoves,
} from "../../src/balancing/index.ts";
import { Dice } from "./dice.ts";
import { families, makeCluster } from "./families/index.ts";
import { assess, judge, replayMoves } from "./judge.ts";
import { randomCluster, shuffledCluster } from "./random-cluster.ts";

const COUNT = 1000;
const BATCH = 100;
/** A shorter search: what has to hold holds for any. */
const options = { effort: 0.04 };

describe("any cluster", () => {
  for (let first = 1; first <= COUNT; first += BATCH) {
    test(`seeds ${first} to ${first + BATCH - 1}: rules and limits hold on the way, nothing gets worse`, () => {
      for (let seed = first; seed < first + BATCH; seed++) {
        const snapshot = randomCluster(seed);
        expect(judge(snapshot, planRebalance(snapshot, options), options), `seed ${seed}`).toEqual(
          [],
        );
      }
    });
  }

  test("breaks no anti-affinity for two other repairs, where there are more guests than nodes", () => {
    const snapshot = randomCluster(20470);
    expect(judge(snapshot, planRebalance(snapshot, options), options)).toEqual([]);
  });

  test("leaves guests alone that were moved recently, and obeys every rule as well as without a history", () => {
    let held = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const snapshot = randomCluster(seed);
      const history = randomHistory(snapshot, new Dice(seed));
      const recent = { ...options, history, now: new Date("2026-03-01T12:30:00Z") };
      const later = { ...options, history, now: new Date("2026-03-01T18:00:00Z") };
      const free = planRebalance(snapshot, options);
      for (const asked of [recent, later]) {
        const plan = planRebalance(snapshot, asked);
        expect(judge(snapshot, plan, options), `seed ${seed}`).toEqual([]);
        expect(plan.after.violations, `seed ${seed}`).toBeLessThanOrEqual(free.after.violations);
        const { overloads, violations } = replayMoves(snapshot, []).before;
        if (overloads.size > 0 || violations > 0) continue;
        for (const { guest, name, to, reasons } of plan.moves) {
          if (reasons.some(({ code }) => code !== "level-load" && code !== "prefer-node")) continue;
          const past = history.moves.find((move) => move.guest === guest);
          expect(past !== undefined && asked === recent, `seed ${seed}: ${name} moves`).toBe(false);
          expect(past?.from, `seed ${seed}: ${name} goes back`).not.toBe(to);
        }
        const moved = new Set(history.moves.map(({ guest }) => guest));
        if (free.moves.some(({ guest }) => moved.has(guest))) held++;
      }
    }
    expect(held).toBeGreaterThan(50);
  });

  test("gets no levelling move that could be left out", () => {
    let moves = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const snapshot = randomCluster(seed);
      moves += expectNeeded(snapshot, planRebalance(snapshot, options), `seed ${seed}`);
    }
    for (const family of Object.keys(families)) {
      const snapshot = makeCluster(family, 3, 60, 1);
      moves += expectNeeded(snapshot, planRebalance(snapshot), family);
    }
    expect(moves).toBeGreaterThan(100);
  });

  test("gets the same plan in whatever order it is listed", () => {
    for (let seed = 1; seed <= 150; seed++) {
      const snapshot = randomCluster(seed);
      const plan = planRebalance(snapshot, options);
      const again = planRebalance(shuffledCluster(snapshot, seed), options);
      expect(JSON.stringify(again), `seed ${seed}`).toBe(JSON.stringify(plan));
    }
  });
});

/** Leaves each move out that only levels: some goal must be missed then. Returns how many there were. */
function expectNeeded(
  snapshot: ClusterSnapshot,
  { moves, status }: RebalancePlan,
  what: string,
): number {
  if (status !== "ok") return 0;
  const levelling = moves.filter(({ reasons }) =>
    reasons.every(({ code }) => code === "level-load"),
  );
  for (const left of levelling) {
    const others = moves.filter((move) => move !== left);
    const { after } = replayMoves(snapshot, others);
    const isReached =
      after.spread <= after.target + 1e-6 && after.cpuSpread <= after.cpuTarget + 1e-6;
    const isWell = isReached && after.violations === 0 && after.overloads.size === 0;
    expect(isWell, `${what}: ${left.name} need not move`).toBe(false);
  }
  return levelling.length;
}

describe.each(Object.keys(families))("the family %s", (family) => {
  test.each([
    [3, 60],
    [10, 300],
  ])(
    "at %ix%i: target and rules hold, nothing breaks on the way, any order is the same",
    (nodes, guests) => {
      for (const seed of [1, 2]) {
        const snapshot = makeCluster(family, nodes, guests, seed);
        const plan = planRebalance(snapshot, { effort: 0.3 });
        const verdict = assess(snapshot, plan);
        expect(verdict.problems, `seed ${seed}`).toEqual([]);
        expect(verdict.hasFullMarks, `seed ${seed}`).toBe(true);
        const again = planRebalance(shuffledCluster(snapshot, seed), { effort: 0.3 });
        expect(JSON.stringify(again), `seed ${seed}`).toBe(JSON.stringify(plan));
      }
    },
  );
});

/** Half of the guests came to where they are from some other node. */
function randomHistory({ guests, nodes }: ClusterSnapshot, dice: Dice): RebalanceHistory {
  const moves = guests
    .filter(() => dice.chance(0.5))
    .map(({ id, node }) => {
      const others = nodes.map(({ name }) => name).filter((name) => name !== node);
      return { guest: id, from: dice.pick(others), to: node, reasons: [] };
    });
  return recordMoves(createHistory(), { moves }, new Date("2026-03-01T12:00:00Z"));
}
