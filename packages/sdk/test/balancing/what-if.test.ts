import type { PlacementRule } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import { planRebalance, type WhatIfChange, whatIf } from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };
const level = cluster(nodes, [
  ...guestsOn("pve1", 5, 100, 10),
  ...guestsOn("pve2", 5, 200, 10),
  ...guestsOn("pve3", 5, 300, 10),
]);

function asked(change: WhatIfChange, snapshot = level) {
  return whatIf(snapshot, [change]);
}

describe("a node fails", () => {
  const report = asked({ kind: "node-fails", node: "pve2" });

  test("its guests run on the others, and the cluster is levelled from there", () => {
    expect(report.now.nodes.map(({ load }) => load)).toEqual([0.5, 0.5, 0.5]);
    expect(report.failover).toMatchObject([{ node: "pve2", holds: true }]);
    expect(report.plan.before.nodes).toMatchObject([
      { name: "pve1", active: true, guests: 8, load: 0.8 },
      { name: "pve2", active: false, guests: 0, load: 0 },
      { name: "pve3", active: true, guests: 7, load: 0.7 },
    ]);
    expect(report.impossible).toEqual([]);
    expect(report.plan).toEqual(planRebalance(report.snapshot, report.options));
  });

  test("what finds no place and what is lost is told", () => {
    const local = { id: "zfs", shared: false, total: 100 * GIB, used: 0 };
    const volumes = [{ storage: "zfs", bytes: GIB }];
    const full = cluster({ pve1: { storages: [local] }, pve2: {} }, [
      { id: 100, node: "pve1", gib: 60 },
      { id: 101, node: "pve1", gib: 2, more: { volumes } },
      { id: 200, node: "pve2", gib: 60 },
    ]);
    expect(asked({ kind: "node-fails", node: "pve1" }, full).impossible).toEqual([
      {
        code: "no-capacity",
        rules: [],
        guests: [100],
        node: "pve1",
        message:
          "vm-100 would not start again: pve2 has room for 35 GiB of memory and it needs 60 GiB.",
      },
      {
        code: "lost",
        rules: [],
        guests: [101],
        node: "pve1",
        message:
          "vm-101 would be lost with pve1: its disks lie on storage of the node's own (zfs).",
      },
    ]);
  });
});

describe("a node joins", () => {
  test("one like another takes its share", () => {
    const report = asked({ kind: "node-added", node: "pve4", like: "pve1" });
    expect(report.plan.before.nodes.at(-1)).toMatchObject({ name: "pve4", load: 0, guests: 0 });
    expect(report.plan.status).toBe("ok");
    expect(report.plan.moves.every(({ to }) => to === "pve4")).toBe(true);
    expect(report.plan.after.spread).toBeLessThanOrEqual(10);
    expect(report.impossible).toEqual([]);
  });

  test("one of a size has the shared storages of the others", () => {
    const ceph = { id: "ceph", shared: true, total: 900 * GIB, used: 0 };
    const volumes = [{ storage: "ceph", bytes: GIB }];
    const shared = cluster(
      { pve1: { storages: [ceph] } },
      guestsOn("pve1", 6, 100, 10, { volumes }),
    );
    const size = { memoryBytes: 200 * GIB, cores: 64 };
    const report = asked({ kind: "node-added", node: "pve2", ...size }, shared);
    expect(report.plan.status).toBe("ok");
    expect(report.plan.after.nodes.at(-1)).toMatchObject({ name: "pve2", load: 0.2 });
  });

  test("the name must be free and the example there", () => {
    const same = asked({ kind: "node-added", node: "pve1", like: "pve2" });
    expect(same.impossible).toMatchObject([{ code: "node-exists", node: "pve1" }]);
    const nobody = asked({ kind: "node-added", node: "pve4", like: "pve9" });
    expect(nobody.impossible).toMatchObject([{ code: "unknown-node", node: "pve9" }]);
  });
});

describe("a node is drained", () => {
  test("only its guests move", () => {
    const report = asked({ kind: "drain", node: "pve3" });
    expect(report.plan.moves.map(({ guest }) => guest).toSorted()).toEqual([
      300, 301, 302, 303, 304,
    ]);
    expect(report.impossible).toEqual([]);
  });

  test("what cannot leave is told, and what could not before is not", () => {
    const held = cluster(nodes, [
      { id: 100, node: "pve1", more: { tags: ["plb_pin_pve2"], lock: "backup" } },
      { id: 300, node: "pve3", more: { tags: ["plb_pin_pve3"] } },
    ]);
    const { impossible } = asked({ kind: "drain", node: "pve3" }, held);
    expect(impossible.map(({ code, node }) => [code, node])).toEqual([
      ["pin-no-node", undefined],
      ["drain-blocked", "pve3"],
    ]);
    expect(impossible.flatMap(({ guests }) => guests)).not.toContain(100);
  });

  test("who cannot leave is told why, also where that is a rule of several", () => {
    const apart = { tags: ["plb_anti_affinity_web"] };
    const three = cluster({ pve1: {}, pve2: {}, pve3: {} }, [
      { id: 100, node: "pve1", more: apart },
      { id: 200, node: "pve2", more: apart },
      { id: 300, node: "pve3", more: apart },
    ]);
    const { impossible } = asked({ kind: "drain", node: "pve3" }, three);
    const stuck = impossible.find(({ code }) => code === "drain-blocked");
    expect(stuck?.guests).toEqual([300]);
    expect(impossible.filter(({ guests }) => guests.join() === "300")).toMatchObject([
      { code: "drain-blocked" },
      {
        node: "pve3",
        message: expect.stringMatching(/^vm-300 stays: it must not share pve\d with/),
      },
    ]);
  });

  test("a node that is not there", () => {
    expect(asked({ kind: "drain", node: "pve9" }).impossible).toMatchObject([
      { code: "unknown-node", node: "pve9" },
    ]);
  });
});

