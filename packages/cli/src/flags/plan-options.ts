import type { RebalanceOptions } from "@kappa4/sdk/balancing";
import type { FlagValues } from "./flag-values.ts";
import { sizeFlag } from "./guest-size.ts";

/** Reads the flags of a plan; only what was given is in the result, so that the configuration shows through. */
export function planOptions(flags: FlagValues): RebalanceOptions {
  const options = {
    method: flags.choice("method", ["memory", "cpu", "disk"]),
    mode: flags.choice("mode", ["used", "assigned", "psi"]),
    balanciness: flags.number("balanciness", { above: 0, most: 100 }),
    maxMoves: flags.number("max-moves", { least: 0, whole: true }),
    maxMoveBytes: sizeFlag(flags, "max-move-bytes"),
    maxMinutes: flags.number("max-minutes", { above: 0 }),
    maintenanceNodes: flags.list("maintenance"),
    ignoreNodes: flags.list("ignore-node"),
    goal: flags.choice("only", ["rules"]),
    failover: flags.choice("failover", ["ignore", "report", "keep", "restore"]),
    maxParallel: flags.number("max-parallel", { least: 1, whole: true }),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
