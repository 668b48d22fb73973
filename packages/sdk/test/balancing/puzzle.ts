import type { ClusterSnapshot, Guest } from "@kappa4/connectors";
import { readRules } from "../../src/balancing/index.ts";
import { cluster, type GuestInput } from "./cluster.ts";
import { Dice } from "./dice.ts";

/** How full a node may be, as a fraction of its memory. */
export const MEMORY_LIMIT = 0.95;

/** Not round figures: a spread of exactly the target is a matter of the last digit. */
const TARGETS = [12.3, 20.3, 30.3];

/** A cluster so small that every placement can be tried: three to five nodes, five to nine guests. */
export function smallCluster(seed: number): ClusterSnapshot {
  const dice = new Dice(seed);
  const names = Array.from({ length: dice.whole(3, 5) }, (_, index) => `pve${index + 1}`);
  const drained = dice.chance(0.15) ? dice.pick(names) : undefined;
  const favourite = dice.pick(names);
  const drawn = Array.from({ length: dice.whole(5, 9) }, () => dice.pick([1, 2, 3, 4, 6, 8, 12]));
  const sum = drawn.reduce((all, gib) => all + gib, 0);
  const size = Math.ceil(sum / names.length / dice.between(0.35, 0.75));
  const nodes = Object.fromEntries(
    names.map((name) => {
      const memoryGib = Math.max(8, Math.round(size * dice.pick([0.75, 1, 1, 1.5])));
      return [name, { memoryGib, maintenance: name === drained }];
    }),
  );
  const room = new Map(names.map((name) => [name, MEMORY_LIMIT * (nodes[name]?.memoryGib ?? 0)]));
  const guests = drawn.map((gib, index): GuestInput => {
    const wanted = dice.chance(0.35) ? favourite : dice.pick(names);
    const fitting = [wanted, ...dice.shuffled(names)].find((name) => (room.get(name) ?? 0) >= gib);
    const node = fitting ?? wanted;
    room.set(node, (room.get(node) ?? 0) - gib);
    return { id: 100 + index, node, gib, more: { tags: tagsOf(dice, names) } };
  });
  return cluster(nodes, guests, { policy: { balanciness: dice.pick(TARGETS) } });
}

function tagsOf(dice: Dice, names: readonly string[]): readonly string[] {
  const tags: string[] = [];
  if (dice.chance(0.2)) tags.push(`plb_affinity_${dice.pick(["a", "a", "b"])}`);
  if (dice.chance(0.3)) tags.push(`plb_anti_affinity_${dice.pick(["c", "c", "d"])}`);
  if (dice.chance(0.04)) tags.push("plb_ignore");
  if (dice.chance(0.12)) {
    const pinned = dice.shuffled(names).slice(0, dice.whole(1, 2));
    tags.push(...pinned.map((name) => `plb_pin_${name}`));
  }
  return tags;
}

/** A small cluster as plain numbers, and what makes a placement a good end. */
export class Puzzle {
  /** Allowed spread in percentage points. */
  readonly target: number;
  readonly guests: readonly Guest[];
  /** By guest number. */
  readonly weights: readonly number[];
  readonly seconds: readonly number[];
  readonly homes: readonly number[];
  /** By guest number: nodes it may end on, its own first, and nodes it may move to. */
  readonly ends: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  /** By node number: load without guests, and what it must not exceed ever, and at the end. */
  readonly bases: readonly number[];
  readonly hard: readonly number[];
  readonly ceilings: readonly number[];
  readonly #totals: readonly number[];
  readonly #active: readonly number[];
  readonly #together: readonly (readonly number[])[];
  readonly #apart: readonly (readonly number[])[];

