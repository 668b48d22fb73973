import type { ClusterSnapshot, PlacementRule } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import {
  type Conflict,
  checkRules,
  planRebalance,
  type RebalanceOptions,
  type RebalancePlan,
  readRules,
} from "../../src/balancing/index.ts";
import { cluster, type GuestInput, guestsOn, type NodeInput } from "./cluster.ts";
import { judge } from "./judge.ts";
import { randomCluster } from "./random-cluster.ts";

/** Something that cannot be, beside something that can: guest 900 is pinned to a node and not there. */
interface Kind {
  readonly code: Conflict["code"];
  readonly nodes?: Readonly<Record<string, NodeInput>>;
  readonly guests: readonly GuestInput[];
  readonly rules?: readonly PlacementRule[];
  readonly options?: RebalanceOptions;
  /** What the conflict must name, and nothing else. */
  readonly names: { readonly rules: readonly string[]; readonly guests: readonly number[] };
  /** The node that it must be about, where there may be several. */
  readonly node?: string;
  /** Where guest 900 is and where it belongs. Default from pve1 to pve2. */
  readonly rest?: readonly [from: string, to: string];
}

const three = { pve1: {}, pve2: {}, pve3: {} };
const common = { hard: true, source: "config" } as const;

function pin(id: string, guests: readonly number[], ...nodes: string[]): PlacementRule {
  return { id, kind: "pin", guests, nodes, ...common };
}

function together(id: string, ...guests: number[]): PlacementRule {
  return { id, kind: "together", guests, ...common };
}

function apart(id: string, ...guests: number[]): PlacementRule {
  return { id, kind: "apart", guests, ...common };
}

function at(node: string, ...ids: number[]): GuestInput[] {
  return ids.map((id) => ({ id, node, gib: 1 }));
}

const locked = { lock: "backup" };

