import { describe, expect, test } from "vitest";
import { planRebalance, type RebalanceOptions } from "../../src/balancing/index.ts";
import { cluster, guestsOn } from "./cluster.ts";
import { judge } from "./judge.ts";

function planned(snapshot: ReturnType<typeof cluster>, options: RebalanceOptions = {}) {
  const plan = planRebalance(snapshot, options);
  expect(judge(snapshot, plan, options)).toEqual([]);
  return plan;
}

describe("waves", () => {
  const drained = cluster(
    { pve1: { maintenance: true }, pve2: {}, pve3: {}, pve4: {} },
    guestsOn("pve1", 9, 100),
  );

  test("keep to the flow of each node and of the cluster", () => {
    const waves = (options: RebalanceOptions) =>
      Math.max(...planned(drained, options).moves.map(({ wave }) => wave)) + 1;
    expect(waves({})).toBe(5);
    expect(waves({ maxParallel: 1 })).toBe(9);
    expect(waves({ maxParallel: 9, maxOutflowPerNode: 9 })).toBe(3);
    expect(waves({ maxParallel: 9, maxOutflowPerNode: 9, maxInflowPerNode: 9 })).toBe(1);
  });

  test("take as long as their longest move, all added up", () => {
    const { moves, durationSeconds } = planned(drained);
    expect(durationSeconds).toBeCloseTo(5 * (moves[0]?.seconds ?? 0), 2);
  });

  test("start with the longest moves", () => {
    const snapshot = cluster({ pve1: { maintenance: true }, pve2: {}, pve3: {} }, [
      { id: 100, node: "pve1", gib: 1 },
      { id: 101, node: "pve1", gib: 30 },
      { id: 102, node: "pve1", gib: 9 },
    ]);
    expect(planned(snapshot).moves.map(({ guest }) => guest)).toEqual([101, 102, 100]);
  });
});

test("guests that must be apart do not meet on the way", () => {
  const apart = ["plb_anti_affinity_a"];
  const snapshot = cluster({ pve1: {}, pve2: {}, pve3: {} }, [
    { id: 100, node: "pve1", gib: 20, more: { tags: [...apart, "plb_pin_pve2"] } },
    { id: 101, node: "pve2", gib: 1, more: { tags: [...apart, "plb_pin_pve3"] } },
  ]);
  expect(planned(snapshot).moves.map(({ guest, wave }) => [guest, wave])).toEqual([
    [101, 0],
    [100, 1],
  ]);
});

describe("where no move can go first", () => {
  const cell = { pve1: {}, pve2: {}, pve3: {} };
  const crossed = [
    { id: 100, node: "pve1", gib: 30, more: { tags: ["plb_pin_pve2"] } },
    { id: 101, node: "pve2", gib: 30, more: { tags: ["plb_pin_pve1"] } },
    ...guestsOn("pve1", 6, 200, 10, { tags: ["plb_ignore"] }),
  ];

  test("another guest makes room for good", () => {
    const spare = { id: 300, node: "pve2", gib: 25 };
    const rest = guestsOn("pve2", 3, 400, 11, { tags: ["plb_ignore"] });
    const snapshot = cluster(cell, [...crossed, spare, ...rest]);
    const { moves, status } = planned(snapshot, { balanciness: 100 });
    expect(status).toBe("ok");
    expect(moves.map(({ guest, to }) => `${guest} ${to}`)).toEqual([
      "300 pve3",
      "100 pve2",
      "101 pve1",
    ]);
    expect(moves[0]?.reasons[0]).toMatchObject({ code: "make-room", partner: 100 });
  });

  test("one of them waits on a third node", () => {
    const movable = [
      { id: 100, node: "pve1", gib: 30, more: { tags: ["plb_pin_pve2", "plb_pin_pve3"] } },
      { id: 101, node: "pve2", gib: 30, more: { tags: ["plb_pin_pve1"] } },
      { id: 102, node: "pve3", gib: 1, more: { tags: ["plb_ignore"] } },
    ];
    const fill = [
      ...guestsOn("pve1", 6, 200, 10, { tags: ["plb_ignore"] }),
      ...guestsOn("pve2", 6, 300, 10, { tags: ["plb_ignore"] }),
    ];
    const wish = {
      id: "w",
      kind: "pin",
      guests: [100],
      nodes: ["pve2"],
      hard: false,
      source: "config",
    } as const;
    const { moves, after } = planned(cluster(cell, [...movable, ...fill], { rules: [wish] }), {
      balanciness: 100,
    });
    expect(after.violations).toBe(0);
    expect(moves.map(({ guest }) => guest)).toContain(101);
  });

  test("and nothing can make room, nothing moves and it is said why", () => {
    const rest = guestsOn("pve2", 6, 400, 10, { tags: ["plb_ignore"] });
    const snapshot = cluster({ pve1: {}, pve2: {} }, [...crossed, ...rest]);
    const plan = planned(snapshot, { balanciness: 60 });
    expect(plan.moves).toEqual([]);
    expect(plan.status).toBe("partial");
    expect(plan.blocked.map(({ guest, code }) => [guest, code])).toEqual([
      [100, "no-safe-order"],
      [101, "no-safe-order"],
    ]);
  });
});

