import type { RebalanceOptions } from "../balancing/index.ts";
import type { ApplySettings, Kappa4Config } from "./types.ts";

/** Returns how a connection is levelled: the common `balancing`, with the connection's own in front. */
export function balancingOf(config: Kappa4Config, connection: string): RebalanceOptions {
  return { ...config.balancing, ...config.connections[connection]?.balancing };
}

/** Returns how a connection's plans are carried out; what `apply` leaves open is as the plan was made. */
export function applySettingsOf(config: Kappa4Config, connection: string): ApplySettings {
  const { maxParallel, maxInflowPerNode, maxOutflowPerNode } = balancingOf(config, connection);
  return { maxParallel, maxInflowPerNode, maxOutflowPerNode, ...config.apply };
}
