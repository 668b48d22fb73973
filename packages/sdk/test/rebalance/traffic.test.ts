import { expect, it } from "vitest";
import type { MoveState, MoveStatus } from "../../src/rebalance/events.ts";
import { trafficAt } from "../../src/rebalance/traffic.ts";
import { sampleGuest, sampleMove } from "./samples.ts";

const endedAt = new Date(1_000);

function status(state: MoveState): MoveStatus {
  return { move: sampleMove(1, "a", "b"), state, progress: null, endedAt, warnings: [] };
}

it.each([
  ["running", 6],
  ["unknown", 6],
  ["done", 0],
  ["failed", 0],
] as const)("counts the memory of a %s move as %i GiB on its way", (state, gib) => {
  expect(trafficAt("b", [status(state)], 5_000).incomingBytes).toBe(gib * 2 ** 30);
});

it("counts a guest with what it has in use by now where a plan says less", () => {
  const now = sampleGuest(1, "a", { memory: { total: 16 * 2 ** 30, used: 9 * 2 ** 30 } });
  expect(trafficAt("b", [status("running")], 5_000, [now]).incomingBytes).toBe(9 * 2 ** 30);
});

it("counts a guest that has just come, which the figures may not show yet", () => {
  const traffic = trafficAt("b", [status("done")], 500);
  expect(traffic).toEqual({ incomingBytes: 6 * 2 ** 30, isSettling: true });
});
