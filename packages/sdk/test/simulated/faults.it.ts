import { describe, expect, it } from "vitest";
import { findFaults, troubles } from "./faults.ts";
import { openLab } from "./lab.ts";

// 16 troubles, each with 14 clusters and places to strike: 224 runs.
const SEEDS = Array.from({ length: 14 }, (_, index) => index + 1);

describe.each(troubles)("when $name", (trouble) => {
  it(`sends nothing twice and accounts for every guest, ${SEEDS.length} runs`, async () => {
    const { maxParallel } = trouble;
    let failed = 0;
    let struck = 0;
    for (const seed of SEEDS) {
      const version = seed % 2 === 0 ? "8.4" : "9.1";
      const lab = await openLab({ seed, version, ...trouble });
      try {
        const plan = await lab.kappa4.rebalance.plan();
        expect(plan.moves.length, `seed ${seed} has something to do`).toBeGreaterThan(0);
        const guests = new Set(lab.simulator.placements().keys());
        const faults = (trouble.faults?.(plan, seed) ?? []).map((fault) =>
          lab.simulator.faults.add(fault),
        );
        trouble.change?.(lab.simulator, plan, seed);
        const result = await lab.kappa4.rebalance.apply("lab", plan, { maxParallel }).result;
        if (result.outcome !== "succeeded") failed++;
        struck += faults.reduce((sum, { fired }) => sum + fired, 0);
        const broken = findFaults(lab.simulator, plan, result, guests, trouble);
        expect(broken, `seed ${seed}, Proxmox VE ${version}`).toEqual([]);
      } finally {
        await lab.close();
      }
    }
    // A trouble that never strikes would prove nothing.
    if (trouble.faults !== undefined) expect(struck).toBeGreaterThan(0);
    if (trouble.codes !== undefined) expect(failed).toBeGreaterThan(0);
  });
});
