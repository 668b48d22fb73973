import { describe, expect, it } from "vitest";
import { findFaults, troubles } from "./faults.ts";
import { carryOut, openLab } from "./lab.ts";

// Clusters and places to strike, for each of 17 troubles; CI asks for 8, which makes 136 runs.
const COUNT = Number(process.env.KAPPA4_FAULT_SEEDS ?? 1);
const SEEDS = Array.from({ length: COUNT }, (_, index) => index + 1);

describe.each(troubles)("when $name", (trouble) => {
  it(`sends nothing twice and accounts for every guest, ${SEEDS.length} runs`, async () => {
    const { maxParallel } = trouble;
    for (const seed of SEEDS) {
      const version = seed % 2 === 0 ? "8.4" : "9.1";
      const about = `seed ${seed}, Proxmox VE ${version}`;
      const lab = await openLab({ seed, version, ...trouble });
      try {
        const { kappa4, simulator, underHa } = lab;
        const plan = await kappa4.rebalance.preview();
        expect(plan.moves.length, `${about} has something to do`).toBeGreaterThan(0);
        const guestsBefore = new Set(simulator.placements().keys());
        const faults = (trouble.faults?.(plan, seed) ?? []).map((fault) =>
          simulator.faults.add(fault),
        );
        trouble.change?.(simulator, plan, seed);
        const result = await carryOut(lab, plan, { maxParallel });
        const fired = faults.reduce((sum, fault) => sum + fault.fired, 0);
        // A trouble that does not strike would prove nothing.
        if (trouble.faults !== undefined) expect(fired, `${about} is struck`).toBeGreaterThan(0);
        const run = { simulator, result, guestsBefore, underHa, trouble };
        expect(findFaults(run), about).toEqual([]);
        // What was said stays true: nothing that counts as over goes on behind our back.
        simulator.advance(600_000);
        expect(findFaults(run), `${about}, ten minutes later`).toEqual([]);
      } finally {
        await lab.close();
      }
    }
  });
});
