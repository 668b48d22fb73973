import { describe, expect, test } from "vitest";
import {
  type Conflict,
  explainGuest,
  planRebalance,
  type RebalanceOptions,
} from "../../src/balancing/index.ts";
import { cluster, guestsOn } from "./cluster.ts";
import { judge } from "./judge.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };

function conflictsOf(
  snapshot: ReturnType<typeof cluster>,
  options: RebalanceOptions = {},
): readonly Conflict[] {
  const plan = planRebalance(snapshot, options);
  expect(judge(snapshot, plan, options)).toEqual([]);
  return plan.conflicts;
}

function tagged(id: number, node: string, ...tags: string[]) {
  return { id, node, more: { tags } };
}

describe("pins", () => {
  test("to a node that does not exist are told and do not make a plan partial", () => {
    const plan = planRebalance(cluster(nodes, [tagged(100, "pve1", "plb_pin_pve7")]));
    expect(plan.status).toBe("level");
    expect(plan.conflicts).toEqual([
      {
        code: "pin-unknown-node",
        rules: ["pin:100"],
        guests: [100],
        message:
          'plb_pin_pve7 names the node "pve7", which the cluster does not have; correct the name or remove it.',
      },
    ]);
  });

  test("without an available node", () => {
    const out = { ...nodes, pve2: { maintenance: true } };
    const [conflict] = conflictsOf(cluster(out, [tagged(100, "pve1", "plb_pin_pve2")]));
    expect(conflict).toMatchObject({ code: "pin-no-node", rules: ["pin:100"], guests: [100] });
    expect(conflict?.message).toContain("pve2 is in maintenance");
  });

  test("that contradict each other name both rules", () => {
    const rules = [
      { id: "r1", kind: "pin", guests: [100], nodes: ["pve1"], hard: true, source: "config" },
      { id: "r2", kind: "pin", guests: [100], nodes: ["pve2"], hard: true, source: "config" },
      {
        id: "r3",
        kind: "pin",
        guests: [100],
        nodes: ["pve1", "pve2"],
        hard: true,
        source: "config",
      },
    ] as const;
    const [conflict] = conflictsOf(cluster(nodes, [{ id: 100, node: "pve1" }], { rules }));
    expect(conflict).toMatchObject({ code: "pins-contradict", rules: ["r1", "r2"], guests: [100] });
  });
});

describe("guests that belong together", () => {
  test("are split by their pins", () => {
    const [conflict] = conflictsOf(
      cluster(nodes, [
        tagged(100, "pve1", "plb_affinity_a", "plb_pin_pve1"),
        tagged(101, "pve2", "plb_affinity_a", "plb_pin_pve2"),
        tagged(102, "pve3", "plb_affinity_a"),
      ]),
    );
    expect(conflict).toMatchObject({
      code: "together-split-by-pins",
      rules: ["plb_affinity_a", "pin:100", "pin:101"],
      guests: [100, 101],
    });
  });

  test("and cannot be: the others still join one of them", () => {
    const { moves } = planRebalance(
      cluster(nodes, [
        tagged(100, "pve1", "plb_affinity_a", "plb_pin_pve1"),
        tagged(101, "pve2", "plb_affinity_a", "plb_pin_pve2"),
        tagged(102, "pve3", "plb_affinity_a"),
      ]),
    );
    expect(moves).toMatchObject([{ guest: 102, to: "pve1" }]);
  });

  test("cannot move, both", () => {
    const more = { tags: ["plb_affinity_a"], lock: "backup" };
    const [conflict] = conflictsOf(
      cluster(nodes, [
        { id: 100, node: "pve1", more },
        { id: 101, node: "pve2", more },
      ]),
    );
    expect(conflict).toMatchObject({ code: "together-immovable", guests: [100, 101] });
  });

  test("and are together on a node that is left alone need nothing", () => {
    const out = { ...nodes, pve3: { ignored: true } };
    const together = [
      tagged(100, "pve3", "plb_affinity_a", "plb_pin_pve3"),
      tagged(101, "pve3", "plb_affinity_a"),
    ];
    expect(conflictsOf(cluster(out, together))).toEqual([]);
    const [conflict, ...others] = conflictsOf(
      cluster(out, [...together, tagged(102, "pve1", "plb_affinity_a")]),
    );
    expect(others).toEqual([]);
    expect(conflict).toMatchObject({
      code: "rule-unrepairable",
      rules: ["plb_affinity_a"],
      guests: [100, 102],
      message:
        "vm-100, vm-102 are to be on one node; vm-100 cannot move, and pve3 is set to be ignored.",
    });
  });

  test("must also be apart", () => {
    const both = ["plb_affinity_a", "plb_anti_affinity_b"];
    const snapshot = cluster(nodes, [tagged(100, "pve1", ...both), tagged(101, "pve2", ...both)]);
    expect(conflictsOf(snapshot)[0]).toMatchObject({
      code: "together-and-apart",
      rules: ["plb_anti_affinity_b", "plb_affinity_a"],
      guests: [100, 101],
    });
    expect(planRebalance(snapshot).moves).toEqual([]);
  });

  test("are too large for any node", () => {
    const more = { tags: ["plb_affinity_a"] };
    const [conflict] = conflictsOf(
      cluster(nodes, [
        { id: 100, node: "pve1", gib: 60, more },
        { id: 101, node: "pve2", gib: 60, more },
      ]),
    );
    expect(conflict).toMatchObject({ code: "together-too-large", guests: [100, 101] });
  });

  test("have no node that can run them", () => {
    const more = { tags: ["plb_affinity_a"] };
    const bridged = { pve1: { bridges: ["a"] }, pve2: { bridges: ["b"] } };
    const [conflict] = conflictsOf(
      cluster(bridged, [
        { id: 100, node: "pve1", more: { ...more, bridges: ["a"] } },
        { id: 101, node: "pve2", more: { ...more, bridges: ["b"] } },
      ]),
    );
    expect(conflict).toMatchObject({ code: "rule-unrepairable", rules: ["plb_affinity_a"] });
  });
});

