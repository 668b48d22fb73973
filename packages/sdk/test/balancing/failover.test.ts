import { describe, expect, test } from "vitest";
import { checkFailover, type NodeFailover, prepareCluster } from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";
import { Dice } from "./dice.ts";
import { randomCluster } from "./random-cluster.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };

/** What becomes of the guests of pve1. */
function failed(...input: Parameters<typeof cluster>): NodeFailover {
  const [report] = checkFailover(cluster(...input), ["pve1"]).nodes;
  if (report === undefined) throw new Error("pve1 was not looked at");
  return report;
}

function tagged(id: number, node: string, ...tags: string[]) {
  return { id, node, more: { tags } };
}

describe("room", () => {
  test("every guest is started where most memory is free, whichever node fails", () => {
    const snapshot = cluster(nodes, [
      ...guestsOn("pve1", 4, 100, 10),
      ...guestsOn("pve2", 3, 200, 10),
      ...guestsOn("pve3", 2, 300, 10),
    ]);
    const report = checkFailover(snapshot);
    expect(report.holds).toBe(true);
    expect(report.nodes.map(({ node }) => node)).toEqual(["pve1", "pve2", "pve3"]);
    const [first] = report.nodes;
    expect(first).toMatchObject({ holds: true, proven: true, unplaced: [], lost: [] });
    expect(first?.restarts.map(({ guest, to }) => [guest, to])).toEqual([
      [100, "pve3"],
      [101, "pve2"],
      [102, "pve3"],
      [103, "pve2"],
    ]);
  });

  test("what does not fit is named with what is short", () => {
    const report = failed(nodes, [
      ...guestsOn("pve1", 2, 100, 40),
      ...guestsOn("pve2", 2, 200, 30),
      ...guestsOn("pve3", 1, 300, 50),
    ]);
    expect(report).toMatchObject({
      holds: false,
      proven: true,
      restarts: [{ guest: 100, to: "pve3" }],
      unplaced: [
        {
          guest: 101,
          name: "vm-101",
          code: "no-capacity",
          message:
            "pve2 has room for 35 GiB of memory and it needs 40 GiB; the other 1 have no more",
        },
      ],
    });
  });

  test("limits and reserves count", () => {
    const snapshot = cluster(nodes, [
      ...guestsOn("pve1", 1, 100, 40),
      ...guestsOn("pve2", 1, 200, 50),
      ...guestsOn("pve3", 1, 300, 50),
    ]);
    const holds = (options: Parameters<typeof checkFailover>[2]): boolean =>
      checkFailover(snapshot, ["pve1"], options).holds;
    expect(holds({})).toBe(true);
    expect(holds({ memoryReserveBytes: { defaults: 12 * GIB } })).toBe(false);
    expect(holds({ limits: { memoryUsed: 0.85 } })).toBe(false);
    expect(holds({ limits: { vcpuPerCore: 0.2 } })).toBe(false);
  });

  test("nodes that take no guests take none after a failure either", () => {
    const guests = guestsOn("pve1", 1, 100, 10);
    expect(failed({ pve1: {}, pve2: { maintenance: true } }, guests)).toMatchObject({
      unplaced: [{ code: "no-target", message: "no other node takes guests" }],
    });
  });

  test("a guest makes way for another where the largest first does not work out", () => {
    const report = failed({ pve1: {}, pve2: {}, pve3: {} }, [
      { id: 100, node: "pve1", gib: 20, more: { tags: ["plb_pin_pve1", "plb_pin_pve3"] } },
      { id: 101, node: "pve1", gib: 30 },
      ...guestsOn("pve2", 1, 200, 60),
      ...guestsOn("pve3", 1, 300, 50),
    ]);
    expect(report).toMatchObject({ holds: true, proven: true });
    expect(new Map(report.restarts.map(({ guest, to }) => [guest, to]))).toEqual(
      new Map([
        [100, "pve3"],
        [101, "pve2"],
      ]),
    );
  });
});

