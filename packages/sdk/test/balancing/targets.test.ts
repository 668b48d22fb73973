import { describe, expect, test } from "vitest";
import { planRebalance } from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";

const storages = [{ id: "local", shared: false, total: 1000 * GIB, used: 0 }];
const full = [{ id: "local", shared: false, total: 1000 * GIB, used: 500 * GIB }];
const volumes = [{ storage: "local", bytes: 100 * GIB }];

/** Memory is level; the disks of pve1 are half full and those of the others empty. */
const disky = cluster({ pve1: { storages: full }, pve2: { storages }, pve3: { storages } }, [
  ...guestsOn("pve1", 5, 100, 4, { volumes }),
  ...guestsOn("pve2", 5, 200, 4, { volumes: [] }),
  ...guestsOn("pve3", 5, 300, 4, { volumes: [] }),
]);

/** Memory and processors are uneven, each on another node. */
const both = cluster({ pve1: {}, pve2: {}, pve3: {} }, [
  ...guestsOn("pve1", 10, 100, 6),
  ...Array.from({ length: 12 }, (_, index) => ({
    id: 200 + index,
    node: "pve2",
    gib: 2,
    cpuCores: 2,
  })),
  ...guestsOn("pve3", 4, 300, 6),
]);

describe("several targets", () => {
  test("disks are levelled beside memory", () => {
    expect(planRebalance(disky).moves).toEqual([]);
    const plan = planRebalance(disky, { targets: { disk: 20 } });
    const disks = plan.after.nodes.map(({ disk }) => disk);
    expect(Math.max(...disks) - Math.min(...disks)).toBeLessThanOrEqual(0.2);
    expect(plan.after.spread).toBeLessThanOrEqual(10);
    expect(plan.status).toBe("ok");
    expect(plan.moves[0]?.reasons[0]?.message).toBe("relieves pve1 (50 % disk)");
  });

  test("a CPU target is the same by either name", () => {
    const plan = planRebalance(both, { cpuBalanciness: 15 });
    expect(plan.after.cpuSpread).toBeLessThanOrEqual(15);
    expect(planRebalance(both, { targets: { cpu: 15 } })).toEqual(plan);
  });

  test("a CPU target left open in one place is taken from the other", () => {
    const plan = planRebalance(both, { cpuBalanciness: 15 });
    expect(planRebalance(both, { cpuBalanciness: 15, targets: { cpu: undefined } })).toEqual(plan);
  });

  test("the narrower one counts where the levelled resource is named again", () => {
    const plan = planRebalance(both, { targets: { memory: 5 } });
    expect(plan.after.spread).toBeLessThanOrEqual(5);
  });

  test("a target that cannot be reached is named, the others are reached", () => {
    const stuck = { volumes, localResources: ["hostpci0"] };
    const held = cluster({ pve1: { storages: full }, pve2: { storages }, pve3: { storages } }, [
      ...guestsOn("pve1", 5, 100, 4, stuck),
      ...guestsOn("pve2", 10, 200, 4, { volumes: [] }),
      ...guestsOn("pve3", 5, 300, 4, { volumes: [] }),
    ]);
    const plan = planRebalance(held, { targets: { disk: 20 } });
    expect(plan.after.spread).toBeLessThanOrEqual(10);
    expect(plan.conflicts).toMatchObject([{ code: "target-unreachable" }]);
    expect(plan.conflicts[0]?.message).toContain("The disk of the nodes stays 50 points apart");
  });

  test("each waits for its own threshold, and is not made worse meanwhile", () => {
    const calm = planRebalance(both, { targets: { cpu: 15 }, thresholds: { cpu: 0.9 } });
    expect(calm.after.spread).toBeLessThanOrEqual(10);
    expect(calm.after.cpuSpread).toBeGreaterThan(15);
    expect(calm.after.cpuSpread).toBeLessThanOrEqual(calm.before.cpuSpread);
    expect(calm.conflicts).toEqual([]);
    const busy = planRebalance(both, {
      targets: { cpu: 15 },
      threshold: 0.7,
      thresholds: { cpu: 0.5 },
    });
    expect(busy.after.cpuSpread).toBeLessThanOrEqual(15);
    expect(busy.after.spread).toBeLessThanOrEqual(busy.before.spread);
    expect(busy.after.spread).toBeGreaterThan(10);
    const quiet = { threshold: 0.7, thresholds: { cpu: 0.9 } };
    expect(planRebalance(both, { targets: { cpu: 15 }, ...quiet }).moves).toEqual([]);
  });
});
