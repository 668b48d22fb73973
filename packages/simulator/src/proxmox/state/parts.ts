import type { HaStack } from "../ha/stack.ts";
import type { MoveSpeed } from "./cluster.ts";
import { volumesOf } from "./config.ts";
import type { Guest, Node, Pool, Storage } from "./types.ts";

/** What a cluster consists of before it comes to life. */
export interface ClusterParts {
  readonly name: string;
  readonly nodes: Map<string, Node>;
  readonly guests: Map<number, Guest>;
  readonly storages: Map<string, Storage>;
  readonly pools: Map<string, Pool>;
  readonly ha: HaStack;
  readonly speed: MoveSpeed;
}

/** Speeds of a 10 Gbit/s migration network and of ordinary local disks. */
export const DEFAULT_SPEED: MoveSpeed = {
  memoryBytesPerSecond: 1_000_000_000,
  diskBytesPerSecond: 250_000_000,
  overheadMs: 8000,
};

/** The type of storage that usually carries such a name. */
export function storageTypeOf(id: string, shared: boolean): string {
  if (/ceph|rbd/i.test(id)) return "rbd";
  if (/nfs/i.test(id)) return "nfs";
  if (/zfs/i.test(id)) return "zfspool";
  if (id === "local") return "dir";
  return shared ? "nfs" : "lvmthin";
}

/** What a storage of a type is used for. */
export function contentOf(type: string): readonly string[] {
  if (type === "dir") return ["backup", "iso", "vztmpl"];
  return type === "nfs" ? ["images", "rootdir", "iso", "backup"] : ["images", "rootdir"];
}

/** What the volumes of all guests take on a storage, or on the one that a node has for itself. */
export function volumeBytesOn(
  guests: ReadonlyMap<number, Guest>,
  storage: string,
  node: string | undefined,
): number {
  let sum = 0;
  for (const guest of guests.values()) {
    if (node !== undefined && guest.node !== node) continue;
    for (const volume of volumesOf(guest.config)) {
      if (volume.storage === storage) sum += volume.bytes;
    }
  }
  return sum;
}
