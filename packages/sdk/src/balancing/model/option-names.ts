import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import type { RebalanceOptions } from "../options.ts";
import type { Conflict } from "../plan.ts";
import { compareIds } from "./compare.ts";
import { guestFinder } from "./named-guests.ts";

/** Finds guests, nodes and pools that options name and the cluster does not have: such an option does nothing. */
export function unknownNames(
  snapshot: Pick<ClusterSnapshot, "nodes" | "guests" | "pools">,
  options: RebalanceOptions,
): readonly Conflict[] {
  const { maintenanceNodes = [], ignoreNodes = [], ignoreGuests = [] } = options;
  const nodes = new Set(snapshot.nodes.map(({ name }) => name));
  const reserves = Object.keys(options.memoryReserveBytes ?? {});
  const pools = Object.keys(options.pools ?? {});
  return [
    ...unknown("maintenanceNodes", "node", maintenanceNodes, nodes),
    ...unknown("ignoreNodes", "node", ignoreNodes, nodes),
    ...unknown("memoryReserveBytes", "node", reserves, new Set([...nodes, "defaults"])),
    ...unknown("ignoreGuests", "guest", ignoreGuests, namedGuests(snapshot, ignoreGuests)),
    ...unknown("pools", "pool", pools, pools.length === 0 ? new Set() : knownPools(snapshot)),
  ];
}

function namedGuests(
  { guests }: Pick<ClusterSnapshot, "guests">,
  named: readonly GuestId[],
): ReadonlySet<GuestId> {
  if (named.length === 0) return new Set();
  const find = guestFinder(guests);
  return new Set(named.filter((guest) => find(guest).length > 0));
}

function knownPools({ guests, pools }: Pick<ClusterSnapshot, "guests" | "pools">): Set<string> {
  return new Set([...Object.keys(pools), ...guests.flatMap(({ pool }) => pool ?? [])]);
}

function unknown(
  option: keyof RebalanceOptions,
  what: string,
  names: readonly GuestId[],
  known: ReadonlySet<GuestId>,
): readonly Conflict[] {
  return [...new Set(names)]
    .filter((name) => !known.has(name))
    .sort(compareIds)
    .map((name): Conflict => {
      const lacks =
        what === "pool"
          ? "in which the cluster does not have a guest"
          : "which the cluster does not have";
      const then =
        option === "maintenanceNodes"
          ? "correct the name, or take the node out of maintenance"
          : "correct the name or remove it";
      const message = `${option} names the ${what} ${name}, ${lacks}; ${then}.`;
      return { code: "option-unknown-name", rules: [], guests: [], message };
    });
}
