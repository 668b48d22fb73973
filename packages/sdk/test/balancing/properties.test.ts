import { describe, expect, test } from "vitest";
import { planRebalance } from "../../src/balancing/index.ts";
import { judge } from "./judge.ts";
import { randomCluster, shuffledCluster } from "./random-cluster.ts";

const COUNT = 1000;
const BATCH = 100;
/** A shorter search: what has to hold holds for any. */
const options = { effort: 0.04 };

describe("any cluster", () => {
  for (let first = 1; first <= COUNT; first += BATCH) {
    test(`seeds ${first} to ${first + BATCH - 1}: rules and limits hold on the way, nothing gets worse`, () => {
      for (let seed = first; seed < first + BATCH; seed++) {
        const snapshot = randomCluster(seed);
        expect(judge(snapshot, planRebalance(snapshot, options), options), `seed ${seed}`).toEqual(
          [],
        );
      }
    });
  }

  test("gets the same plan in whatever order it is listed", () => {
    for (let seed = 1; seed <= 150; seed++) {
      const snapshot = randomCluster(seed);
      const plan = planRebalance(snapshot, options);
      const again = planRebalance(shuffledCluster(snapshot, seed), options);
      expect(JSON.stringify(again), `seed ${seed}`).toBe(JSON.stringify(plan));
    }
  });
});
