import type { Problem } from "./problem.ts";

/** How many units of each apart group are on each node. */
export class Crowds {
  /** Units too many on a node, over all hard groups. */
  broken = 0;
  /** How many times its price a broken rule weighs in {@link delta}. */
  insistence = 1;
  readonly #problem: Problem;
  readonly #nodes: number;
  readonly #count: Uint16Array;
  /** By group and unit, what {@link nodesOfSpread} found. */
  readonly #spread = new Map<number, ReadonlySet<number>>();

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#nodes = problem.model.nodes.length;
    this.#count = new Uint16Array(problem.groups.length * this.#nodes);
  }

  on(group: number, node: number): number {
    return this.#count[group * this.#nodes + node] ?? 0;
  }

  /** Adds a unit to its groups on a node, or takes it away. */
  shift(u: number, node: number, sign: 1 | -1): void {
    const groups = this.#problem.groupsOf[u];
    if (groups === undefined) return;
    for (const group of groups) this.#change(group, node, sign);
  }

  /** Adds a spread bundle: it counts once on every node where it has a member that the rule names. */
  shiftSpread(u: number, sign: 1 | -1): void {
    for (const group of this.#problem.groupsOf[u] ?? []) {
      for (const node of this.nodesOfSpread(group, u)) this.#change(group, node, sign);
    }
  }

  /** Nodes on which a spread bundle has members that a group's rule names. */
  nodesOfSpread(group: number, u: number): ReadonlySet<number> {
    const { groups, model, units } = this.#problem;
    const key = group * units.all.length + u;
    const known = this.#spread.get(key);
    if (known !== undefined) return known;
    const named = new Set(groups[group]?.rule.guests);
    const members = units.all[u]?.members ?? [];
    const nodes = new Set(
      members.filter((g) => named.has(model.guests[g]?.id ?? "")).map((g) => model.home[g] ?? -1),
    );
    this.#spread.set(key, nodes);
    return nodes;
  }

  /** A unit on a node that another one must be apart from, by a hard rule; -1 for none. */
  partnerOf(u: number, at: ArrayLike<number>, node: number): number {
    for (const number of this.#problem.groupsOf[u] ?? []) {
      const group = this.#problem.groups[number];
      if (group?.rule.hard !== true || this.on(number, node) === 0) continue;
      const partner = group.units.find((v) => v !== u && at[v] === node);
      if (partner !== undefined) return partner;
    }
    return -1;
  }

  /** Whether a unit may go to a node without crowding it more than its groups allow. */
  allows(u: number, from: number, to: number): boolean {
    const own = this.#problem.groupsOf[u];
    if (own === undefined) return true;
    for (const number of own) {
      const group = this.#problem.groups[number];
      if (group === undefined || !group.rule.hard) continue;
      const spread = from < 0 && this.nodesOfSpread(number, u).has(to) ? 1 : 0;
      const there = this.on(number, to) - spread;
      if (there === 0) continue;
      if (group.share === 1) return false;
      const here = from < 0 ? 1 : this.on(number, from);
      const worse = crowding(there + 1, group.share) - crowding(there, group.share);
      const better = crowding(here, group.share) - crowding(here - 1, group.share);
      if (worse > better) return false;
    }
    return true;
  }

  /** Change in seconds if a unit went from one node to another, and `v`, if not -1, the other way. */
  delta(u: number, from: number, to: number, v: number): number {
    const own = this.#problem.groupsOf[u];
    if (own === undefined) return 0;
    const others = v < 0 ? undefined : this.#problem.groupsOf[v];
    let delta = 0;
    for (const number of own) {
      if (others?.includes(number) === true) continue;
      const share = this.#problem.groups[number]?.share ?? 1;
      const there = this.on(number, to);
      const here = this.on(number, from);
      const change =
        crowding(there + 1, share) -
        crowding(there, share) -
        crowding(here, share) +
        crowding(here - 1, share);
      delta += change * (this.#problem.groupPrice[number] ?? 0) * this.insistence;
    }
    return delta;
  }

  #change(group: number, node: number, sign: 1 | -1): void {
    const i = group * this.#nodes + node;
    const before = this.#count[i] ?? 0;
    this.#count[i] = before + sign;
    const { rule, share } = this.#problem.groups[group] ?? {};
    if (rule?.hard !== true || share === undefined) return;
    this.broken += crowding(before + sign, share) - crowding(before, share);
  }
}

/**
 * How crowded a node is with units that should be apart. Each unit beyond the first counts twice, so that no
 * other rule is repaired at the price of this one, and each beyond the share once more.
 */
function crowding(units: number, share: number): number {
  return 2 * Math.max(0, units - 1) + Math.max(0, units - share);
}
