import { expect, test } from "vitest";
import { buildModel } from "../../src/balancing/model/model.ts";
import { buildProblem } from "../../src/balancing/search/problem.ts";
import { cheapestEnds } from "../../src/balancing/search/try-all.ts";
import { cluster, guestsOn } from "./cluster.ts";
import { cheapestEnd } from "./exact.ts";
import { Puzzle, smallCluster } from "./puzzle.ts";

function endsOf(snapshot: ReturnType<typeof cluster>, most = Number.POSITIVE_INFINITY) {
  const model = buildModel(snapshot);
  const width = (snapshot.policy?.balanciness ?? 10) / 100;
  const widths = new Map([[model.resources.level, width]]);
  return cheapestEnds(buildProblem(model, { widths, levels: true }), most, 48).known;
}

test("the first end is the cheapest there is, and all hold", () => {
  let found = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const snapshot = smallCluster(seed);
    const least = cheapestEnd(new Puzzle(snapshot));
    const [first, ...others] = endsOf(snapshot);
    // Rules that cannot hold are set aside before the search; the puzzle has none of that.
    if (least === undefined || first === undefined) continue;
    found++;
    expect(first.cost, `seed ${seed}`).toBeCloseTo(least, 2);
    for (const { broken, cost, loads } of [first, ...others]) {
      expect([broken, loads.gapSeconds(), loads.overSeconds()], `seed ${seed}`).toEqual([0, 0, 0]);
      expect(cost).toBeGreaterThanOrEqual(first.cost - 2e-3);
    }
  }
  expect(found).toBeGreaterThan(60);
});

test("nothing is listed that is not cheaper than what is known", () => {
  const snapshot = cluster({ pve1: {}, pve2: {} }, guestsOn("pve1", 6, 100, 10));
  const [first] = endsOf(snapshot);
  expect(first?.moved.size).toBe(3);
  expect(endsOf(snapshot, first?.cost)).toEqual([]);
});

test("a cluster that is not very small is left to the walk", () => {
  const snapshot = cluster({ pve1: {}, pve2: {} }, guestsOn("pve1", 17, 100, 3));
  expect(endsOf(snapshot)).toEqual([]);
});