describe("rules", () => {
  test("a guest that is pinned to the node that fails has no other", () => {
    const report = failed(nodes, [tagged(100, "pve1", "plb_pin_pve1")]);
    expect(report.unplaced).toMatchObject([{ guest: 100, code: "pinned", rule: "pin:100" }]);
  });

  test("guests that must be apart are not started on one node", () => {
    const apart = "plb_anti_affinity_a";
    const report = failed(nodes, [
      tagged(100, "pve1", apart),
      tagged(101, "pve2", apart),
      tagged(102, "pve3", apart),
    ]);
    expect(report.unplaced).toMatchObject([
      {
        code: "rule",
        rule: apart,
        message: "it must not share a node with vm-101 on pve2, and likewise on the other nodes",
      },
    ]);
    expect(
      failed({ ...nodes, pve4: {} }, [
        tagged(100, "pve1", apart),
        tagged(101, "pve2", apart),
        tagged(102, "pve3", apart),
      ]).restarts,
    ).toMatchObject([{ guest: 100, to: "pve4" }]);
  });

  test("guests that must be together are started on one node, or not at all", () => {
    const tags = ["plb_affinity_a"];
    const pair = guestsOn("pve1", 2, 100, 25, { tags });
    const full = guestsOn("pve2", 2, 200, 25);
    expect(
      failed(nodes, [...pair, ...full, ...guestsOn("pve3", 1, 300, 30)]).restarts,
    ).toMatchObject([
      { guest: 100, to: "pve3" },
      { guest: 101, to: "pve3" },
    ]);
    expect(failed(nodes, [...pair, ...full, ...guestsOn("pve3", 2, 300, 25)])).toMatchObject({
      holds: false,
      unplaced: [{ guest: 100, code: "no-capacity" }, { guest: 101 }],
    });
  });

  test("a guest joins those that it should be with and is not", () => {
    const tags = ["plb_affinity_a"];
    const report = failed(nodes, [
      { id: 100, node: "pve1", more: { tags } },
      { id: 101, node: "pve2", gib: 50, more: { tags } },
    ]);
    expect(report.restarts).toMatchObject([{ guest: 100, to: "pve2" }]);
  });
});

describe("what the others cannot have", () => {
  const local = { id: "local-zfs", shared: false, total: 100 * GIB, used: 0 };
  const ceph = { id: "ceph", shared: true, total: 100 * GIB, used: 0 };

  test("disks on storage of the node's own and devices are lost with it", () => {
    const report = failed({ pve1: { storages: [local] }, pve2: { storages: [local] } }, [
      { id: 100, node: "pve1", more: { volumes: [{ storage: "local-zfs", bytes: GIB }] } },
      { id: 101, node: "pve1", more: { localResources: ["hostpci0"] } },
      { id: 102, node: "pve1" },
    ]);
    expect(report).toMatchObject({
      holds: true,
      lost: [
        {
          guest: 100,
          code: "local-storage",
          message: "its disks lie on storage of the node's own (local-zfs)",
        },
        { guest: 101, code: "local-device", message: "it uses devices of its node (hostpci0)" },
      ],
      restarts: [{ guest: 102, to: "pve2" }],
    });
  });

  test("a shared storage has to be there, and processors like the old ones do not", () => {
    const volumes = [{ storage: "ceph", bytes: GIB }];
    const guest = { id: 100, node: "pve1", more: { volumes } };
    expect(failed({ pve1: { storages: [ceph] }, pve2: {} }, [guest]).unplaced).toMatchObject([
      { code: "storage-missing" },
    ]);
    const other = { storages: [ceph], cpuGroup: "b" };
    expect(failed({ pve1: { storages: [ceph], cpuGroup: "a" }, pve2: other }, [guest]).holds).toBe(
      true,
    );
  });

  test("who starts a guest again is told for each", () => {
    const report = failed(nodes, [
      { id: 100, node: "pve1", more: { ha: { state: "started" } } },
      { id: 101, node: "pve1" },
      { id: 102, node: "pve1", more: { status: "stopped" } },
    ]);
    expect(report.restarts).toMatchObject([
      { guest: 100, ha: true },
      { guest: 101, ha: false },
    ]);
  });
});

test("a node that is not there is not covered", () => {
  const report = checkFailover(cluster(nodes, []), ["pve1", "pve7"]);
  expect(report).toMatchObject({ holds: false, unknown: ["pve7"], nodes: [{ node: "pve1" }] });
});

test("a node that is named twice is told of once", () => {
  const { nodes: told } = checkFailover(cluster(nodes, []), ["pve1", "pve1"]);
  expect(told.map(({ node }) => node)).toEqual(["pve1"]);
});

test("many questions share what is made ready once, and get the answers of the functions", () => {
  const snapshot = cluster(nodes, guestsOn("pve1", 9, 100, 10));
  const prepared = prepareCluster(snapshot);
  const first = prepared.failover();
  expect(prepared.failover(["pve1"]).nodes).toEqual([first.nodes[0]]);
  expect(prepared.failover()).toEqual(first);
  expect(first).toEqual(checkFailover(snapshot));
});

test("the answer does not depend on the order in which nodes, guests and rules are listed", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const snapshot = randomCluster(seed);
    const dice = new Dice(seed);
    const shuffled = {
      ...snapshot,
      nodes: dice.shuffled(snapshot.nodes),
      guests: dice.shuffled(snapshot.guests),
      rules: dice.shuffled(snapshot.rules),
      haRules: dice.shuffled(snapshot.haRules),
    };
    expect(checkFailover(shuffled), `seed ${seed}`).toEqual(checkFailover(snapshot));
  }
});
