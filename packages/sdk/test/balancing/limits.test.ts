import { describe, expect, test } from "vitest";
import { planRebalance, type RebalanceOptions } from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";
import { judge } from "./judge.ts";

describe("a node over its limit", () => {
  const nodes = { pve1: {}, pve2: {}, pve3: {} };
  const full = cluster(nodes, [...guestsOn("pve1", 8, 100, 6), ...guestsOn("pve2", 2, 200, 6)]);
  const limits = { memoryUsed: 0.4 };

  const waiting: readonly (readonly [string, RebalanceOptions])[] = [
    ["waits for its threshold", { threshold: 0.99 }],
    ["is another resource and waits", { method: "cpu", threshold: 0.9 }],
    ["is reached", { balanciness: 60 }],
  ];

  test.each(waiting)("is relieved where the target %s", (_, options) => {
    const asked = { ...options, limits };
    const plan = planRebalance(full, asked);
    expect(judge(full, plan, asked)).toEqual([]);
    expect(plan.status).toBe("ok");
    expect(plan.moves).toHaveLength(2);
    expect(plan.moves.every(({ from }) => from === "pve1")).toBe(true);
    expect(plan.moves.map(({ reasons }) => reasons[0]?.code)).toEqual([
      "relieve-overload",
      "relieve-overload",
    ]);
  });

  test("is named where nobody may leave it, whatever is asked for", () => {
    const held = guestsOn("pve1", 8, 100, 6, { lock: "backup" });
    const asked: readonly RebalanceOptions[] = [
      { threshold: 0.99, limits },
      { goal: "rules", limits },
    ];
    for (const options of asked) {
      const plan = planRebalance(cluster(nodes, held), options);
      expect(plan).toMatchObject({ moves: [], status: "partial" });
      expect(plan.conflicts).toEqual([
        {
          code: "limit-exceeded",
          rules: [],
          guests: [],
          node: "pve1",
          message:
            "pve1 stays over its limit (48 % memory, limit 40 %); add capacity or stop guests.",
        },
      ]);
    }
  });
});

describe("a node-local storage over its limit", () => {
  const storages = (used: number) => [
    { id: "local", shared: false, total: 100 * GIB, used: used * GIB },
  ];
  const nodes = {
    pve1: { storages: storages(98) },
    pve2: { storages: storages(0) },
    pve3: { storages: storages(0) },
  };
  const volumes = [{ storage: "local", bytes: 14 * GIB }];

  test("is relieved by as few as it takes, and they say so", () => {
    const snapshot = cluster(nodes, guestsOn("pve1", 7, 100, 1, { volumes }));
    const plan = planRebalance(snapshot);
    expect(judge(snapshot, plan)).toEqual([]);
    expect(plan.status).toBe("ok");
    expect(plan.moves).toHaveLength(1);
    expect(plan.moves[0]?.reasons[0]).toMatchObject({
      code: "relieve-overload",
      message: "relieves pve1 (98 % storage local, limit 95 %)",
    });
    expect(plan.moves[0]?.gain?.overload).toBeCloseTo(0.03, 3);
  });

  test("is named where nobody may leave it", () => {
    const held = guestsOn("pve1", 7, 100, 1, { volumes, lock: "backup" });
    const plan = planRebalance(cluster(nodes, held));
    expect(plan).toMatchObject({ moves: [], status: "partial" });
    expect(plan.conflicts).toMatchObject([
      {
        code: "limit-exceeded",
        node: "pve1",
        message:
          "pve1 stays over its limit (98 % storage local, limit 95 %); add capacity or delete what is not needed.",
      },
    ]);
    expect(plan.blocked.map(({ code, wanted }) => [code, wanted])).toEqual(
      held.map(() => ["locked", "relieve-overload"]),
    );
  });
});
