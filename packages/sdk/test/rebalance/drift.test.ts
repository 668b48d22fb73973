import type { ClusterState, Guest } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import type { Move } from "../../src/balancing/index.ts";
import { checkMove, memoryLimitOf } from "../../src/rebalance/drift.ts";
import { sampleGuest, sampleMove, sampleNode } from "./samples.ts";

const GiB = 2 ** 30;
const move = sampleMove(100, "a", "b");
const context = { memoryLimit: 0.95, maintenanceNodes: [], incomingBytes: 0, isSettling: false };

function state(guest: Partial<Guest> = {}, target: Partial<ClusterState["nodes"][number]> = {}) {
  return {
    nodes: [sampleNode("a"), { ...sampleNode("b"), ...target }],
    guests: [{ ...sampleGuest(100, "a"), ...guest }],
  };
}

describe("memoryLimitOf", () => {
  const load = { active: true, load: 0, cpu: 0, disk: 0, guests: 0 };
  const nodes = [
    { name: "a", memory: 0.5, ...load },
    { name: "b", memory: 0.98, ...load },
  ];
  const limits = [{ memoryUsed: 0.95 }];

  it("is the limit, or what a node had in use before where that was more", () => {
    expect(memoryLimitOf("a", limits, { nodes })).toBe(0.95);
    expect(memoryLimitOf("b", limits, { nodes })).toBe(0.98);
    expect(memoryLimitOf("c", [{ memoryUsed: null }], { nodes })).toBe(Number.POSITIVE_INFINITY);
  });

  it("is the lowest limit of all: a plan may ask for less than the rules, not for more", () => {
    const greedy = [{ memoryUsed: null }, { memoryUsed: 0.9 }];
    expect(memoryLimitOf("a", greedy, { nodes })).toBe(0.9);
    expect(memoryLimitOf("a", [{ memoryUsed: 0.7 }, ...greedy], { nodes })).toBe(0.7);
  });
});

describe("checkMove", () => {
  it("lets a move go that finds everything as planned", () => {
    expect(checkMove(move, state(), context)).toBe("ready");
  });

  it("sees that the guest is there already", () => {
    expect(checkMove(move, state({ node: "b" }), context)).toBe("already_there");
  });

  it.each([
    ["the guest is gone", state({ id: 999 }), "plan_stale", "not in the cluster"],
    ["the guest is elsewhere", state({ node: "c" }), "plan_stale", "is on c, not on a"],
    ["the guest is locked", state({ lock: "backup" }), "conflict", "locked (backup)"],
    ["the guest does not report", state({ status: "unknown" }), "plan_stale", "does not report"],
    ["the guest was stopped", state({ status: "stopped" }), "plan_stale", "has been stopped"],
    ["the target is down", state({}, { status: "offline" }), "plan_stale", "b is not online"],
    ["the target is being emptied", state({}, { maintenance: true }), "plan_stale", "maintenance"],
    [
      "the target has filled up",
      state({}, { memory: { total: 64 * GiB, used: 60 * GiB } }),
      "plan_stale",
      "103 % memory",
    ],
  ])("holds a move back when %s", (_, seen, code, words) => {
    const check = checkMove(move, seen, context);
    expect(check).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it("sends nothing onto a node that people have put into maintenance", () => {
    const check = checkMove(move, state(), { ...context, maintenanceNodes: ["b"] });
    expect(check).toMatchObject({
      code: "plan_stale",
      message: expect.stringContaining("maintenance"),
    });
    expect(checkMove(move, state(), { ...context, maintenanceNodes: ["a"] })).toBe("ready");
  });

  it("lets a stopped guest go to a node without room for it, but not once it was started", () => {
    const offline: Move = { ...move, mode: "offline" };
    const full = { memory: { total: 64 * GiB, used: 60 * GiB } };
    expect(checkMove(offline, state({ status: "stopped" }, full), context)).toBe("ready");
    const check = checkMove(offline, state({ status: "running" }, full), context);
    expect(check).toMatchObject({ code: "plan_stale" });
  });

  it("counts the guests that are on their way to the target", () => {
    const busy = { ...context, incomingBytes: 55 * GiB };
    expect(checkMove(move, state(), busy)).toMatchObject({ code: "plan_stale" });
  });

  it("looks again while the figures of the target may lag behind the last moves", () => {
    const full = state({}, { memory: { total: 64 * GiB, used: 60 * GiB } });
    expect(checkMove(move, full, { ...context, isSettling: true })).toBe("settling");
  });
});
