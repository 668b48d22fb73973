import type { ClusterSnapshot, Guest, GuestId, PlacementRule } from "@kappa4/connectors";
import { readRules } from "@kappa4/sdk/balancing";
import { secondsOf } from "./balancing-bound.ts";

/** Guests that must be on one node, or a single one. */
export interface Unit {
  readonly members: readonly Guest[];
  /** Numbers of the nodes that may take all of them. */
  readonly nodes: readonly number[];
  /** For each of these nodes: seconds it takes to bring them there. */
  readonly seconds: readonly number[];
  /** The one of these nodes with all of them already; -1 where there is none. */
  readonly home: number;
}

/** What an exact solver has to place, read without the engine's own model. */
export interface Units {
  readonly units: readonly Unit[];
  /** Units of which no two may share a node. */
  readonly apart: readonly (readonly number[])[];
}

/** Forms the units of a snapshot. Throws where no node may take one: then there is no exact answer. */
export function readUnits(snapshot: ClusterSnapshot): Units {
  const rules = readRules(snapshot).filter(({ hard }) => hard);
  const roots = new Map<GuestId, GuestId>(snapshot.guests.map(({ id }) => [id, id]));
  const rootOf = (id: GuestId): GuestId => {
    const above = roots.get(id) ?? id;
    return above === id ? id : rootOf(above);
  };
  for (const { kind, guests } of rules) {
    const [first] = guests;
    if (kind !== "together" || first === undefined) continue;
    for (const id of guests) roots.set(rootOf(id), rootOf(first));
  }
  const byRoot = new Map<GuestId, Guest[]>();
  for (const guest of snapshot.guests) {
    const root = rootOf(guest.id);
    byRoot.set(root, [...(byRoot.get(root) ?? []), guest]);
  }
  const allowed = new Allowed(snapshot, rules);
  const roots2 = [...byRoot.keys()];
  const units = roots2.map((root) => unitOf(byRoot.get(root) ?? [], snapshot, allowed));
  const numbers = new Map(roots2.map((root, u) => [root, u]));
  const apart = rules
    .filter(({ kind }) => kind === "apart")
    .map(({ guests }) => guests.map((id) => numbers.get(rootOf(id)) ?? -1));
  return { units, apart };
}

function unitOf(members: readonly Guest[], snapshot: ClusterSnapshot, allowed: Allowed): Unit {
  const nodes = snapshot.nodes.flatMap((_, n) =>
    members.every((guest) => allowed.has(guest, n)) ? [n] : [],
  );
  if (nodes.length === 0) throw new Error(`no node may take ${members[0]?.name}`);
  const seconds = nodes.map((n) =>
    members
      .filter(({ node }) => node !== snapshot.nodes[n]?.name)
      .reduce((sum, guest) => sum + secondsOf(snapshot, guest), 0),
  );
  return { members, nodes, seconds, home: nodes[seconds.indexOf(0)] ?? -1 };
}

/** Where each guest may be at the end. */
class Allowed {
  readonly #snapshot: ClusterSnapshot;
  readonly #ignored: ReadonlySet<GuestId>;
  readonly #pins = new Map<GuestId, ReadonlySet<string>>();

  constructor(snapshot: ClusterSnapshot, rules: readonly PlacementRule[]) {
    this.#snapshot = snapshot;
    this.#ignored = new Set(rules.flatMap(({ kind, guests }) => (kind === "ignore" ? guests : [])));
    for (const rule of rules) {
      if (rule.kind !== "pin") continue;
      for (const id of rule.guests) {
        const before = this.#pins.get(id);
        const both = rule.nodes.filter((name) => before === undefined || before.has(name));
        this.#pins.set(id, new Set(both));
      }
    }
  }

  has(guest: Guest, n: number): boolean {
    const node = this.#snapshot.nodes[n];
    if (node === undefined) return false;
    if (this.#ignored.has(guest.id)) return node.name === guest.node;
    const stored = (guest.volumes ?? []).every(({ storage }) =>
      node.storages.some(({ id }) => id === storage),
    );
    return !node.maintenance && stored && this.#pins.get(guest.id)?.has(node.name) !== false;
  }
}