  constructor(snapshot: ClusterSnapshot) {
    const { nodes, guests } = snapshot;
    const rules = readRules(snapshot);
    const numbers = new Map(guests.map(({ id }, g) => [id, g]));
    const groups = (kind: "together" | "apart"): number[][] =>
      rules
        .filter((rule) => rule.kind === kind)
        .map((rule) => rule.guests.map((id) => numbers.get(id) ?? -1));
    this.target = snapshot.policy?.balanciness ?? 10;
    this.guests = guests;
    this.weights = guests.map(({ memory }) => memory.used);
    this.seconds = guests.map(({ memory }) => 8 + memory.used / 1e9);
    this.homes = guests.map(({ node }) => nodes.findIndex(({ name }) => name === node));
    this.#together = groups("together");
    this.#apart = groups("apart");
    this.#totals = nodes.map(({ memory }) => memory.total);
    this.#active = nodes.flatMap(({ maintenance }, n) => (maintenance ? [] : [n]));
    this.bases = nodes.map(({ base }) => base.memory);
    this.hard = nodes.map(({ memory }) => Math.max(MEMORY_LIMIT * memory.total, memory.used));
    // The emptiest node is at most as full as the average, so none can be fuller than that and the target.
    const active = nodes.filter(({ maintenance }) => !maintenance);
    const all = guests.reduce((sum, { memory }) => sum + memory.used, 0);
    const capacity = active.reduce((sum, { memory }) => sum + memory.total, 0);
    const most = all / capacity + this.target / 100 + 1e-9;
    // What is over a limit may stay so on the way, and comes below it at the end.
    this.ceilings = nodes.map(({ memory }) => Math.min(MEMORY_LIMIT, most) * memory.total);
    this.targets = guests.map(({ id }) => {
      const mine = rules.filter(({ guests: ids }) => ids.includes(id));
      if (mine.some(({ kind }) => kind === "ignore")) return [];
      const fits = (name: string): boolean =>
        mine.every((rule) => rule.kind !== "pin" || rule.nodes.includes(name));
      return this.#active.filter((n) => fits(nodes[n]?.name ?? ""));
    });
    this.ends = this.targets.map((targets, g) => this.#endsOf(g, targets, rules, snapshot));
  }

  #endsOf(
    g: number,
    targets: readonly number[],
    rules: ReturnType<typeof readRules>,
    { nodes }: ClusterSnapshot,
  ): readonly number[] {
    const home = this.homes[g] ?? -1;
    const id = this.guests[g]?.id ?? "";
    if (targets.length > 0) {
      return targets.includes(home) ? [home, ...targets.filter((n) => n !== home)] : targets;
    }
    const isPinnedAway = rules.some(
      (rule) =>
        rule.kind === "pin" &&
        rule.guests.includes(id) &&
        !rule.nodes.includes(nodes[home]?.name ?? ""),
    );
    return isPinnedAway || nodes[home]?.maintenance === true ? [] : [home];
  }

  /** Whether a guest on a node goes with the rules and those that are placed already; -1 is not placed. */
  agrees(g: number, n: number, at: readonly number[]): boolean {
    if (this.meets(g, n, at)) return false;
    return this.#together.every(
      (group) => !group.includes(g) || group.every((m) => (at[m] ?? -1) < 0 || at[m] === n),
    );
  }

  /** Whether a guest that this one must be apart from is on a node. */
  meets(g: number, n: number, at: readonly number[]): boolean {
    return this.#apart.some(
      (group) => group.includes(g) && group.some((m) => m !== g && at[m] === n),
    );
  }

  loadsOf(at: readonly number[]): readonly number[] {
    const loads = this.bases.slice();
    at.forEach((n, g) => {
      loads[n] = (loads[n] ?? 0) + (this.weights[g] ?? 0);
    });
    return loads;
  }

  reachesTarget(loads: readonly number[]): boolean {
    const parts = this.#active.map((n) => (loads[n] ?? 0) / (this.#totals[n] ?? 1));
    return parts.length > 0 && 100 * (Math.max(...parts) - Math.min(...parts)) <= this.target;
  }

  isEnd(at: readonly number[]): boolean {
    const loads = this.loadsOf(at);
    if (loads.some((load, n) => load > (this.ceilings[n] ?? 0)) || !this.reachesTarget(loads))
      return false;
    return at.every((n, g) => this.ends[g]?.includes(n) === true && this.agrees(g, n, at));
  }
}
