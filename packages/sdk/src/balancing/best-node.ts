import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import type { GuestRequest, NodeChoice } from "./explanation.ts";
import type { RebalanceOptions } from "./options.ts";
import { prepareCluster } from "./prepare.ts";

/**
 * Ranks the nodes for a guest that is there already, or for a new one: first those that rules, limits and
 * storages allow, those that rules prefer before others, the least loaded first. A guest that does not run
 * yet is expected to use all its memory and half of its cores. Empty when there is no guest with that id.
 *
 * @example
 * const [best] = pickBestNode(snapshot, { memoryBytes: 8 * 2 ** 30, cores: 4 });
 */
export function pickBestNode(
  snapshot: ClusterSnapshot,
  guest: GuestId | GuestRequest,
  options: RebalanceOptions = {},
): readonly NodeChoice[] {
  return prepareCluster(snapshot, options).bestNode(guest);
}
