import type { ProxmoxSimulator, ProxmoxSimulatorOptions } from "@kappa4/simulator";
import { onTestFinished } from "vitest";
import type { ProxmoxConnector } from "../../../src/providers/proxmox/index.ts";
import type { Change } from "./change-table.ts";
import { connectTo, startCluster, writesTo } from "./target.ts";

/** Has something closed after the test, the last one first. */
export function closing<One extends { close(): Promise<void> }>(one: One): One {
  onTestFinished(() => one.close());
  return one;
}

/** Starts a cluster, and connects to it. */
export async function start(
  options: ProxmoxSimulatorOptions = {},
): Promise<{ readonly simulator: ProxmoxSimulator; readonly connector: ProxmoxConnector }> {
  const simulator = closing(await startCluster(options));
  const connector = closing(connectTo(simulator));
  return { simulator, connector };
}

/** A cluster in which everything is as a change wants it. */
export interface ChangeLab {
  readonly simulator: ProxmoxSimulator;
  readonly connector: ProxmoxConnector;
  /** How many requests that change anything have been sent since then. */
  written(): number;
  /** How many tasks have begun since then. */
  begun(): number;
}

/** Starts a cluster in which everything is as a change wants it. */
export async function startFor(
  { prepare }: Change,
  options: ProxmoxSimulatorOptions = {},
): Promise<ChangeLab> {
  const lab = await start(options);
  const { simulator, connector } = lab;
  await prepare?.(connector);
  simulator.advance(60_000);
  const [writes, tasks] = [writesTo(simulator).length, simulator.tasks.length];
  return {
    ...lab,
    written: () => writesTo(simulator).length - writes,
    begun: () => simulator.tasks.length - tasks,
  };
}