describe("guests that must be apart", () => {
  test("are too many", () => {
    const tags = ["plb_anti_affinity_a"];
    const [conflict] = conflictsOf(cluster(nodes, guestsOn("pve1", 4, 100, 1, { tags })));
    expect(conflict).toMatchObject({ code: "apart-too-many", guests: [100, 101, 102, 103] });
  });

  test("have too few nodes among them: only those are named", () => {
    const [conflict] = conflictsOf(
      cluster(nodes, [
        tagged(100, "pve1", "plb_anti_affinity_a", "plb_pin_pve1"),
        tagged(101, "pve1", "plb_anti_affinity_a", "plb_pin_pve1"),
        tagged(102, "pve2", "plb_anti_affinity_a"),
      ]),
    );
    expect(conflict).toMatchObject({
      code: "apart-too-narrow",
      rules: ["plb_anti_affinity_a", "pin:100", "pin:101"],
      guests: [100, 101],
    });
  });

  test("cannot move, all of them", () => {
    const more = { tags: ["plb_anti_affinity_a"], localResources: ["usb0"] };
    const [conflict] = conflictsOf(cluster(nodes, guestsOn("pve1", 2, 100, 1, more)));
    expect(conflict).toMatchObject({ code: "apart-immovable", guests: [100, 101] });
  });
});

