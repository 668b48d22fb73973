import { describe, expect, test } from "vitest";
import { planRebalance } from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";
import { judge } from "./judge.ts";
import { movesOf } from "./moves-of.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };

describe("levelling", () => {
  const skewed = cluster(nodes, [
    ...guestsOn("pve1", 10, 100, 6),
    ...guestsOn("pve2", 5, 200, 6),
    ...guestsOn("pve3", 5, 300, 6),
  ]);

  test("moves as little as reaches the target", () => {
    const plan = planRebalance(skewed);
    expect(plan.status).toBe("ok");
    expect(plan.before.spread).toBe(30);
    expect(plan.after.spread).toBeLessThanOrEqual(10);
    expect(plan.moves.length).toBe(3);
    expect(plan.costSeconds).toBeCloseTo(3 * (8 + (6 * GIB) / 1e9), 2);
  });

  test("says why, with the figures of both nodes", () => {
    const [move] = planRebalance(skewed).moves;
    expect(move?.reasons).toMatchObject([
      {
        code: "level-load",
        from: { before: 0.6, after: 0.54 },
        to: { before: 0.3, after: 0.36 },
        message: "relieves pve1 (60 → 54 % memory)",
      },
    ]);
  });

  test("does nothing when the target holds already", () => {
    const plan = planRebalance(skewed, { balanciness: 30 });
    expect(plan).toMatchObject({ status: "level", moves: [], costSeconds: 0, durationSeconds: 0 });
    expect(plan.after).toEqual(plan.before);
  });

  test("does nothing while every node is below the threshold", () => {
    expect(movesOf(skewed, { threshold: 0.7 })).toEqual([]);
    expect(movesOf(skewed, { threshold: 0.5 })).toHaveLength(3);
  });

  test("goes further when asked to aim lower", () => {
    expect(planRebalance(skewed, { aim: 0.6 }).after.spread).toBeLessThanOrEqual(6);
  });

  test("stops after the moves allowed, taking those that gain most", () => {
    const plan = planRebalance(skewed, { maxMoves: 2 });
    expect(plan.moves).toHaveLength(2);
    expect(plan.status).toBe("partial");
    expect(plan.conflicts[0]?.message).toContain("the 2 moves allowed are used up");
  });

  test("leaves guests of other types where they are", () => {
    const containers = cluster(nodes, [
      ...guestsOn("pve1", 10, 100, 6, { type: "lxc" }),
      ...guestsOn("pve2", 5, 200, 6),
      ...guestsOn("pve3", 5, 300, 6),
    ]);
    expect(movesOf(containers, { types: ["vm"] })).toEqual([]);
    expect(planRebalance(containers).moves.every(({ mode }) => mode === "restart")).toBe(true);
  });

  test("does not move guests that the cluster's own balancer moves", () => {
    const ha = { ha: { state: "started" } };
    const guests = [...guestsOn("pve1", 10, 100, 6, ha), ...guestsOn("pve2", 5, 200, 6)];
    const managed = cluster(nodes, guests, { meta: { autoRebalance: true } });
    const plan = planRebalance(managed);
    expect(plan.moves.every(({ guest }) => Number(guest) >= 200)).toBe(true);
    const left = plan.conflicts.find(({ code }) => code === "own-balancer");
    expect(left?.guests).toHaveLength(10);
    expect(left?.message).toBe(
      "The cluster itself balances 10 HA guests: counted, and moved by rules and drains only.",
    );
    const drained = planRebalance(managed, { maintenanceNodes: ["pve1"] });
    expect(drained.after.violations).toBe(0);
    const level = cluster(nodes, guestsOn("pve1", 1, 100, 6, ha), {
      meta: { autoRebalance: true },
    });
    expect(planRebalance(level)).toMatchObject({ status: "level", moves: [] });
    expect(
      planRebalance(cluster(nodes, guests)).moves.some(({ guest }) => Number(guest) < 200),
    ).toBe(true);
  });

  test("never uses nodes that are ignored, offline or in maintenance", () => {
    const odd = cluster(
      {
        pve1: {},
        pve2: {},
        off: { status: "offline" },
        out: { ignored: true },
        drain: { maintenance: true },
      },
      guestsOn("pve1", 10, 100, 6),
    );
    expect(planRebalance(odd).moves.every(({ to }) => to === "pve2")).toBe(true);
    expect(planRebalance(odd, { ignoreNodes: ["pve2"] }).moves).toEqual([]);
  });

  test("prefers few moves of large guests where that is cheaper", () => {
    const mixed = cluster({ pve1: {}, pve2: {} }, [
      ...guestsOn("pve1", 50, 100, 1),
      { id: 150, node: "pve1", gib: 10 },
      ...guestsOn("pve2", 4, 200, 10),
    ]);
    expect(planRebalance(mixed).moves).toHaveLength(1);
  });
});

