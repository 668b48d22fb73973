import { describe, expect, test } from "vitest";
import { buildModel } from "../../src/balancing/model/model.ts";
import { Placement } from "../../src/balancing/search/placement.ts";
import { buildProblem, type Problem } from "../../src/balancing/search/problem.ts";
import { cheapestEdges, setWindows } from "../../src/balancing/search/windows.ts";
import { Dice } from "./dice.ts";
import { randomCluster } from "./random-cluster.ts";

function problemOf(seed: number): Problem {
  const model = buildModel(randomCluster(seed));
  const widths = new Map([[model.resources.level, 0.1]]);
  return buildProblem(model, { widths, levels: true });
}

function placed(problem: Problem, at: Int32Array): Placement {
  const placement = new Placement(problem);
  setWindows(placement, cheapestEdges(problem));
  at.forEach((node, u) => {
    placement.move(u, node);
  });
  return placement;
}

/** Everything that counts, in seconds: what a step of the search compares. */
function score({ cost, homeless, loads, problem, crowds }: Placement): number {
  const left = [...homeless.list.slice(0, homeless.size)];
  const rules = left.reduce((sum, u) => sum + (problem.homelessPrice[u] ?? 0), 0);
  const crowded = problem.groups.reduce((sum, { share }, group) => {
    const nodes = problem.model.nodes.map((_, n) => crowds.on(group, n));
    const many = nodes.reduce((all, k) => all + 2 * Math.max(0, k - 1) + Math.max(0, k - share), 0);
    return sum + many * (problem.groupPrice[group] ?? 0);
  }, 0);
  return cost + rules + crowded + loads.gapSeconds() + 3 * loads.overSeconds();
}

describe("a placement", () => {
  test("foretells the effect of every move and of every trade of places", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const problem = problemOf(seed);
      const placement = placed(problem, problem.homeOf);
      const dice = new Dice(seed);
      const units = problem.units.all.length;
      for (let round = 0; round < 200 && units > 1; round++) {
        const [u, v] = [dice.whole(0, units - 1), dice.whole(0, units - 1)];
        const to = dice.whole(0, problem.model.nodes.length - 1);
        const before = score(placement);
        const trades = dice.chance(0.3) && u !== v;
        const delta = trades ? placement.deltaOfSwap(u, v) : placement.deltaOf(u, to);
        if (delta === Number.POSITIVE_INFINITY || (placement.at[u] ?? -1) < 0) continue;
        const [a, b] = [placement.at[u] ?? -1, placement.at[v] ?? -1];
        placement.move(u, trades ? b : to);
        if (trades) placement.move(v, a);
        expect(score(placement) - before).toBeCloseTo(delta, 4);
      }
    }
  });

  test("is the same however it was reached", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const problem = problemOf(seed);
      const walked = placed(problem, problem.homeOf);
      const dice = new Dice(seed);
      for (let round = 0; round < 300; round++) {
        const u = dice.whole(0, Math.max(0, problem.units.all.length - 1));
        const to = dice.whole(0, problem.model.nodes.length - 1);
        if (walked.mayBe(u, to)) walked.move(u, to);
      }
      const direct = placed(problem, walked.at);
      expect(walked.loads.load).toEqual(direct.loads.load);
      expect(walked.loads.gap).toEqual(direct.loads.gap);
      expect(walked.loads.over).toEqual(direct.loads.over);
      expect(walked.broken).toBe(direct.broken);
      expect(walked.moved.size).toBe(direct.moved.size);
      expect(walked.cost).toBeCloseTo(direct.cost, 6);
    }
  });

  test("allows no move that exceeds a limit or puts guests together that must be apart", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const problem = problemOf(seed);
      const placement = placed(problem, problem.homeOf);
      const dice = new Dice(seed);
      for (let round = 0; round < 100; round++) {
        const u = dice.whole(0, Math.max(0, problem.units.all.length - 1));
        const to = dice.whole(0, problem.model.nodes.length - 1);
        if (!placement.allows(u, to)) continue;
        const { broken } = placement;
        placement.move(u, to);
        expect(placement.loads.overSeconds()).toBe(0);
        expect(placement.broken).toBeLessThanOrEqual(broken);
      }
    }
  });
});
