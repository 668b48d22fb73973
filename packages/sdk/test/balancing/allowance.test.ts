import { describe, expect, test } from "vitest";
import {
  createHistory,
  measureBalance,
  planRebalance,
  type RebalanceOptions,
  recordMoves,
} from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";
import { makeCluster } from "./families/index.ts";
import { judge } from "./judge.ts";
import { carryOut } from "./wander.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };

function planFor(snapshot: ReturnType<typeof cluster>, options: RebalanceOptions) {
  const plan = planRebalance(snapshot, options);
  expect(judge(snapshot, plan, options)).toEqual([]);
  return plan;
}

describe("an allowance", () => {
  const skewed = cluster(nodes, [
    ...guestsOn("pve1", 10, 100, 6),
    ...guestsOn("pve2", 5, 200, 6),
    ...guestsOn("pve3", 5, 300, 6),
  ]);

  test("of bytes stops levelling, and the plan says so", () => {
    const plan = planFor(skewed, { maxMoveBytes: 13 * GIB });
    expect(plan.moves).toHaveLength(2);
    expect(plan.status).toBe("partial");
    expect(plan.conflicts).toEqual([
      {
        code: "allowance-used",
        rules: [],
        guests: [],
        message:
          "The memory of the nodes stays 12 points apart, the target is 10: the 13 GiB allowed to travel are used up.",
      },
    ]);
  });

  test("of minutes counts waves, not moves one after the other", () => {
    const [seconds = 0] = planRebalance(skewed).moves.map((move) => move.seconds);
    expect(planFor(skewed, { maxMinutes: (1.1 * seconds) / 60 }).moves).toHaveLength(2);
    const alone = { maxParallel: 1, maxMinutes: (1.1 * seconds) / 60 };
    expect(planFor(skewed, alone).moves).toHaveLength(1);
    expect(planFor(skewed, { maxMinutes: 60 })).toMatchObject({ status: "ok", conflicts: [] });
    expect(planFor(skewed, alone).conflicts[0]?.message).toMatch(/minutes allowed are used up\.$/);
  });

  test("of none moves nothing", () => {
    const plan = planFor(skewed, { maxMoves: 0 });
    expect(plan).toMatchObject({ moves: [], status: "partial" });
    expect(plan.conflicts[0]?.message).toMatch(/target is 10: no moves are allowed\.$/);
    expect(planFor(skewed, { maxMoveBytes: 0 }).moves).toEqual([]);
  });

  test("that is used up is the reason, and not the guests that could not have moved either", () => {
    const more = { tags: ["plb_ignore"] };
    const held = cluster(nodes, [
      ...guestsOn("pve1", 2, 100, 6, more),
      ...guestsOn("pve1", 8, 110, 6),
    ]);
    const plan = planFor(held, { maxMoves: 1 });
    expect(plan.conflicts[0]?.message).toMatch(/: the 1 move allowed is used up\.$/);
    expect(plan.conflicts[0]?.guests).toEqual([]);
    expect(plan.blocked).toEqual([]);
  });

  test("is spent on repairs first, and never limits them", () => {
    const tags = ["plb_pin_pve2"];
    const broken = cluster(nodes, [
      ...guestsOn("pve1", 10, 100, 6),
      ...guestsOn("pve3", 2, 300, 1, { tags }),
      ...guestsOn("pve2", 4, 200, 6),
    ]);
    expect(planFor(broken, {}).moves.length).toBeGreaterThan(3);
    const repairs = planFor(broken, { maxMoves: 1 });
    expect(repairs.moves.map(({ guest, to }) => `${guest} ${to}`)).toEqual([
      "300 pve2",
      "301 pve2",
    ]);
    expect(planFor(broken, { maxMoves: 3 }).moves).toHaveLength(3);
    expect(planFor(broken, { maxMoves: 3 }).after.violations).toBe(0);
  });

  test("does not keep a node over its limit", () => {
    const full = cluster(nodes, [
      ...guestsOn("pve1", 8, 100, 6),
      ...guestsOn("pve2", 2, 200, 6),
      ...guestsOn("pve3", 2, 300, 6),
    ]);
    const limits = { memoryUsed: 0.4 };
    const plan = planFor(full, { limits, maxMoves: 0 });
    expect(plan.moves.map(({ reasons }) => reasons[0]?.code)).toEqual([
      "relieve-overload",
      "relieve-overload",
    ]);
    expect(plan.conflicts.map(({ code }) => code)).toEqual(["allowance-used"]);
    expect(planFor(full, { limits }).moves.length).toBeGreaterThan(2);
  });

  const wishing = cluster(
    nodes,
    [
      ...guestsOn("pve1", 7, 100, 1),
      ...guestsOn("pve2", 6, 200, 2),
      ...guestsOn("pve3", 6, 300, 2),
    ],
    {
      rules: Array.from({ length: 7 }, (_, index) => ({
        id: `wish-${index}`,
        kind: "pin" as const,
        guests: [100 + index],
        nodes: ["pve2"],
        hard: false,
        source: "config" as const,
      })),
    },
  );

  test.each([{}, { threshold: 0.9 }, { goal: "rules" }] as const)(
    "is spent on wishes one by one, and names those left over: %o",
    (options) => {
      for (const maxMoves of [0, 1, 3, 6]) {
        const plan = planFor(wishing, { balanciness: 30, ...options, maxMoves });
        expect(plan.moves.map(({ to }) => to)).toEqual(Array(maxMoves).fill("pve2"));
        expect(plan.moves.every(({ reasons }) => reasons[0]?.code === "prefer-node")).toBe(true);
        expect(plan).toMatchObject({ status: "partial", conflicts: [{ code: "allowance-used" }] });
        expect(plan.conflicts[0]?.message).toMatch(
          maxMoves === 6 ? /^1 wish stays unfollowed: the 6 / : /^\d wishes stay unfollowed: /,
        );
      }
      const plan = planFor(wishing, { balanciness: 30, ...options, maxMoves: 7 });
      expect(plan).toMatchObject({ status: "ok", conflicts: [] });
      expect(plan.moves).toHaveLength(7);
    },
  );

  test("that is none follows no wish where a node has to be relieved", () => {
    const options = { limits: { memoryUsed: 0.11 }, maxMoves: 0 };
    const plan = planFor(wishing, options);
    expect(plan.moves.length).toBeGreaterThan(0);
    expect(plan.moves.every(({ from }) => from !== "pve1")).toBe(true);
  });

  test("does not limit a drain", () => {
    const options = { maxMoves: 2, maxMoveBytes: GIB, maxMinutes: 0.1 };
    const plan = planFor(skewed, { ...options, maintenanceNodes: ["pve3"] });
    expect(plan.after.violations).toBe(0);
    expect(plan.moves.every(({ from }) => from === "pve3")).toBe(true);
  });

  test("is kept to in every kind of cluster, and what it buys is worth having", () => {
    for (const family of ["skew", "affinity", "localdisk", "cpuhot", "mixed"]) {
      const snapshot = makeCluster(family, 3, 60, 1);
      const repairs = planRebalance(snapshot, { goal: "rules" }).moves.length;
      let spread = Number.POSITIVE_INFINITY;
      for (const more of [0, 1, 2, 4]) {
        const options = { maxMoves: repairs + more };
        const plan = planFor(snapshot, options);
        expect(plan.moves.length, family).toBeLessThanOrEqual(options.maxMoves);
        const excess = Math.max(0, plan.after.spread - 10);
        if (family !== "cpuhot") expect(excess, family).toBeLessThanOrEqual(spread + 1e-6);
        spread = excess;
      }
    }
  });
});

