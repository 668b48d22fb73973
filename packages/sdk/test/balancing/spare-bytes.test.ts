import type { ClusterSnapshot, GuestId, PlacementRule } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import {
  createHistory,
  planRebalance,
  type RebalanceOptions,
  type RebalancePlan,
  recordMoves,
} from "../../src/balancing/index.ts";
import { makeCluster } from "./families/index.ts";
import { assess, judge } from "./judge.ts";
import { shuffledCluster } from "./random-cluster.ts";

/** One of sixteen nodes is new and empty: ten large guests fill it fastest, thirteen that fit fill it with fewer bytes. */
const snapshot = makeCluster("newnode", 16, 800, 1);
const FAST = 10;
const SPARING = 13;

describe("a plan that spares bytes", () => {
  const plan = planRebalance(snapshot);

  test("is taken where few bytes and few seconds go together", () => {
    const { bytes, seconds } = leastOf(snapshot);
    expect(assess(snapshot, plan)).toMatchObject({ hasFullMarks: true, problems: [] });
    expect(plan.moves).toHaveLength(SPARING);
    expect(bytesOf(plan) / bytes).toBeLessThan(1.03);
    expect(plan.costSeconds / seconds).toBeLessThan(1.2);
    const left = new Set(plan.moves.map(({ from }) => from));
    expect(left.size).toBe(SPARING);
  });

  test("is the same in any order of the input", () => {
    for (const seed of [1, 2, 3]) {
      expect(planRebalance(shuffledCluster(snapshot, seed))).toEqual(plan);
    }
  });

  test("keeps guests apart that must be, and finds others for them", () => {
    const rule = apart(theFirstTwo(plan), true);
    const other = judged({ rules: [rule] });
    expect(other.moves.length).toBeGreaterThanOrEqual(SPARING);
    expect(bytesOf(other) / leastOf(snapshot).bytes).toBeLessThan(1.03);
    const moved = other.moves.filter(({ guest }) => rule.guests.includes(guest));
    expect(moved.length).toBeLessThan(2);
  });

  test("leaves guests alone that were moved a short while ago", () => {
    const now = new Date("2026-03-01T12:00:00Z");
    const moves = plan.moves.map((move) => ({ ...move, from: "pve002", to: move.from }));
    const history = recordMoves(createHistory(), { moves }, now);
    const other = judged({ history, now, aim: 1 });
    expect(other.moves.length).toBeGreaterThanOrEqual(SPARING);
    expect(bytesOf(other) / leastOf(snapshot).bytes).toBeLessThan(1.03);
    const rested = new Set(history.moves.map(({ guest }) => guest));
    expect(rested.size).toBe(SPARING - 1);
    expect(other.moves.filter(({ guest }) => rested.has(guest))).toEqual([]);
  });
});

describe("the fastest plan stays", () => {
  test("where more moves are not allowed", () => {
    expect(judged({ maxMoves: SPARING - 1 }).moves).toHaveLength(FAST);
    expect(judged({ maxMoves: SPARING }).moves).toHaveLength(SPARING);
  });

  test("where minutes are not allowed", () => {
    const { durationSeconds } = planRebalance(snapshot);
    const fast = judged({ maxMoves: FAST });
    expect(fast.durationSeconds).toBeLessThan(durationSeconds);
    const maxMinutes = (fast.durationSeconds + durationSeconds) / 120;
    expect(judged({ maxMinutes }).moves).toHaveLength(FAST);
  });

  test("where a wish would not be followed", () => {
    const rule = apart(theFirstTwo(planRebalance(snapshot)), false);
    const plan = judged({ rules: [rule] });
    expect(plan.moves.length).toBeLessThan(SPARING);
    expect(plan.moves.filter(({ guest }) => rule.guests.includes(guest)).length).toBeLessThan(2);
  });

  test("where a node can give none of its guests", () => {
    const [move] = planRebalance(snapshot).moves;
    const home = move?.from ?? "";
    const here = snapshot.guests.filter(({ node }) => node === home).map(({ id }) => id);
    const plan = judged({ ignoreGuests: here });
    expect(plan.moves.length).toBeLessThan(SPARING);
    expect(plan.moves.filter(({ guest }) => here.includes(guest))).toEqual([]);
  });

  test("where the new node is full before it is level", () => {
    const limits = { memoryAssigned: 0.7 };
    const plan = judged({ limits });
    expect(new Set(plan.moves.map(({ from }) => from)).size).toBeLessThan(SPARING);
  });
});

function judged(options: RebalanceOptions): RebalancePlan {
  const plan = planRebalance(snapshot, options);
  expect(judge(snapshot, plan, options)).toEqual([]);
  return plan;
}

/** Two guests that the fastest plan leaves where they are. */
function theFirstTwo({ moves }: RebalancePlan): readonly GuestId[] {
  return moves.slice(0, 2).map(({ guest }) => guest);
}

function apart(guests: readonly GuestId[], hard: boolean): PlacementRule {
  return { id: "apart", kind: "apart", guests, hard, source: "config" };
}

function bytesOf({ moves }: RebalancePlan): number {
  return moves.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
}

/**
 * Fewest bytes of any plan, and these with the fewest moves of any, in seconds: counted for each window apart, as all
 * that has to leave the nodes above, whole guests of theirs, or to come to those below.
 */
function leastOf({ guests, nodes }: ClusterSnapshot): { bytes: number; seconds: number } {
  const cell = 0.0005;
  const [target, sizes] = [0.1, guests.map((guest) => guest.memory.used).sort((a, b) => b - a)];
  let [bytes, moves] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let edge = 0; edge < 1; edge += cell) {
    const [out, into] = [
      { bytes: 0, moves: 0 },
      { bytes: 0, moves: 0 },
    ];
    for (const { memory, name } of nodes) {
      const over = memory.used - (edge + cell + target) * memory.total;
      const under = edge * memory.total - memory.used;
      const own = guests.filter(({ node }) => node === name).map((guest) => guest.memory.used);
      out.bytes += Math.max(0, over);
      out.moves += fewest(
        own.sort((a, b) => b - a),
        over,
      );
      into.bytes += Math.max(0, under);
      into.moves += fewest(sizes, under);
    }
    bytes = Math.min(bytes, Math.max(out.bytes, into.bytes));
    moves = Math.min(moves, Math.max(out.moves, into.moves));
  }
  return { bytes, seconds: 8 * moves + bytes / 1e9 };
}

function fewest(sizes: readonly number[], amount: number): number {
  let left = amount;
  let count = 0;
  while (left > 0 && count < sizes.length) left -= sizes[count++] ?? 0;
  return count;
}
