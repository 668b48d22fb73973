import { describe, expect, it } from "vitest";
import { findMissingStep, nextMoves } from "../../src/rebalance/order.ts";
import { sampleMove } from "./samples.ts";

const limits = { maxParallel: 4, maxInflowPerNode: 1, maxOutflowPerNode: 2 };

describe("nextMoves", () => {
  it("starts what the limits per node allow and leaves the rest", () => {
    const moves = [
      sampleMove(1, "a", "b"),
      sampleMove(2, "a", "b"),
      sampleMove(3, "a", "c"),
      sampleMove(4, "a", "d"),
    ];
    expect(nextMoves(moves, ["waiting", "waiting", "waiting", "waiting"], limits)).toEqual([0, 2]);
  });

  it("counts what is under way", () => {
    const moves = [sampleMove(1, "a", "b"), sampleMove(2, "c", "b"), sampleMove(3, "c", "d")];
    expect(nextMoves(moves, ["running", "waiting", "waiting"], limits)).toEqual([2]);
    expect(
      nextMoves(moves, ["running", "waiting", "waiting"], { ...limits, maxParallel: 1 }),
    ).toEqual([]);
  });

  it("waits for earlier waves on the same nodes and for no others", () => {
    const moves = [sampleMove(1, "a", "b"), sampleMove(2, "b", "c", 1), sampleMove(3, "d", "e", 1)];
    expect(nextMoves(moves, ["running", "waiting", "waiting"], limits)).toEqual([2]);
    expect(nextMoves(moves, ["done", "waiting", "running"], limits)).toEqual([1]);
  });

  it("counts a move whose fate is unknown as one that goes on", () => {
    const moves = [sampleMove(1, "a", "b"), sampleMove(2, "c", "b"), sampleMove(3, "b", "d", 1)];
    expect(nextMoves(moves, ["unknown", "waiting", "waiting"], limits)).toEqual([]);
  });

  it("never runs two moves of one guest at once", () => {
    const moves = [sampleMove(1, "a", "b"), sampleMove(1, "b", "c", 1)];
    expect(nextMoves(moves, ["running", "waiting"], limits)).toEqual([]);
    expect(nextMoves(moves, ["done", "waiting"], limits)).toEqual([1]);
  });
});

describe("findMissingStep", () => {
  const moves = [sampleMove(1, "a", "b"), sampleMove(2, "c", "a", 1), sampleMove(3, "c", "b", 1)];

  it("names the failed move that was to make room on the target", () => {
    expect(findMissingStep(moves[1]!, moves, ["failed", "waiting", "waiting"])).toBe(0);
  });

  it("lets a move go whose target only misses an arrival", () => {
    expect(findMissingStep(moves[2]!, moves, ["failed", "waiting", "waiting"])).toBeUndefined();
  });

  it("lets everything go while nothing failed", () => {
    expect(findMissingStep(moves[1]!, moves, ["done", "waiting", "waiting"])).toBeUndefined();
  });
});
