import type { ClusterSnapshot, PlacementRule } from "@kappa4/connectors";
import { expect, test } from "vitest";
import { planRebalance, readRules } from "../../src/balancing/index.ts";
import { cluster } from "./cluster.ts";
import { Dice } from "./dice.ts";

/** Not a round figure: a spread of exactly the target is a matter of the last digit. */
const TARGET = 20.3;
const COUNT = 1500;

/** A cluster so small that every placement can be tried. */
function tinyCluster(seed: number): ClusterSnapshot {
  const dice = new Dice(seed);
  const names = ["pve1", "pve2", "pve3"];
  const nodes = Object.fromEntries(
    names.map((name) => [name, { memoryGib: dice.pick([40, 60]), maintenance: dice.chance(0.1) }]),
  );
  const guests = Array.from({ length: dice.whole(4, 7) }, (_, index) => {
    const tags: string[] = [];
    if (dice.chance(0.2)) tags.push("plb_affinity_a");
    if (dice.chance(0.3)) tags.push("plb_anti_affinity_b");
    if (dice.chance(0.15)) tags.push(`plb_pin_${dice.pick(names)}`, `plb_pin_${dice.pick(names)}`);
    if (dice.chance(0.05)) tags.push("plb_ignore");
    const node = dice.chance(0.5) ? "pve1" : dice.pick(names);
    return { id: 100 + index, node, gib: dice.pick([1, 2, 3, 5, 8]), more: { tags } };
  });
  return cluster(nodes, guests);
}

/** The least migration time that holds all rules and reaches the target; undefined where nothing does. */
function leastSeconds(snapshot: ClusterSnapshot): number | undefined {
  const rules = readRules(snapshot);
  const active = snapshot.nodes.filter(({ maintenance }) => !maintenance);
  let least: number | undefined;
  const at: string[] = [];
  const place = (index: number, cost: number): void => {
    if (least !== undefined && cost >= least) return;
    const guest = snapshot.guests[index];
    if (guest === undefined) {
      if (holds(snapshot, rules, at)) least = cost;
      return;
    }
    const stays = rules.some(({ kind, guests }) => kind === "ignore" && guests.includes(guest.id));
    const places = stays ? [guest.node] : active.map(({ name }) => name);
    for (const node of places) {
      at[index] = node;
      place(index + 1, cost + (node === guest.node ? 0 : 8 + guest.memory.used / 1e9));
    }
  };
  place(0, 0);
  return least;
}

function holds(
  snapshot: ClusterSnapshot,
  rules: readonly PlacementRule[],
  at: readonly string[],
): boolean {
  const nodeOf = (id: number | string): string =>
    at[snapshot.guests.findIndex((guest) => guest.id === id)] ?? "";
  for (const rule of rules) {
    const nodes = rule.guests.map(nodeOf);
    const different = new Set(nodes).size;
    if (rule.kind === "together" && different > 1) return false;
    if (rule.kind === "apart" && different < nodes.length) return false;
    if (rule.kind === "pin" && nodes.some((node) => !rule.nodes.includes(node))) return false;
  }
  const loads: number[] = [];
  for (const { name, maintenance, memory } of snapshot.nodes) {
    const here = snapshot.guests.filter((_, index) => at[index] === name);
    if (maintenance && here.length > 0) return false;
    const used = here.reduce((sum, guest) => sum + guest.memory.used, 0);
    if (used > Math.max(0.95 * memory.total, memory.used)) return false;
    if (!maintenance) loads.push(used / memory.total);
  }
  return loads.length > 0 && 100 * (Math.max(...loads) - Math.min(...loads)) <= TARGET;
}

test("small clusters: as good as trying everything", () => {
  let solvable = 0;
  let solved = 0;
  let cheapest = 0;
  for (let seed = 1; seed <= COUNT; seed++) {
    const snapshot = tinyCluster(seed);
    const least = leastSeconds(snapshot);
    if (least === undefined) continue;
    solvable++;
    const plan = planRebalance(snapshot, { balanciness: TARGET, effort: 0.2 });
    if (plan.after.violations > 0 || plan.after.spread > TARGET) continue;
    solved++;
    expect(plan.costSeconds).toBeGreaterThanOrEqual(least - 0.01);
    if (plan.costSeconds <= least + 0.01) cheapest++;
  }
  expect(solvable).toBeGreaterThan(COUNT / 3);
  // A few end states have no safe way to them.
  expect(solved / solvable).toBeGreaterThan(0.995);
  expect(cheapest / solved).toBeGreaterThan(0.95);
});