describe("drains and targets", () => {
  test("a node that cannot be emptied names the guests", () => {
    const [conflict] = conflictsOf(
      cluster({ ...nodes, pve3: { maintenance: true } }, [tagged(100, "pve3", "plb_ignore")]),
    );
    expect(conflict).toMatchObject({ code: "drain-blocked", guests: [100] });
    expect(conflict?.message).toContain("pve3 cannot be emptied: vm-100");
  });

  test("a guest that fits nowhere", () => {
    const large = { pve1: { maintenance: true, memoryGib: 300 }, pve2: {} };
    const codes = conflictsOf(cluster(large, [{ id: 100, node: "pve1", gib: 200 }])).map(
      ({ code }) => code,
    );
    expect(codes).toEqual(["drain-blocked", "guest-too-large"]);
  });

  test("no node that takes guests", () => {
    const [conflict] = conflictsOf(
      cluster({ pve1: { ignored: true } }, [{ id: 100, node: "pve1" }]),
    );
    expect(conflict).toMatchObject({ code: "no-active-node" });
  });

  test("a limit that stays exceeded", () => {
    const [conflict] = conflictsOf(
      cluster({ pve1: {}, pve2: {} }, [{ id: 100, node: "pve1", gib: 97 }]),
      {
        balanciness: 100,
      },
    );
    expect(conflict).toMatchObject({ code: "limit-exceeded" });
    expect(conflict?.message).toBe(
      "pve1 stays over its limit (97 % memory, limit 95 %); add capacity or stop guests.",
    );
  });

  test("a target that no move reaches", () => {
    const [conflict] = conflictsOf(
      cluster({ pve1: {}, pve2: {} }, [{ id: 100, node: "pve1", gib: 40 }]),
    );
    expect(conflict).toMatchObject({ code: "target-unreachable" });
    expect(conflict?.message).toContain("stays 40 points apart, the target is 10");
  });

  test("pressure that nobody measured", () => {
    const [conflict] = conflictsOf(cluster(nodes, guestsOn("pve1", 3, 100)), { mode: "psi" });
    expect(conflict).toMatchObject({ code: "pressure-missing" });
  });

  test("a broken rule that nothing else explains", () => {
    const more = { tags: ["plb_pin_pve2"], lock: "backup" };
    const [conflict] = conflictsOf(cluster(nodes, [{ id: 100, node: "pve1", more }]));
    expect(conflict).toMatchObject({
      code: "rule-unrepairable",
      rules: ["pin:100"],
      guests: [100],
    });
  });

  test("a rule about a guest that does not exist", () => {
    const rule = {
      id: "r",
      kind: "apart",
      guests: [100, 999],
      hard: true,
      source: "config",
    } as const;
    const [conflict] = conflictsOf(cluster(nodes, [{ id: 100, node: "pve1" }]), { rules: [rule] });
    expect(conflict).toMatchObject({ code: "rule-unknown-guest", rules: ["r"], guests: [999] });
  });
});

describe("a node that is offline", () => {
  const down = { ...nodes, pve3: { status: "offline" } } as const;
  const unknown = { status: "unknown" } as const;
  const guests = [
    { id: 100, node: "pve1" },
    { id: 200, node: "pve3", more: unknown },
    { id: 201, node: "pve3", more: unknown },
  ];

  test("is told with what is unknown there, and makes no plan partial", () => {
    const plan = planRebalance(cluster(down, guests));
    expect(plan.status).toBe("level");
    expect(plan.conflicts).toEqual([
      {
        code: "node-offline",
        rules: [],
        guests: [200, 201],
        node: "pve3",
        message: "pve3 is offline, and 2 guests there are unknown.",
      },
    ]);
    expect(plan.before.nodes.map(({ name, state }) => [name, state])).toEqual([
      ["pve1", undefined],
      ["pve2", undefined],
      ["pve3", "offline"],
    ]);
    expect(conflictsOf(cluster(down, [])).map(({ message }) => message)).toEqual([
      "pve3 is offline.",
    ]);
  });

  test("cannot be emptied, unless nothing is on it", () => {
    const plan = planRebalance(cluster(down, guests), { maintenanceNodes: ["pve3"] });
    expect(plan.status).toBe("partial");
    expect(plan.conflicts).toMatchObject([
      {
        code: "drain-blocked",
        node: "pve3",
        guests: [200, 201],
        message:
          "pve3 cannot be emptied: it is offline, and 2 guests there are unknown; bring it back first.",
      },
    ]);
    const empty = planRebalance(cluster(down, []), { maintenanceNodes: ["pve3"] });
    expect(empty).toMatchObject({ status: "level", conflicts: [{ code: "node-offline" }] });
  });

  test("offers its guests no other node", () => {
    const snapshot = cluster(down, guests);
    const explanation = explainGuest(snapshot, planRebalance(snapshot), 200);
    expect(explanation).toMatchObject({ code: "status-unknown", alternatives: [] });
  });
});

test("the rest is solved in spite of a conflict", () => {
  const snapshot = cluster({ ...nodes, pve3: { maintenance: true } }, [
    tagged(100, "pve3", "plb_ignore"),
    { id: 101, node: "pve3" },
    tagged(102, "pve1", "plb_pin_pve2"),
  ]);
  const plan = planRebalance(snapshot);
  expect(plan.status).toBe("partial");
  expect(plan.moves.map(({ guest }) => guest).toSorted()).toEqual([101, 102]);
});
