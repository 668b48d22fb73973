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

test("an end is found among millions of placements when few of them reach the target", () => {
  const nodes = {
    pve1: { memoryGib: 24 },
    pve2: { memoryGib: 36 },
    pve3: { memoryGib: 24 },
    pve4: { memoryGib: 36 },
    pve5: { memoryGib: 24 },
  };
  const tags = {
    102: ["plb_pin_pve2"],
    103: ["plb_pin_pve2", "plb_anti_affinity_c"],
    107: ["plb_anti_affinity_c"],
  };
  const places = "pve1 pve5 pve5 pve1 pve4 pve5 pve3 pve1 pve3 pve4 pve4 pve4".split(" ");
  const sizes = [8, 3, 2, 3, 4, 12, 4, 1, 6, 4, 4, 12];
  const guests = places.map((node, index) => {
    const id = 100 + index;
    const own = Object.entries(tags).find(([key]) => key === String(id))?.[1] ?? [];
    return { id, node, gib: sizes[index] ?? 1, more: { tags: own } };
  });
  const snapshot = cluster(nodes, guests, { policy: { balanciness: 12.3 } });
  const [first] = endsOf(snapshot);
  expect(first?.loads.gapSeconds()).toBe(0);
  expect(first?.cost).toBeCloseTo(cheapestEnd(new Puzzle(snapshot)) ?? Number.NaN, 2);
});
