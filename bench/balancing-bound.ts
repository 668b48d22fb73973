import type { ClusterSnapshot, Guest, GuestId, PlacementRule } from "@kappa4/connectors";
import { readRules } from "@kappa4/sdk/balancing";

const STEPS = 2000;
const OVERHEAD = 8;

/**
 * Seconds that any plan needs at least, by arithmetic alone. When a target holds there is a lower edge such that
 * all active nodes are within edge and edge + target; each node above must lose its excess and each below must
 * gain its deficit. Guests of draining nodes and guests off their pin move in any case, and their load may go
 * where it helps. Broken groups need their cheapest repair. The largest of these counts; so with rules or with two
 * targets the bound is loose.
 */
export function leastSeconds(snapshot: ClusterSnapshot): number {
  const rules = readRules(snapshot).filter(({ hard }) => hard);
  const forced = forcedGuests(snapshot, rules);
  const leaving = snapshot.guests.filter(({ id }) => forced.has(id));
  const { balanciness = 10, cpuBalanciness } = snapshot.policy ?? {};
  const memory = windowSeconds(snapshot, forced, balanciness / 100, {
    load: ({ memory: { used } }) => used,
    base: (node) => node.base.memory,
    total: (node) => node.memory.total,
  });
  const cpu =
    cpuBalanciness === undefined
      ? 0
      : windowSeconds(snapshot, forced, cpuBalanciness / 100, {
          load: ({ cpu: { used, cores } }) => used * cores,
          base: (node) => node.base.cpu,
          total: (node) => node.cpu.cores,
        });
  const groups = repairSeconds(snapshot, rules, forced);
  const certain = leaving.reduce((sum, guest) => sum + secondsOf(snapshot, guest), 0);
  return certain + Math.max(memory, cpu, groups);
}

/** What one move costs by the cost model of the defaults. */
export function secondsOf(snapshot: ClusterSnapshot, guest: Guest): number {
  const node = snapshot.nodes.find(({ name }) => name === guest.node);
  const own = (node?.storages ?? []).filter(({ shared }) => !shared).map(({ id }) => id);
  const bytes = (guest.volumes ?? [])
    .filter(({ storage }) => own.includes(storage))
    .reduce((sum, volume) => sum + volume.bytes, 0);
  return OVERHEAD + guest.memory.used / 1e9 + bytes / 2.5e8;
}

interface Measure {
  readonly load: (guest: Guest) => number;
  readonly base: (node: ClusterSnapshot["nodes"][number]) => number;
  readonly total: (node: ClusterSnapshot["nodes"][number]) => number;
}

function windowSeconds(
  snapshot: ClusterSnapshot,
  forced: ReadonlySet<GuestId>,
  width: number,
  { load, base, total }: Measure,
): number {
  const staying = snapshot.guests.filter(({ id }) => !forced.has(id));
  const afloat = snapshot.guests
    .filter(({ id }) => forced.has(id))
    .reduce((sum, guest) => sum + load(guest), 0);
  const all = new Shedding(staying, load);
  const active = snapshot.nodes
    .filter(({ maintenance }) => !maintenance)
    .map((node) => {
      const here = staying.filter((guest) => guest.node === node.name);
      const used = here.reduce((sum, guest) => sum + load(guest), base(node));
      return { used, total: total(node), shedding: new Shedding(here, load) };
    });
  let least = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= STEPS; step++) {
    // The cell from one step to the next: the excess of its end and the deficit of its start hold for all of it.
    const low = step / STEPS;
    const high = (step + 1) / STEPS + width;
    let out = 0;
    let deficit = 0;
    for (const node of active) {
      out += node.shedding.seconds(node.used - high * node.total);
      deficit += Math.max(0, low * node.total - node.used);
    }
    least = Math.min(least, Math.max(out, all.seconds(deficit - afloat)));
  }
  return least;
}

/** The cheapest way to move an amount of load, if guests could be cut in parts. */
class Shedding {
  readonly #amounts: number[] = [0];
  readonly #seconds: number[] = [0];
  readonly #isMemory: boolean;

  constructor(guests: readonly Guest[], load: (guest: Guest) => number) {
    const price = (guest: Guest): number => OVERHEAD + guest.memory.used / 1e9;
    this.#isMemory = guests.every((guest) => load(guest) === guest.memory.used);
    const order = guests
      .filter((guest) => load(guest) > 0)
      .sort((a, b) => price(a) / load(a) - price(b) / load(b));
    for (const guest of order) {
      this.#amounts.push((this.#amounts.at(-1) ?? 0) + load(guest));
      this.#seconds.push((this.#seconds.at(-1) ?? 0) + price(guest));
    }
  }

  seconds(amount: number): number {
    if (amount <= 0) return 0;
    let low = 1;
    let high = this.#amounts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#amounts[middle] ?? 0) < amount) low = middle + 1;
      else high = middle;
    }
    if (low === this.#amounts.length) return Number.POSITIVE_INFINITY;
    // Of memory it takes whole moves, and each byte costs the same.
    if (this.#isMemory) return OVERHEAD * low + amount / 1e9;
    const before = this.#amounts[low - 1] ?? 0;
    const part = (amount - before) / ((this.#amounts[low] ?? 0) - before);
    const seconds = this.#seconds[low - 1] ?? 0;
    return seconds + part * ((this.#seconds[low] ?? 0) - seconds);
  }
}

function forcedGuests(
  { nodes, guests }: ClusterSnapshot,
  rules: readonly PlacementRule[],
): ReadonlySet<GuestId> {
  const draining = new Set(nodes.filter(({ maintenance }) => maintenance).map(({ name }) => name));
  const homes = new Map(guests.map(({ id, node }) => [id, node]));
  const pinned = rules.flatMap((rule) =>
    rule.kind === "pin"
      ? rule.guests.filter((id) => !rule.nodes.includes(homes.get(id) ?? ""))
      : [],
  );
  const drained = guests.filter(({ node }) => draining.has(node)).map(({ id }) => id);
  return new Set([...pinned, ...drained]);
}

/** Of a broken group all but the dearest part must move, whatever else does; groups that share a guest count once. */
function repairSeconds(
  snapshot: ClusterSnapshot,
  rules: readonly PlacementRule[],
  forced: ReadonlySet<GuestId>,
): number {
  const guests = new Map(snapshot.guests.map((guest) => [guest.id, guest]));
  const repairs = { together: 0, apart: 0 };
  const seen = { together: new Set<GuestId>(), apart: new Set<GuestId>() };
  for (const { kind, guests: ids } of rules) {
    if (kind !== "together" && kind !== "apart") continue;
    const members = ids.filter((id) => !forced.has(id));
    if (members.some((id) => seen[kind].has(id))) continue;
    const parts = new Map<string, number[]>();
    for (const id of members) {
      seen[kind].add(id);
      const guest = guests.get(id);
      if (guest === undefined) continue;
      parts.set(guest.node, [...(parts.get(guest.node) ?? []), secondsOf(snapshot, guest)]);
    }
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const sums = [...parts.values()].map(sum);
    repairs[kind] +=
      kind === "together"
        ? sum(sums) - Math.max(0, ...sums)
        : sum([...parts.values()].map((part) => sum(part) - Math.max(...part)));
  }
  return Math.max(repairs.together, repairs.apart);
}
