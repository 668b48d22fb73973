import { expect, it } from "vitest";
import { carryOut, openLab } from "./lab.ts";

/** Clusters to level. Hundreds before a change lands; fewer where somebody waits for the answer. */
const ROUNDS = Number(process.env.KAPPA4_ROUNDS ?? 20);

it(`brings ${ROUNDS} random clusters to exactly the placement that the plan predicts`, {
  timeout: 900_000,
}, async () => {
  let moves = 0;
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const nodes = 3 + (seed % 3);
    const lab = await openLab({
      seed,
      nodes,
      guests: nodes * 4,
      version: seed % 2 === 0 ? "8.4" : "9.2",
      // In every third one a move copies disks as well.
      localDisks: seed % 3 === 0 ? 1 : undefined,
      // Disks take simulated minutes; where guests end does not depend on how often somebody looks.
      pollIntervalMs: 20_000,
    });
    try {
      const plan = await lab.kappa4.rebalance.preview();
      // The HA manager may have moved a guest by itself before.
      const begun = lab.simulator.moves.length;
      const predicted = new Map(lab.simulator.placements());
      for (const { guest, to } of plan.moves) predicted.set(Number(guest), to);
      const result = await carryOut(lab, plan);
      expect(
        result.outcome,
        `seed ${seed}: ${result.moves.map(({ error }) => error?.message)}`,
      ).toBe("succeeded");
      expect(lab.simulator.placements(), `seed ${seed}`).toEqual(predicted);
      expect(lab.simulator.moves.length - begun, `seed ${seed}`).toBe(plan.moves.length);
      moves += plan.moves.length;
    } finally {
      await lab.close();
    }
  }
  expect(moves).toBeGreaterThan(ROUNDS);
});