describe("methods and modes", () => {
  test("cpu levels cores in use", () => {
    const busy = Array.from({ length: 8 }, (_, index) => ({
      id: 100 + index,
      node: "pve1",
      cpuCores: 3,
    }));
    const snapshot = cluster(nodes, busy);
    const plan = planRebalance(snapshot, { method: "cpu" });
    expect(plan.after.cpuSpread).toBeLessThanOrEqual(10);
    expect(plan.moves[0]?.reasons[0]?.message).toMatch(/% CPU\)$/);
    expect(movesOf(snapshot, { method: "memory", balanciness: 40 })).toEqual([]);
  });

  test("memory assigned levels configured memory", () => {
    const large = guestsOn("pve1", 4, 100, 1, { memory: { total: 20 * GIB, used: GIB } });
    const snapshot = cluster(nodes, large);
    expect(movesOf(snapshot)).toEqual([]);
    const plan = planRebalance(snapshot, { mode: "assigned", balanciness: 20 });
    expect(plan.before.spread).toBe(80);
    expect(plan.after.spread).toBe(20);
  });

  test("cpu assigned levels configured cores", () => {
    const plan = planRebalance(cluster(nodes, guestsOn("pve1", 12, 100, 1)), {
      method: "cpu",
      mode: "assigned",
    });
    expect(plan.before.spread).toBe(150);
    expect(plan.after.spread).toBeLessThanOrEqual(12.5);
  });

  test("disk levels what lies on the nodes' own storages", () => {
    const storages = [{ id: "local", shared: false, total: 1000 * GIB, used: 0 }];
    const filled = [{ id: "local", shared: false, total: 1000 * GIB, used: 600 * GIB }];
    const volumes = [{ storage: "local", bytes: 100 * GIB }];
    const snapshot = cluster(
      { pve1: { storages: filled }, pve2: { storages } },
      guestsOn("pve1", 6, 100, 1, { volumes }),
    );
    const plan = planRebalance(snapshot, { method: "disk", balanciness: 20 });
    expect(plan.before.spread).toBe(60);
    expect(plan.after.spread).toBe(20);
    expect(plan.moves).toMatchObject([{ diskBytes: 100 * GIB }, { diskBytes: 100 * GIB }]);
  });

  test("psi levels pressure by the guests' shares of it", () => {
    const calm = { cpuSome: 0, cpuFull: 0, memorySome: 0, memoryFull: 0, ioSome: 0, ioFull: 0 };
    const psi = { ...calm, cpuSome: 40 };
    const guests = guestsOn("pve1", 4, 100, 1, { psi: { ...calm, cpuSome: 10 } });
    const snapshot = cluster({ pve1: { psi }, pve2: { psi: calm } }, guests);
    const plan = planRebalance(snapshot, { method: "cpu", mode: "psi" });
    expect(plan.before.spread).toBe(40);
    expect(plan.after.spread).toBe(0);
    expect(plan.moves).toHaveLength(2);
    expect(plan.moves[0]?.reasons[0]?.message).toContain("CPU pressure");
  });

  test("a second target levels CPU beside memory", () => {
    const guests = [
      ...guestsOn("pve1", 6, 100, 5).map((guest) => ({ ...guest, cpuCores: 3 })),
      ...guestsOn("pve2", 6, 200, 5),
      ...guestsOn("pve3", 6, 300, 5),
    ];
    const snapshot = cluster(nodes, guests);
    expect(movesOf(snapshot)).toEqual([]);
    const { before, after } = planRebalance(snapshot, { cpuBalanciness: 25 });
    expect(before.cpuSpread).toBeGreaterThan(40);
    expect(after.cpuSpread).toBeLessThanOrEqual(25);
    expect(after.spread).toBeLessThanOrEqual(10);
  });
});