describe("a small allowance, plan after plan", () => {
  for (const hasHistory of [false, true]) {
    test(`comes to the target ${hasHistory ? "with" : "without"} a history`, () => {
      let snapshot = makeCluster("skew", 10, 300, 1);
      let history = createHistory();
      let plans = 0;
      for (;;) {
        const now = new Date(Date.UTC(2026, 0, 1) + plans * 5 * 60_000);
        const plan = planRebalance(snapshot, {
          maxMoves: 2,
          ...(hasHistory ? { history, now } : {}),
        });
        history = recordMoves(history, plan, now);
        if (plan.moves.length === 0) break;
        expect(plan.moves.length).toBeLessThanOrEqual(2);
        snapshot = carryOut(snapshot, plan);
        plans++;
      }
      expect(measureBalance(snapshot).spread).toBeLessThanOrEqual(10);
      expect(plans).toBeLessThanOrEqual(10);
    });
  }
});

describe("the memory that a running VM writes to", () => {
  test("makes its move dearer by a factor, and no move of what does not run meanwhile", () => {
    const paused = { status: "paused" } as const;
    const leaving = cluster({ ...nodes, pve1: { maintenance: true } }, [
      { id: 100, node: "pve1", gib: 4 },
      { id: 101, node: "pve1", gib: 4, more: { type: "lxc" } },
      { id: 102, node: "pve1", gib: 4, more: paused },
    ]);
    const secondsWith = (options: RebalanceOptions): readonly number[] =>
      planFor(leaving, options)
        .moves.toSorted((a, b) => Number(a.guest) - Number(b.guest))
        .map(({ seconds }) => Math.round(1000 * (seconds - 8)));
    const once = Math.round((4 * GIB) / 1e6);
    expect(secondsWith({})).toEqual([once, once, once]);
    expect(secondsWith({ dirtyFactor: 2 })).toEqual([2 * once, once, once]);
  });

  test("decides who moves", () => {
    const even = cluster(nodes, [
      ...guestsOn("pve1", 4, 100, 6, { type: "lxc" }),
      ...guestsOn("pve1", 4, 200, 5),
      ...guestsOn("pve2", 5, 300, 4),
      ...guestsOn("pve3", 5, 400, 4),
    ]);
    const typesWith = (options: RebalanceOptions): ReadonlySet<string> =>
      new Set(planFor(even, { balanciness: 16, ...options }).moves.map(({ type }) => type));
    expect(typesWith({})).toContain("qemu");
    expect(typesWith({ dirtyFactor: 4 })).toEqual(new Set(["lxc"]));
  });
});

describe("the restart of a container", () => {
  const even = cluster(nodes, [
    ...guestsOn("pve1", 5, 100, 4, { type: "lxc" }),
    ...guestsOn("pve1", 5, 200, 6),
    ...guestsOn("pve2", 5, 300, 4),
    ...guestsOn("pve3", 5, 400, 4),
  ]);

  test("costs no more than its copying unless a price is set", () => {
    const plan = planFor(even, { balanciness: 18 });
    expect(plan.moves.some(({ type }) => type === "lxc")).toBe(true);
  });

  test("has a price that decides who moves, and is no part of the plan's figures", () => {
    const plan = planFor(even, { balanciness: 18, restartSeconds: 60 });
    expect(plan.moves.every(({ type }) => type === "qemu")).toBe(true);
    const only = planFor(even, { balanciness: 18, restartSeconds: 60, types: ["container"] });
    expect(only.moves.length).toBeGreaterThan(0);
    const seconds = only.moves.map(({ memoryBytes }) => 8 + memoryBytes / 1e9);
    expect(only.costSeconds).toBeCloseTo(
      seconds.reduce((sum, one) => sum + one, 0),
      2,
    );
  });
});