const kinds: readonly Kind[] = [
  {
    code: "pins-contradict",
    guests: at("pve1", 100),
    rules: [
      pin("a", [100], "pve1", "pve2"),
      pin("b", [100], "pve2", "pve3"),
      pin("c", [100], "pve1", "pve3"),
      pin("d", [100], "pve1", "pve2", "pve3"),
    ],
    names: { rules: ["a", "b", "c"], guests: [100] },
  },
  {
    code: "pin-no-node",
    nodes: { ...three, pve3: { ignored: true } },
    guests: at("pve1", 100),
    rules: [pin("a", [100], "pve3", "pve1", "pve2"), pin("b", [100], "pve3")],
    names: { rules: ["b"], guests: [100] },
  },
  {
    code: "together-split-by-pins",
    guests: [...at("pve1", 100, 101), ...at("pve2", 102, 103)],
    rules: [
      together("a", 100, 101),
      together("b", 101, 102),
      together("c", 102, 103),
      pin("p", [100], "pve1"),
      pin("q", [102], "pve2"),
      pin("r", [102], "pve1", "pve2", "pve3"),
    ],
    names: { rules: ["a", "b", "p", "q"], guests: [100, 102] },
  },
  {
    code: "together-and-apart",
    guests: [...at("pve1", 100, 101), ...at("pve2", 102, 103)],
    rules: [
      together("a", 100, 101),
      together("b", 101, 102),
      together("c", 102, 103),
      apart("x", 100, 102),
      apart("y", 100, 103),
    ],
    names: { rules: ["x", "a", "b"], guests: [100, 102] },
  },
  {
    code: "together-immovable",
    guests: [
      { id: 100, node: "pve1", more: locked },
      { id: 101, node: "pve2", more: locked },
      { id: 102, node: "pve3", gib: 1 },
    ],
    rules: [together("a", 100, 101), together("b", 101, 102)],
    names: { rules: ["a"], guests: [100, 101] },
  },
  {
    code: "together-too-large",
    guests: [
      { id: 100, node: "pve1", gib: 50 },
      { id: 101, node: "pve2", gib: 50 },
      { id: 102, node: "pve3", gib: 2 },
    ],
    rules: [together("a", 100, 101), together("b", 101, 102)],
    options: { balanciness: 100 },
    names: { rules: ["a"], guests: [100, 101] },
  },
  {
    code: "rule-unrepairable",
    nodes: { pve1: { bridges: ["a"] }, pve2: { bridges: ["b"] }, pve3: { bridges: ["c"] } },
    guests: [
      { id: 100, node: "pve1", gib: 1, more: { bridges: ["a"] } },
      { id: 101, node: "pve2", gib: 1, more: { bridges: ["b"] } },
      { id: 102, node: "pve2", gib: 1 },
    ],
    rules: [together("a", 100, 101), together("b", 101, 102)],
    names: { rules: ["a"], guests: [100, 101] },
  },
  {
    code: "apart-too-many",
    guests: at("pve1", 100, 101, 102, 103),
    rules: [apart("a", 100, 101, 102, 103)],
    names: { rules: ["a"], guests: [100, 101, 102, 103] },
  },
  {
    code: "apart-too-narrow",
    guests: [...at("pve1", 100, 101), ...at("pve2", 102)],
    rules: [
      apart("a", 100, 101, 102),
      pin("p", [100], "pve1"),
      pin("q", [101], "pve1"),
      pin("r", [101], "pve1", "pve2"),
      pin("s", [102], "pve2", "pve3"),
    ],
    names: { rules: ["a", "p", "q"], guests: [100, 101] },
  },
  {
    code: "apart-immovable",
    guests: [...guestsOn("pve1", 2, 100, 1, locked), ...at("pve2", 102)],
    rules: [apart("a", 100, 101, 102)],
    names: { rules: ["a"], guests: [100, 101] },
  },
  {
    code: "drain-blocked",
    nodes: { ...three, pve3: { maintenance: true } },
    guests: [{ id: 100, node: "pve3", more: locked }, ...at("pve3", 101)],
    names: { rules: [], guests: [100] },
  },
  {
    code: "guest-too-large",
    nodes: { ...three, pve3: { maintenance: true, memoryGib: 300 } },
    guests: [{ id: 100, node: "pve3", gib: 200 }, ...at("pve3", 101)],
    names: { rules: [], guests: [100] },
  },
  {
    code: "limit-exceeded",
    guests: [{ id: 100, node: "pve3", gib: 97 }],
    options: { balanciness: 100 },
    names: { rules: [], guests: [] },
  },
  {
    code: "target-unreachable",
    guests: [{ id: 100, node: "pve3", gib: 40 }],
    names: { rules: [], guests: [] },
  },
  {
    code: "allowance-used",
    guests: guestsOn("pve3", 10, 100, 6),
    options: { maxMoves: 2 },
    names: { rules: [], guests: [] },
  },
  {
    code: "pressure-missing",
    guests: at("pve3", 100),
    options: { mode: "psi" },
    names: { rules: [], guests: [] },
  },
  {
    code: "failover-uncovered",
    guests: [{ id: 100, node: "pve3", gib: 2 }],
    rules: [pin("a", [100], "pve3")],
    options: { failover: "report" },
    node: "pve3",
    names: { rules: ["a"], guests: [100] },
  },
  {
    code: "pin-unknown-node",
    guests: at("pve1", 100),
    rules: [pin("a", [100], "pve7")],
    names: { rules: ["a"], guests: [100] },
  },
  {
    code: "rule-unknown-guest",
    guests: at("pve1", 100),
    rules: [apart("a", 100, 777)],
    names: { rules: ["a"], guests: [777] },
  },
  {
    code: "option-unknown-name",
    guests: at("pve1", 100),
    options: { ignoreGuests: ["nobody"] },
    names: { rules: [], guests: [] },
  },
  {
    code: "node-offline",
    nodes: { ...three, pve3: { status: "offline" } },
    guests: [{ id: 100, node: "pve3", more: { status: "unknown" } }],
    names: { rules: [], guests: [100] },
  },
];

