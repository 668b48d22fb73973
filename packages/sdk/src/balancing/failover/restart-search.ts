import type { RestartPlaces, RestartUnit } from "./restart-places.ts";

/** Where the units of a failed node would be started. */
export interface Restart {
  /** By unit: its node; -1 for those that find none. */
  readonly to: Int32Array;
  /** Guests that find no place. */
  readonly left: number;
  /** Whether no way of placing them leaves fewer. */
  readonly proven: boolean;
}

/**
 * Places the units of a failed node on the others: the largest first, each where most memory is free. What finds
 * no place is tried where one of those already placed can make way. It ends proven when whoever is left has no place
 * even alone. `order` are the nodes, the emptiest first.
 */
export function placeGreedily(
  places: RestartPlaces,
  units: readonly RestartUnit[],
  order: readonly number[],
): Restart {
  const to = new Int32Array(units.length).fill(-1);
  const nodes = order.slice();
  units.forEach((unit, u) => {
    const n = firstFit(places, unit, nodes);
    if (n < 0) return;
    places.shift(unit, n, 1);
    to[u] = n;
    sink(places, nodes, n);
  });
  for (const u of units.keys()) if (to[u] === -1) makeWay(places, units, to, u, nodes);
  clear(places, units, to);
  const open = units.some((unit, u) => to[u] === -1 && firstFit(places, unit, order) >= 0);
  return { to, left: countLeft(units, to), proven: !open };
}

/** Takes the units away again. */
export function clear(places: RestartPlaces, units: readonly RestartUnit[], to: Int32Array): void {
  units.forEach((unit, u) => {
    const n = to[u] ?? -1;
    if (n >= 0) places.shift(unit, n, -1);
  });
}

/**
 * Tries every way of placing the units, in so many steps at most, and returns the one that leaves the fewest
 * guests without a place; the places are as they were before.
 */
export function placeExactly(
  places: RestartPlaces,
  units: readonly RestartUnit[],
  order: readonly number[],
  known: Restart,
  steps: number,
): Restart {
  const targets = units.map((unit) => order.filter((n) => places.mayBe(unit, n)));
  const least = leastLeft(places, units, targets);
  if (known.left <= least) return { ...known, proven: true };
  // Whoever has the fewest places chooses first.
  const sequence = [...units.keys()].sort(
    (a, b) => (targets[a]?.length ?? 0) - (targets[b]?.length ?? 0) || a - b,
  );
  const to = new Int32Array(units.length).fill(-1);
  const kinds = kindsOf(places, units, order);
  let best = known;
  let budget = steps;
  const visit = (depth: number, left: number): void => {
    if (left >= best.left || budget <= 0 || best.left <= least) return;
    const u = sequence[depth];
    const unit = units[u ?? -1];
    if (u === undefined || unit === undefined) {
      best = { to: to.slice(), left, proven: false };
      return;
    }
    const tried = new Set<string>();
    for (const n of targets[u] ?? []) {
      budget--;
      if (!places.admits(unit, n)) continue;
      const twin = to.includes(n) ? "" : (kinds.get(n) ?? "");
      if (twin !== "" && tried.has(twin)) continue;
      tried.add(twin);
      places.shift(unit, n, 1);
      to[u] = n;
      visit(depth + 1, left);
      places.shift(unit, n, -1);
      to[u] = -1;
    }
    visit(depth + 1, left + unit.members.length);
  };
  visit(0, 0);
  return { ...best, proven: budget > 0 || best.left <= least };
}

/** The node where a unit meets those it should be with, else the emptiest that takes it; -1 for none. */
function firstFit(places: RestartPlaces, unit: RestartUnit, nodes: readonly number[]): number {
  for (const n of unit.friends) {
    if (nodes.includes(n) && places.mayBe(unit, n) && places.admits(unit, n)) return n;
  }
  return nodes.find((n) => places.mayBe(unit, n) && places.admits(unit, n)) ?? -1;
}

/** Puts a node that became fuller back into the order. */
function sink(places: RestartPlaces, nodes: number[], n: number): void {
  const fullness = places.fullness(n);
  let i = nodes.indexOf(n);
  for (let next = nodes[i + 1]; next !== undefined; next = nodes[i + 1]) {
    const other = places.fullness(next);
    if (other > fullness || (other === fullness && next > n)) break;
    nodes[i] = next;
    i++;
  }
  nodes[i] = n;
}

/** Moves one unit on so that another takes its place. */
function makeWay(
  places: RestartPlaces,
  units: readonly RestartUnit[],
  to: Int32Array,
  u: number,
  nodes: readonly number[],
): void {
  const unit = units[u];
  if (unit === undefined) return;
  for (const [v, other] of units.entries()) {
    const n = to[v] ?? -1;
    if (n < 0 || !places.mayBe(unit, n)) continue;
    places.shift(other, n, -1);
    if (places.admits(unit, n)) {
      places.shift(unit, n, 1);
      const aside = nodes.find((m) => places.mayBe(other, m) && places.admits(other, m));
      if (aside !== undefined) {
        places.shift(other, aside, 1);
        to[v] = aside;
        to[u] = n;
        return;
      }
      places.shift(unit, n, -1);
    }
    places.shift(other, n, 1);
  }
}

/** Guests that find no place whatever is tried: more units than the free room of all nodes together holds. */
function leastLeft(
  places: RestartPlaces,
  units: readonly RestartUnit[],
  targets: readonly (readonly number[])[],
): number {
  const { dims, load, hard } = places.rooms;
  const hopeless = units.filter(
    (unit, u) => targets[u]?.some((n) => places.admits(unit, n)) !== true,
  );
  const rest = units.filter((unit) => !hopeless.includes(unit));
  const nodes = [...new Set(targets.flat())];
  const missing = dims.map((_, d) => {
    const free = nodes.reduce((sum, n) => {
      const i = n * dims.length + d;
      return sum + Math.max(0, (hard[i] ?? 0) - (load[i] ?? 0));
    }, 0);
    const sizes = rest.map(({ amounts }) => amounts[d] ?? 0).sort((a, b) => b - a);
    let sum = sizes.reduce((all, one) => all + one, 0);
    let count = 0;
    for (const size of sizes) {
      if (sum <= free) break;
      sum -= size;
      count++;
    }
    return count;
  });
  return hopeless.reduce((sum, { members }) => sum + members.length, 0) + Math.max(0, ...missing);
}

/** Nodes of one kind serve all units equally well as long as none of these is there: one of them is enough to try. */
function kindsOf(
  places: RestartPlaces,
  units: readonly RestartUnit[],
  order: readonly number[],
): ReadonlyMap<number, string> {
  const { dims, load, hard } = places.rooms;
  return new Map(
    order.map((n) => {
      const room = dims.map(
        (_, d) => (hard[n * dims.length + d] ?? 0) - (load[n * dims.length + d] ?? 0),
      );
      const open = units.map((unit) =>
        Number(places.mayBe(unit, n) && places.enemyOn(unit, n) === undefined),
      );
      return [n, `${room.join()} ${open.join("")}`];
    }),
  );
}

function countLeft(units: readonly RestartUnit[], to: Int32Array): number {
  return units.reduce((sum, { members }, u) => sum + (to[u] === -1 ? members.length : 0), 0);
}
