import { describe, expect, test } from "vitest";
import { buildModel } from "../../src/balancing/model/model.ts";
import { NumberSet } from "../../src/balancing/search/number-set.ts";
import { buildProblem } from "../../src/balancing/search/problem.ts";
import { search } from "../../src/balancing/search/search.ts";
import { Sequence } from "../../src/balancing/search/sequence.ts";
import { cheapestEdges } from "../../src/balancing/search/windows.ts";
import { cluster, guestsOn } from "./cluster.ts";
import { randomCluster } from "./random-cluster.ts";

function problemOf(snapshot: ReturnType<typeof cluster>, effort = 1) {
  const model = buildModel(snapshot, { effort });
  const widths = new Map([[model.resources.level, 0.1]]);
  return buildProblem(model, { widths, levels: true });
}

describe("the search", () => {
  test("finds nothing worse with more effort", () => {
    let cheaper = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const snapshot = randomCluster(seed);
      const little = search(problemOf(snapshot, 0.01));
      const much = search(problemOf(snapshot, 1));
      const more = seed > 15 ? much : search(problemOf(snapshot, 3));
      expect(much.broken).toBeLessThanOrEqual(little.broken);
      expect(more.broken).toBeLessThanOrEqual(much.broken);
      expect(more.loads.gapSeconds()).toBeLessThanOrEqual(much.loads.gapSeconds() + 1e-3);
      const isSame =
        more.broken === much.broken && more.loads.gapSeconds() === much.loads.gapSeconds();
      if (isSame) expect(more.cost).toBeLessThanOrEqual(much.cost + 1e-3);
      if (much.cost < little.cost - 1e-3) cheaper++;
    }
    expect(cheaper).toBeGreaterThan(5);
  });

  test("finds the one exchange that helps where no single move does", () => {
    const snapshot = cluster({ pve1: {}, pve2: {} }, [
      { id: 100, node: "pve1", gib: 60 },
      { id: 101, node: "pve1", gib: 32 },
      { id: 200, node: "pve2", gib: 50 },
      { id: 201, node: "pve2", gib: 30 },
    ]);
    const { at, problem, loads } = search(problemOf(snapshot));
    expect(loads.gapSeconds()).toBe(0);
    const moved = problem.units.all.filter(({ home }, u) => at[u] !== home);
    expect(moved.map(({ members }) => members)).toHaveLength(2);
  });
});

describe("the cheapest window", () => {
  test("is where the larger of excess and deficit is smallest", () => {
    const skewed = cluster({ pve1: {}, pve2: {}, pve3: {} }, [
      ...guestsOn("pve1", 8, 100, 10),
      ...guestsOn("pve2", 4, 200, 10),
      ...guestsOn("pve3", 3, 300, 10),
    ]);
    // From 0.4 on pve3 needs more than pve1 has to give up; at 0.5 - 0.1 both are 10 to 30 GiB.
    const [edge = 0] = cheapestEdges(problemOf(skewed));
    expect(edge).toBeGreaterThan(0.4);
    expect(edge).toBeLessThan(0.6);
  });

  test("leaves room for guests that have to come from elsewhere", () => {
    const drained = cluster({ pve1: { maintenance: true }, pve2: {}, pve3: {} }, [
      ...guestsOn("pve1", 6, 100, 10),
      ...guestsOn("pve2", 3, 200, 10),
      ...guestsOn("pve3", 3, 300, 10),
    ]);
    const [edge = 0] = cheapestEdges(problemOf(drained));
    expect(edge).toBeGreaterThanOrEqual(0.5);
    expect(edge).toBeLessThanOrEqual(0.6);
  });
});

test("the sequence is always the same and spreads over its range", () => {
  const [a, b] = [new Sequence(), new Sequence()];
  const numbers = Array.from({ length: 2000 }, () => a.below(10));
  expect(numbers).toEqual(Array.from({ length: 2000 }, () => b.below(10)));
  for (let digit = 0; digit < 10; digit++) {
    expect(numbers.filter((number) => number === digit).length).toBeGreaterThan(140);
  }
});

test("a number set holds each number once", () => {
  const set = new NumberSet(10);
  for (const number of [3, 7, 3, 1]) set.set(number, true);
  set.set(7, false);
  set.set(7, false);
  expect([set.at(0), set.at(1)].toSorted()).toEqual([1, 3]);
  expect(set.size).toBe(2);
  set.clear();
  set.set(3, true);
  expect([set.size, set.at(0)]).toEqual([1, 3]);
});
