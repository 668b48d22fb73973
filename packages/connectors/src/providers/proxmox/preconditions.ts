import { Kappa4Error } from "../../contract/errors.ts";
import type { CallInfo } from "./api.ts";
import { guestPath, type PlacedGuest, type ProxmoxContext } from "./context.ts";
import {
  type BlockersPayload,
  type PreconditionsPayload,
  preconditionsPayload,
} from "./guest-payloads.ts";

/** What Proxmox VE says about moving one guest. */
export interface Preconditions {
  readonly running: boolean;
  readonly refused: Readonly<Record<string, BlockersPayload>>;
  readonly localDisks: PreconditionsPayload["local_disks"];
  /** Keys of the configuration that hold the guest on its node, for example `hostpci0`. */
  readonly blockingResources: readonly string[];
  /** HA resources that have to be where this one is, and move along. */
  readonly dependentResources: readonly string[];
  /** The connection tracking of the firewall can go along: Proxmox VE 9 and newer. */
  readonly canMoveConntrack: boolean;
}

/** Reads the preconditions; undefined for a container on Proxmox VE 8, which has no such call. */
export async function readPreconditions(
  { api }: ProxmoxContext,
  guest: PlacedGuest,
  info: CallInfo,
): Promise<Preconditions | undefined> {
  try {
    const payload = await api.get(`${guestPath(guest)}/migrate`, preconditionsPayload, info);
    return mapPreconditions(payload);
  } catch (error) {
    if (guest.type === "lxc" && Kappa4Error.is(error, "unsupported")) return undefined;
    throw error;
  }
}

/** Brings the two spellings of the answer into one form. */
export function mapPreconditions(payload: PreconditionsPayload): Preconditions {
  const mapped = payload["mapped-resources"];
  const info = payload["mapped-resource-info"];
  // A mapped device exists on other nodes too; a running guest can take it along only if it can move live.
  const movesAlong = (key: string): boolean =>
    mapped.includes(key) && (!payload.running || info[key]?.["live-migration"] === true);
  const cdroms = payload.local_disks.filter(({ cdrom }) => cdrom);
  const keys = [
    ...payload.local_resources,
    ...mapped,
    ...cdroms.map(({ drivename, volid }) => drivename ?? volid),
  ];
  return {
    running: payload.running,
    refused: { ...payload.not_allowed_nodes, ...payload["not-allowed-nodes"] },
    localDisks: payload.local_disks.filter(({ cdrom }) => !cdrom),
    blockingResources: [...new Set(keys)].filter((key) => !movesAlong(key)).sort(),
    dependentResources: [...payload["dependent-ha-resources"]].sort(),
    canMoveConntrack: payload["has-dbus-vmstate"],
  };
}

/**
 * Says in words why a node cannot take a guest for reasons of its own; undefined when there are none. What HA
 * rules forbid is left out: it changes with every move, and the rules themselves are in the snapshot.
 */
export function describeHardware(blockers: BlockersPayload): string | undefined {
  const parts = [
    ...blockers.unavailable_storages.map((storage) => `storage ${storage} is not there`),
    ...blockers["unavailable-resources"].map((key) => `the device of ${key} is not there`),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** Says in words why a node cannot take a guest, HA rules included. */
export function describeBlockers(blockers: BlockersPayload): string {
  const rules = blockers["blocking-ha-resources"].map(({ sid, cause }) =>
    cause === "node-affinity"
      ? `an HA rule keeps ${sid} to other nodes`
      : `an HA rule keeps it apart from ${sid}`,
  );
  return [describeHardware(blockers), ...rules].filter((part) => part !== undefined).join(", ");
}
