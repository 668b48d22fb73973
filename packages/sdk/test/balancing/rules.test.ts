import type { HaRule } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import { checkRules, planRebalance, readRules } from "../../src/balancing/index.ts";
import { cluster, type GuestInput } from "./cluster.ts";

const nodes = { pve1: {}, pve2: {}, PVE3: {} };

const pair = { id: "pair", kind: "together", guests: [], hard: true, source: "config" } as const;

function tagged(id: number, ...tags: string[]): GuestInput {
  return { id, node: "pve1", more: { tags } };
}

function problemsOf(snapshot: ReturnType<typeof cluster>): readonly string[] {
  return checkRules(snapshot).conflicts.map(({ code }) => code);
}

describe("tags", () => {
  test("form groups of two and more by the whole tag", () => {
    const guests = [
      tagged(101, "plb_affinity_web"),
      tagged(100, "plb_affinity_web"),
      tagged(102, "plb_affinity_db"),
    ];
    expect(readRules(cluster(nodes, guests))).toEqual([
      { id: "plb_affinity_web", kind: "together", guests: [100, 101], hard: true, source: "tag" },
    ]);
  });

  test("keep affinity and anti-affinity apart", () => {
    const guests = [tagged(100, "plb_anti_affinity_a"), tagged(101, "plb_anti_affinity_a")];
    expect(readRules(cluster(nodes, guests)).map(({ kind }) => kind)).toEqual(["apart"]);
  });

  test("are compared without case, and pins find nodes without case", () => {
    const guests = [tagged(100, "PLB_Pin_pve3", "plb_pin_PVE1"), tagged(101, "plb_pin_pve3")];
    const rules = readRules(cluster(nodes, guests));
    expect(rules).toMatchObject([
      { id: "pin:100", kind: "pin", nodes: ["PVE3", "pve1"], hard: true },
      { id: "pin:101", kind: "pin", nodes: ["PVE3"] },
    ]);
  });

  test("pin to several nodes as a set, and an unknown node is told and left out", () => {
    const snapshot = cluster(nodes, [tagged(100, "plb_pin_pve2", "plb_pin_pve9")]);
    expect(readRules(snapshot)).toMatchObject([{ nodes: ["pve2"] }]);
    expect(problemsOf(snapshot)).toEqual(["pin-unknown-node"]);
  });

  test("with unknown nodes only do not pin", () => {
    expect(readRules(cluster(nodes, [tagged(100, "plb_pin_pve9")]))).toEqual([]);
  });

  test("ignore with and without a suffix", () => {
    const rules = readRules(
      cluster(nodes, [tagged(100, "plb_ignore"), tagged(101, "plb_ignore_me")]),
    );
    expect(rules.map(({ id, kind }) => [id, kind])).toEqual([
      ["ignore:100", "ignore"],
      ["ignore:101", "ignore"],
    ]);
  });

  test("of templates are not rules", () => {
    const template = { id: 100, node: "pve1", more: { template: true, tags: ["plb_ignore"] } };
    expect(readRules(cluster(nodes, [template]))).toEqual([]);
  });
});

describe("pools", () => {
  const guests = [100, 101].map((id) => ({ id, node: "pve1", more: { pool: "db" } }));

  test("group and pin their guests; strict by default", () => {
    const pools = { db: { type: "anti-affinity", pin: ["PVE1", "nowhere"] } } as const;
    const snapshot = cluster(nodes, guests, { pools });
    expect(readRules(snapshot)).toMatchObject([
      { id: "pool:db", kind: "apart", guests: [100, 101], source: "pool" },
      { id: "pool:db:pin:100", kind: "pin", nodes: ["pve1"], hard: true },
      { id: "pool:db:pin:101", kind: "pin", nodes: ["pve1"], hard: true },
    ]);
    expect(problemsOf(snapshot)).toContain("pin-unknown-node");
  });

  test("of the options replace those of the snapshot", () => {
    const snapshot = cluster(nodes, guests, { pools: { db: { type: "affinity" } } });
    const rules = readRules(snapshot, { pools: { db: { pin: ["pve2"], strict: false } } });
    expect(rules.map(({ kind, hard }) => [kind, hard])).toEqual([
      ["pin", false],
      ["pin", false],
    ]);
  });
});