describe("limits", () => {
  test("a node over its limit is relieved though the spread is fine", () => {
    const snapshot = cluster({ pve1: {}, pve2: {} }, [
      ...guestsOn("pve1", 12, 100, 8),
      ...guestsOn("pve2", 10, 200, 8),
    ]);
    const plan = planRebalance(snapshot);
    expect(plan.moves).toMatchObject([
      {
        from: "pve1",
        reasons: [
          { code: "relieve-overload", message: "relieves pve1 (96 % memory, limit 95 %)" },
          {},
        ],
      },
    ]);
  });

  test("the reserve keeps memory free", () => {
    const guests = guestsOn("pve1", 10, 100, 6);
    const snapshot = cluster({ pve1: {}, pve2: { memoryGib: 60 } }, guests);
    const options = { memoryReserveBytes: { defaults: 0, pve2: 48 * GIB } };
    const { after } = planRebalance(snapshot, options);
    expect(after.nodes[1]?.guests).toBe(1);
    expect(after.nodes[1]?.load).toBeCloseTo(0.5, 2);
  });

  test("overcommit limits hold for configured cores and memory", () => {
    const snapshot = cluster({ pve1: {}, pve2: { cores: 4 } }, guestsOn("pve1", 10, 100, 6));
    const plan = planRebalance(snapshot, { limits: { vcpuPerCore: 2 } });
    expect(plan.after.nodes[1]?.guests).toBe(2);
    const tight = planRebalance(snapshot, { limits: { memoryAssigned: 0.24, cpuUsed: null } });
    expect(tight.after.nodes[1]?.guests).toBe(2);
  });

  test("local disks go only where the storage has room", () => {
    const volumes = [{ storage: "local", bytes: 50 * GIB }];
    const local = (total: number, used: number) => [
      { id: "local", shared: false, total: total * GIB, used: used * GIB },
    ];
    const snapshot = cluster(
      {
        pve1: { storages: local(1000, 500) },
        pve2: { storages: local(110, 0) },
        pve3: { storages: [] },
      },
      guestsOn("pve1", 10, 100, 6, { volumes }),
    );
    const plan = planRebalance(snapshot);
    expect(judge(snapshot, plan)).toEqual([]);
    expect(plan.after.nodes.map(({ guests }) => guests)).toEqual([8, 2, 0]);
  });

  test("guests reach only nodes with their networks, processors and the provider's consent", () => {
    const network = guestsOn("pve1", 4, 100, 6, { bridges: ["vmbr9"] });
    const refused = guestsOn("pve1", 4, 200, 6, { refusedNodes: { pve2: "no such device" } });
    const snapshot = cluster(
      {
        pve1: { cpuGroup: "x86-64-v3", bridges: ["vmbr0", "vmbr9"] },
        pve2: { cpuGroup: "x86-64-v3", bridges: ["vmbr0", "vmbr9"] },
        pve3: { cpuGroup: "x86-64-v3", bridges: ["vmbr0"] },
        pve4: { cpuGroup: "x86-64-v2", bridges: ["vmbr0", "vmbr9"] },
      },
      [...network, ...refused],
    );
    const plan = planRebalance(snapshot);
    expect(plan.moves.length).toBeGreaterThan(2);
    for (const { guest, to } of plan.moves) expect(to).toBe(Number(guest) < 200 ? "pve2" : "pve3");
  });
});
