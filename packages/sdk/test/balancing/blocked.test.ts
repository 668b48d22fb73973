import type { Guest } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import {
  type BlockedGuest,
  planRebalance,
  type RebalanceOptions,
} from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn, type NodeInput } from "./cluster.ts";
import { judge } from "./judge.ts";

const drained: Readonly<Record<string, NodeInput>> = {
  pve1: { maintenance: true },
  pve2: {},
  pve3: {},
};

/** What keeps one guest on a node that is being emptied. */
function leaving(
  more: Partial<Guest>,
  nodes: Readonly<Record<string, NodeInput>> = drained,
  gib = 4,
): BlockedGuest | undefined {
  return planRebalance(cluster(nodes, [{ id: 100, node: "pve1", gib, more }])).blocked[0];
}

describe("a guest that should leave stays because", () => {
  test("it is ignored", () => {
    expect(leaving({ tags: ["plb_ignore"] })).toEqual({
      guest: 100,
      name: "vm-100",
      node: "pve1",
      code: "ignored",
      wanted: "drain-maintenance",
      message: "vm-100 stays: it is set to be ignored.",
      rule: "ignore:100",
    });
  });

  test("it is locked", () => {
    const bar = leaving({ lock: "backup" });
    expect(bar).toMatchObject({ code: "locked" });
    expect(bar?.message).toBe("vm-100 stays: it is locked (backup); plan again when that is over.");
  });

  test("it uses a device of its node", () => {
    expect(leaving({ localResources: ["hostpci0"] })).toMatchObject({ code: "local-device" });
  });

  test("it is a paused container", () => {
    expect(leaving({ type: "lxc", status: "paused" })).toMatchObject({ code: "paused" });
    expect(leaving({ type: "qemu", status: "paused" })).toBeUndefined();
  });

  test("it is pinned to the node", () => {
    const bar = leaving({ tags: ["plb_pin_pve1"] });
    expect(bar).toMatchObject({ code: "pinned", rule: "pin:100" });
    expect(bar?.message).toBe(
      "vm-100 stays: it is pinned to pve1, which is in maintenance; change the pin if it is to go elsewhere.",
    );
  });

  test("no node has its storage", () => {
    const bar = leaving({ volumes: [{ storage: "fast", bytes: GIB }] });
    expect(bar).toMatchObject({ code: "storage-missing" });
    expect(bar?.message).toBe("vm-100 stays: pve2 does not have the storage fast.");
  });

  test("the node that it is pinned to does not have its storage", () => {
    const bar = leaving({ tags: ["plb_pin_pve3"], volumes: [{ storage: "fast", bytes: GIB }] });
    expect(bar).toMatchObject({ code: "storage-missing" });
    expect(bar?.message).toContain("pve3 does not have the storage fast and it is pinned there");
  });

  test("no node has its network", () => {
    const nodes = { ...drained, pve2: { bridges: ["vmbr0"] }, pve3: { bridges: [] } };
    expect(leaving({ bridges: ["vmbr7"] }, nodes)).toMatchObject({ code: "network-missing" });
  });

  test("no node has its processor", () => {
    const nodes = {
      pve1: { maintenance: true, cpuGroup: "a" },
      pve2: { cpuGroup: "b" },
      pve3: { cpuGroup: "b" },
    };
    expect(leaving({}, nodes)).toMatchObject({ code: "cpu-incompatible" });
    expect(leaving({ type: "lxc" }, nodes)).toBeUndefined();
  });

  test("the provider refuses every node", () => {
    const bar = leaving({
      refusedNodes: { pve2: "device mapping gpu", pve3: "device mapping gpu" },
    });
    expect(bar).toMatchObject({ code: "provider-refuses" });
    expect(bar?.message).toContain("device mapping gpu");
  });

  test("no node has room", () => {
    const bar = leaving(
      {},
      { pve1: { maintenance: true, memoryGib: 300 }, pve2: {}, pve3: {} },
      200,
    );
    expect(bar).toMatchObject({ code: "no-capacity" });
    expect(bar?.message).toBe(
      "vm-100 stays: pve2 has room for 95 GiB of memory and it needs 200 GiB.",
    );
  });

  test("no node takes guests", () => {
    const nodes = { pve1: { maintenance: true }, pve2: { ignored: true } };
    expect(leaving({}, nodes)).toMatchObject({ code: "no-target" });
  });

  test("a guest that it must not meet is on every node", () => {
    const tags = ["plb_anti_affinity_a"];
    const guests = ["pve1", "pve2", "pve3"].map((node, index) => ({
      id: 100 + index,
      node,
      more: { tags },
    }));
    const { blocked, moves } = planRebalance(cluster(drained, guests));
    expect(moves).toEqual([]);
    expect(blocked).toMatchObject([{ guest: 100, code: "rule", rule: "plb_anti_affinity_a" }]);
    expect(blocked[0]?.message).toBe("vm-100 stays: it must not share pve2 with vm-101.");
  });

  test("the guests that it must stay with cannot leave", () => {
    const tags = ["plb_affinity_a"];
    const snapshot = cluster(drained, [
      { id: 100, node: "pve1", more: { tags } },
      { id: 101, node: "pve1", more: { tags, lock: "backup" } },
    ]);
    const { blocked } = planRebalance(snapshot);
    expect(blocked.map(({ guest, code }) => [guest, code])).toEqual([
      [100, "rule"],
      [101, "locked"],
    ]);
  });

  test("its node does not report", () => {
    const nodes = { pve1: { maintenance: true, status: "offline" }, pve2: {} } as const;
    expect(leaving({}, nodes)).toMatchObject({ code: "status-unknown" });
  });
});