describe("HA rules", () => {
  const guests = [100, 101, 102].map((id) => ({ id, node: "pve1" }));
  const base = { resources: ["vm:101", "ct:100"] };

  function read(...haRules: HaRule[]) {
    return readRules(cluster(nodes, guests, { haRules }));
  }

  test("of resources are always hard", () => {
    const positive = {
      id: "near",
      type: "resource-affinity",
      affinity: "positive",
      ...base,
    } as const;
    const negative = {
      id: "far",
      type: "resource-affinity",
      affinity: "negative",
      ...base,
    } as const;
    expect(read(positive, negative)).toMatchObject([
      { id: "ha:far", kind: "apart", guests: [100, 101], hard: true },
      { id: "ha:near", kind: "together", guests: [100, 101], hard: true },
    ]);
  });

  test("of nodes are wishes unless strict, and carry priorities", () => {
    const rule = {
      id: "home",
      type: "node-affinity",
      resources: ["vm:100"],
      nodes: { pve2: 1, pve1: 2 },
    } as const;
    expect(read(rule)).toMatchObject([
      {
        id: "ha:home:100",
        kind: "pin",
        nodes: ["pve1", "pve2"],
        hard: false,
        priorities: { pve1: 2, pve2: 1 },
      },
    ]);
    expect(read({ ...rule, strict: true })).toMatchObject([{ hard: true }]);
  });

  test("that are disabled do not count, and unknown guests and nodes are told", () => {
    const rule = {
      id: "home",
      type: "node-affinity",
      resources: ["vm:100", "vm:900"],
      nodes: { pve9: 1, pve1: 0 },
    } as const;
    expect(read({ ...rule, disabled: true })).toEqual([]);
    const snapshot = cluster(nodes, guests, { haRules: [rule] });
    expect(problemsOf(snapshot).toSorted()).toEqual(["pin-unknown-node", "rule-unknown-guest"]);
    expect(readRules(snapshot)).toMatchObject([{ guests: [100], nodes: ["pve1"] }]);
  });
});

describe("rules with the same id", () => {
  const guests = [tagged(100, "plb_affinity_a"), tagged(101, "plb_affinity_a"), tagged(102)];
  const own = {
    id: "plb_affinity_a",
    kind: "together",
    guests: [100, 102],
    hard: true,
    source: "config",
  } as const;

  test("count once: what tags say wins over the snapshot's list", () => {
    expect(readRules(cluster(nodes, guests, { rules: [own] }))).toMatchObject([
      { guests: [100, 101] },
    ]);
  });

  test("count once: the options win over everything", () => {
    expect(readRules(cluster(nodes, guests), { rules: [own] })).toMatchObject([
      { guests: [100, 102] },
    ]);
  });

  test("name what the cluster has not", () => {
    const rule = { ...own, id: "mine", guests: [100, 900] };
    const { rules, conflicts } = checkRules(cluster(nodes, guests), { rules: [rule] });
    expect(rules.find(({ id }) => id === "mine")?.guests).toEqual([100]);
    expect(conflicts).toMatchObject([
      { code: "rule-unknown-guest", rules: ["mine"], guests: [900] },
    ]);
  });
});

test("guests of the options are ignored", () => {
  const rules = readRules(cluster(nodes, [tagged(100)]), { ignoreGuests: [100] });
  expect(rules).toMatchObject([{ id: "ignore:100", kind: "ignore", source: "config" }]);
});

describe("options name guests, nodes and pools", () => {
  const named = (id: number, name: string): GuestInput => ({ id, node: "pve1", more: { name } });
  const guests = [named(100, "web-1"), named(101, "db-1"), named(102, "twin"), named(103, "twin")];

  test("a guest is found by its name too, and its id wins over a name", () => {
    const snapshot = cluster(nodes, [...guests, named(104, "100")]);
    const rules = readRules(snapshot, {
      ignoreGuests: ["web-1", "100"],
      rules: [{ ...pair, guests: ["web-1", 101] }],
    });
    expect(rules).toMatchObject([
      { id: "ignore:100", guests: [100] },
      { id: "pair", guests: [100, 101] },
    ]);
  });

  test("a name that several guests have ignores all of them, and is too little for another rule", () => {
    const report = checkRules(cluster(nodes, guests), {
      ignoreGuests: ["twin"],
      rules: [{ ...pair, guests: ["twin", 100, 101] }],
    });
    expect(report.rules.map(({ id }) => id)).toEqual(["ignore:102", "ignore:103", "pair"]);
    expect(report.conflicts).toMatchObject([
      {
        code: "rule-unknown-guest",
        rules: ["pair"],
        message: expect.stringContaining("as 102, 103 are called; give the id"),
      },
    ]);
  });

  test("what the cluster does not have is told, and makes no plan partial", () => {
    const snapshot = cluster(nodes, guests, { pools: { empty: { type: "affinity" } } });
    const options = {
      ignoreGuests: [9999],
      memoryReserveBytes: { defaults: 1, pve77: 1 },
      pools: { nopool: { type: "affinity" } },
      maintenanceNodes: ["pve88"],
      ignoreNodes: ["pve99"],
    } as const;
    const { conflicts, status } = planRebalance(snapshot, options);
    expect(conflicts.map(({ code }) => code)).toEqual(Array(5).fill("option-unknown-name"));
    const names = ["9999", "pve77", "nopool", "pve88", "pve99"];
    const options_ = Object.keys(options);
    for (const [index, name] of names.entries()) {
      expect(conflicts.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(new RegExp(`^${options_[index]} names .*${name}.*does not have`)),
      );
    }
    expect(status).toBe("ok");
  });
});