describe("guests that must be apart and have to trade places", () => {
  const drained = { pve1: { maintenance: true }, pve2: {}, pve3: {} };
  const guests = [
    { id: 100, node: "pve2", more: { tags: ["plb_anti_affinity_a", "plb_pin_pve3"] } },
    { id: 101, node: "pve3", more: { tags: ["plb_anti_affinity_a", "plb_pin_pve2"] } },
  ];

  test("never meet: where nothing can step aside they stay, and it is said why", () => {
    const plan = planned(cluster(drained, guests));
    expect(plan.moves).toEqual([]);
    expect(plan.status).toBe("partial");
    expect(plan.blocked.map(({ guest, code }) => [guest, code])).toEqual([
      [100, "no-safe-order"],
      [101, "no-safe-order"],
    ]);
  });

  test("are not put on one node, however many other rules that would repair", () => {
    const ignored = { tags: ["plb_ignore"] };
    const snapshot = cluster({ pve1: {}, pve2: {}, pve3: {} }, [
      { id: 100, node: "pve1", gib: 30, more: { tags: ["plb_anti_affinity_a"] } },
      { id: 101, node: "pve3", gib: 4, more: { tags: ["plb_anti_affinity_a", "plb_pin_pve1"] } },
      // Together with 103, and away from 104, once 101 has made room for it.
      { id: 102, node: "pve2", gib: 2, more: { tags: ["plb_anti_affinity_b", "plb_affinity_c"] } },
      { id: 103, node: "pve3", gib: 6, more: { tags: ["plb_affinity_c"] } },
      { id: 104, node: "pve2", gib: 2, more: { tags: ["plb_anti_affinity_b", "plb_pin_pve2"] } },
      ...guestsOn("pve1", 6, 200, 10, ignored),
      ...guestsOn("pve2", 9, 300, 10, ignored),
      ...guestsOn("pve3", 7, 400, 12, ignored),
    ]);
    const { moves, status } = planned(snapshot, { balanciness: 100 });
    expect([moves, status]).toEqual([[], "partial"]);
  });

  test("do not meet when the provider keeps the rule", () => {
    const resources = ["vm:100", "vm:101"];
    const rule = { id: "far", type: "resource-affinity", affinity: "negative", resources } as const;
    const pinned = guests.map((guest) => ({
      ...guest,
      more: { tags: guest.more.tags.filter((tag) => tag.startsWith("plb_pin")) },
    }));
    const plan = planned(cluster(drained, pinned, { haRules: [rule] }));
    expect(plan.moves).toEqual([]);
    expect(plan.blocked.map(({ code }) => code)).toEqual(["no-safe-order", "no-safe-order"]);
  });
});
