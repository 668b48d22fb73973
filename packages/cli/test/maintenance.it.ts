import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLab } from "./support/lab.ts";

const NOT_LOOKED_AT = "Maintenance, past moves and what else the store knows were not looked at.";

it("plans with what the store knows of maintenance, and applies what it planned", async () => {
  const lab = await openLab({ timeScale: 100 });
  const entered = await lab.run(
    'call maintenance.enter --input {"node":"pve2","reason":"noisy-fan"}',
  );
  expect(entered).toMatchObject({ code: 0, stderr: "" });

  const look = await lab.run("rebalance dry-run --only rules --json");
  expect(look.stderr).toBe("");
  expect(JSON.parse(look.stdout)).toMatchObject({ maintenanceNodes: ["pve2"] });

  // Beside a bot at work it goes by the file alone, and says so.
  const bot = await lab.open();
  await bot.start();
  const beside = await lab.run("rebalance dry-run --only rules --json");
  await bot.close();
  expect(beside.code).toBe(0);
  expect(beside.stderr.trim().split("\n")).toEqual([expect.stringContaining(NOT_LOOKED_AT)]);
  expect(JSON.parse(beside.stdout).maintenanceNodes ?? []).toEqual([]);

  const applied = await lab.run("rebalance apply --yes --json --only rules");
  expect(applied.code).toBe(11);
  const { outcome, moves } = JSON.parse(applied.stdout);
  expect(outcome).toBe("succeeded");
  expect(moves.length).toBeGreaterThan(1);
  // One guest alone cannot leave: nobody else may be where it could go.
  const left = [...lab.simulator.placements()].filter(([, node]) => node === "pve2");
  expect(left).toHaveLength(1);
});

it("makes no store for a dry run, and misses none", async () => {
  const lab = await openLab();
  expect(await lab.run("rebalance dry-run")).toMatchObject({ code: 0, stderr: "" });
  expect(existsSync(join(lab.directory, ".kappa4"))).toBe(false);
});