function snapshotOf({ nodes = three, guests, rules = [], rest = ["pve1", "pve2"] }: Kind) {
  const [from, to] = rest;
  return cluster(nodes, [...guests, { id: 900, node: from, gib: 0.5 }], {
    rules: [...rules, pin("rest", [900], to)],
  });
}

function named({ rules, guests }: Conflict) {
  return { rules: rules.toSorted(), guests: [...guests] };
}

function conflictIn(plan: RebalancePlan, { code, node }: Kind): Conflict | undefined {
  const found = plan.conflicts.filter((conflict) => conflict.code === code);
  return found.find((conflict) => node === undefined || conflict.node === node);
}

function conflictOf(snapshot: ClusterSnapshot, kind: Kind): Conflict | undefined {
  return conflictIn(planRebalance(snapshot, kind.options), kind);
}

describe.each(kinds.map((kind) => [kind.code, kind] as const))("%s", (_, kind) => {
  const snapshot = snapshotOf(kind);
  const plan = planRebalance(snapshot, kind.options);

  test("names what is in conflict, in a sentence, and no more", () => {
    const conflict = conflictIn(plan, kind);
    expect(conflict && named(conflict)).toEqual({
      rules: kind.names.rules.toSorted(),
      guests: kind.names.guests,
    });
    expect(conflict?.message).toMatch(/^\S.*\.$/);
    expect(conflict?.message).not.toMatch(/undefined|NaN/);
  });

  test("leaves the rest solved, and nothing worse", () => {
    const last = plan.moves.findLast(({ guest }) => guest === 900);
    expect(last?.to).toBe(kind.rest?.[1] ?? "pve2");
    expect(judge(snapshot, plan, kind.options)).toEqual([]);
  });

  test("is gone without any one of the rules it names", () => {
    for (const id of kind.names.rules) {
      const rules = readRules(snapshot).filter((rule) => rule.id !== id);
      const left = conflictOf({ ...snapshot, rules }, kind);
      expect(left?.guests, `without ${id}`).not.toEqual(kind.names.guests);
    }
  });
});

test("of too many guests that are to be together, only those that are too many are named", () => {
  const kind = kinds.find(({ code }) => code === "together-and-apart");
  if (kind === undefined) throw new Error("the kind is missing");
  for (const guest of kind.names.guests) {
    const snapshot = snapshotOf(kind);
    const rules = snapshot.rules.map((rule) => ({
      ...rule,
      guests: rule.guests.filter((id) => id !== guest || rule.id === "y"),
    }));
    expect(conflictOf({ ...snapshot, rules }, kind)?.guests).not.toEqual(kind.names.guests);
  }
});

test("with no node that takes guests nothing can be solved, and that is told", () => {
  const snapshot = cluster({ pve1: { ignored: true }, pve2: { maintenance: true } }, at("pve1", 1));
  const plan = planRebalance(snapshot);
  expect(plan.moves).toEqual([]);
  expect(plan.conflicts.map(({ code }) => code)).toContain("no-active-node");
});

test("there are more than fifteen kinds", () => {
  expect(new Set(kinds.map(({ code }) => code)).size).toBeGreaterThanOrEqual(20);
});

test("in any cluster a conflict is gone without any one of the rules it names", () => {
  const codes = new Set<string>();
  for (let seed = 1; seed <= 400; seed++) {
    const { guests, ...rest } = randomCluster(seed);
    const rules = readRules({ guests, ...rest });
    const bare = guests.map((guest) => ({ ...guest, tags: [], pool: null }));
    const snapshot = { ...rest, guests: bare, pools: {}, haRules: [], rules };
    for (const { code, rules: ids, guests: named } of checkRules(snapshot).conflicts) {
      codes.add(code);
      for (const id of ids) {
        const fewer = { ...snapshot, rules: rules.filter((rule) => rule.id !== id) };
        const same = checkRules(fewer).conflicts.find(
          (other) => other.code === code && String(other.guests) === String(named),
        );
        expect(same, `seed ${seed}: ${code} without ${id}`).toBeUndefined();
      }
    }
  }
  expect(codes.size).toBeGreaterThan(5);
});
