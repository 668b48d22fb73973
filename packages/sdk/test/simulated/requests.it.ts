import { expect, it } from "vitest";
import { openLab } from "./lab.ts";

it.each([
  { seed: 1, nodes: 3, guests: 60, localDisks: 0.5 },
  { seed: 2, nodes: 10, guests: 300 },
  { seed: 3, nodes: 32, guests: 1000, version: "8.4" },
])("a dry run asks no more than it says: %j", async (options) => {
  const lab = await openLab(options);
  try {
    const plan = await lab.kappa4.rebalance.preview();
    const paths = lab.simulator.requests.map(({ path }) => path);
    const asked = paths.flatMap((path) => /\/(?:qemu|lxc)\/(\d+)\//.exec(path)?.[1] ?? []);
    const considered = new Set(asked.map(Number));
    const moved = new Set(plan.moves.map(({ guest }) => Number(guest)));
    expect(paths.length - asked.length).toBeLessThanOrEqual(8);
    expect(new Set(paths).size).toBe(paths.length);
    expect(asked.length).toBeLessThanOrEqual(2 * considered.size);
    expect([...moved].filter((guest) => !considered.has(guest))).toEqual([]);
    expect(considered.size).toBeLessThan(2 * moved.size);
  } finally {
    await lab.close();
  }
});