describe("a guest is added", () => {
  test("on the best node", () => {
    const report = asked({ kind: "guest-added", guest: { memoryBytes: 20 * GIB, cores: 4 } });
    expect(report.homes).toMatchObject([
      { name: "new-guest", choices: [{ node: "pve1", fits: true }, {}, {}] },
    ]);
    expect(report.plan.before.nodes[0]).toMatchObject({ name: "pve1", load: 0.7, guests: 6 });
    expect(report.snapshot.guests.at(-1)).toMatchObject({ id: "new-guest", node: "pve1" });
  });

  test("and another one of the same name", () => {
    const change = {
      kind: "guest-added",
      guest: { memoryBytes: GIB, cores: 1, tags: ["plb_anti_affinity_x"] },
      name: "web",
    } as const;
    const { snapshot, impossible } = whatIf(level, [change, change, change, change]);
    expect(snapshot.guests.slice(-3).map(({ id, node }) => [id, node])).toEqual([
      ["web", "pve1"],
      ["web-2", "pve2"],
      ["web-3", "pve3"],
    ]);
    expect(impossible).toMatchObject([{ code: "no-target" }]);
    expect(impossible[0]?.message).toContain("it must not share pve1 with web");
  });
});

describe("a rule is added, a target changed", () => {
  test("the plan follows the rule", () => {
    const rule: PlacementRule = {
      id: "db",
      kind: "apart",
      guests: [100, 101],
      hard: true,
      source: "config",
    };
    const report = asked({ kind: "rule-added", rule });
    expect(report.now.violations).toBe(0);
    expect(report.plan.before.violations).toBe(1);
    expect(report.plan.after.violations).toBe(0);
  });

  test("a rule that cannot hold is told", () => {
    const rule: PlacementRule = {
      id: "db",
      kind: "apart",
      guests: [100, 101, 200, 300],
      hard: true,
      source: "config",
    };
    const { impossible } = asked({ kind: "rule-added", rule });
    expect(impossible[0]).toMatchObject({ code: "apart-too-many", rules: ["db"] });
  });

  test("the target", () => {
    const uneven = cluster(nodes, [
      ...guestsOn("pve1", 12, 100, 5),
      ...guestsOn("pve2", 11, 200, 5),
      ...guestsOn("pve3", 10, 300, 5),
    ]);
    expect(planRebalance(uneven).moves).toEqual([]);
    const report = asked({ kind: "target", balanciness: 4 }, uneven);
    expect(report.plan).toMatchObject({ balanciness: 4, status: "ok" });
    expect(report.plan.moves).toHaveLength(1);
  });

  test("the target is asked for, also after a drain", () => {
    const changes = [
      { kind: "drain", node: "pve3" },
      { kind: "target", balanciness: 5 },
    ] as const;
    const uneven = cluster(nodes, [
      ...guestsOn("pve1", 12, 100, 5),
      ...guestsOn("pve3", 2, 300, 5),
    ]);
    const report = whatIf(uneven, changes);
    expect(report.plan.after.spread).toBeLessThanOrEqual(5);
    expect(whatIf(uneven, changes.toReversed()).plan.after).toEqual(report.plan.after);
    expect(whatIf(uneven, changes.slice(0, 1)).plan.after.spread).toBeGreaterThan(5);
  });

  test("the target replaces the one that the options give for the levelled resource", () => {
    const uneven = cluster(nodes, [...guestsOn("pve1", 9, 100, 5), ...guestsOn("pve2", 4, 200, 5)]);
    const options = { targets: { memory: 10, cpu: 50 } };
    const report = whatIf(uneven, [{ kind: "target", balanciness: 50 }], options);
    expect(report.plan.moves).toEqual([]);
    expect(report.options.targets).toEqual({ memory: 50, cpu: 50 });
  });
});

test("several changes are made in their order", () => {
  const report = whatIf(level, [
    { kind: "node-added", node: "pve4", like: "pve1" },
    { kind: "drain", node: "pve1" },
  ]);
  expect(report.plan.moves.map(({ from }) => from)).toEqual(Array(5).fill("pve1"));
  expect(report.plan.after.nodes.at(-1)?.guests).toBe(5);
});
