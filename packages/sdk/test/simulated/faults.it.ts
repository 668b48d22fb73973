import { describe, expect, it } from "vitest";
import { findFaults, troubles } from "./faults.ts";
import { openLab } from "./lab.ts";

// 15 troubles, each with 14 clusters and places to strike: 210 runs.
const SEEDS = Array.from({ length: 14 }, (_, index) => index + 1);

describe.each(troubles)("when $name", (trouble) => {
  it(`sends nothing twice and accounts for every guest, ${SEEDS.length} runs`, async () => {
    let strikes = 0;
    for (const seed of SEEDS) {
      const version = seed % 2 === 0 ? "8.4" : "9.1";
      const lab = await openLab({ seed, version, ...trouble });
      try {
        const plan = await lab.kappa4.rebalance.plan();
        expect(plan.moves.length, `seed ${seed} has something to do`).toBeGreaterThan(0);
        const guests = new Set(lab.simulator.placements().keys());
        trouble.arrange(lab.simulator, plan, seed);
        const result = await lab.kappa4.rebalance.apply("lab", plan).result;
        if (result.outcome !== "succeeded") strikes++;
        const faults = findFaults(lab.simulator, plan, result, guests, trouble);
        expect(faults, `seed ${seed}, Proxmox VE ${version}`).toEqual([]);
      } finally {
        await lab.close();
      }
    }
    // A suite in which the trouble never shows would prove nothing.
    if (trouble.codes !== undefined) expect(strikes).toBeGreaterThan(0);
  });
});