describe("a guest of a node that is too full stays because", () => {
  function held(more: Partial<Guest>, options: RebalanceOptions = {}, meta = {}) {
    const snapshot = cluster({ pve1: {}, pve2: {} }, guestsOn("pve1", 4, 100, 15, more), { meta });
    return planRebalance(snapshot, options);
  }

  test("its type is left out", () => {
    const plan = held({ type: "lxc" }, { types: ["vm"] });
    expect(plan.blocked).toHaveLength(4);
    expect(plan.blocked[0]).toMatchObject({ code: "type-excluded", wanted: "level-load" });
    expect(plan.status).toBe("partial");
  });

  test("the cluster's own balancer moves it", () => {
    const plan = held({ ha: { state: "started" } }, {}, { autoRebalance: true });
    expect(plan.blocked[0]).toMatchObject({ code: "ha-managed" });
    expect(plan.conflicts).toMatchObject([
      { code: "own-balancer", guests: [100, 101, 102, 103] },
      { code: "target-unreachable", guests: [100, 101, 102, 103] },
    ]);
  });

  test("it is paused", () => {
    expect(held({ status: "paused" }).blocked[0]).toMatchObject({ code: "paused" });
  });

  test("it is ignored, on a node over its limit", () => {
    const snapshot = cluster({ pve1: {}, pve2: {} }, guestsOn("pve1", 1, 100, 97), {});
    const { blocked } = planRebalance(snapshot, { ignoreGuests: [100], balanciness: 100 });
    expect(blocked).toMatchObject([{ code: "ignored", wanted: "relieve-overload" }]);
  });
});

describe("a guest that moves is not blocked", () => {
  test("where its pin takes it to a node that is too full and it would not be levelled", () => {
    const snapshot = cluster({ pve1: {}, pve2: {} }, [
      { id: 100, node: "pve2", more: { status: "paused", tags: ["plb_pin_pve1"] } },
      { id: 200, node: "pve1", gib: 40, more: { lock: "backup" } },
    ]);
    const plan = planRebalance(snapshot);
    expect(judge(snapshot, plan)).toEqual([]);
    expect(plan.moves.map(({ guest, to }) => [guest, to])).toEqual([[100, "pve1"]]);
    expect(plan.blocked.map(({ guest }) => guest)).toEqual([200]);
  });

  test("where it has to share its node: the one that stayed there is", () => {
    const more = { tags: ["plb_anti_affinity_a"] };
    const nodes = { pve1: {}, pve2: {}, pve3: {} };
    const snapshot = cluster(nodes, guestsOn("pve1", 5, 100, 4, more));
    const plan = planRebalance(snapshot);
    expect(judge(snapshot, plan)).toEqual([]);
    const moved = new Set(plan.moves.map(({ guest }) => guest));
    expect(moved.size).toBeGreaterThan(2);
    const stayed = snapshot.guests.map(({ id }) => id).filter((id) => !moved.has(id));
    expect(plan.blocked.map(({ guest }) => guest)).toEqual(stayed.slice(1));
  });
});
