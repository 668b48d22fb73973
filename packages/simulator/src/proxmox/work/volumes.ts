import { failure } from "../errors.ts";
import { isOn, placeKey, storageUse } from "../operations/rows.ts";
import type { Cluster } from "../state/cluster.ts";
import { type Volume, volumesOf } from "../state/config.ts";
import type { Guest } from "../state/types.ts";
import { binary, copy, type Move } from "./transfer.ts";

/** Where volumes go that change their storage: storage to storage, `*` for all others. */
export type StorageMap = ReadonlyMap<string, string>;

/** Reads `1` (same names), one storage, or `a:b,c:d`. */
export function parseStorageMap(text: string | undefined): StorageMap {
  const map = new Map<string, string>();
  if (text === undefined || text === "1") return map;
  for (const part of text.split(",")) {
    const [from = "", to] = part.split(":");
    if (to === undefined) map.set("*", from);
    else map.set(from, to);
  }
  return map;
}

/** The storage that a volume lies on after the move. */
export function mappedStorage(map: StorageMap, storage: string): string {
  return map.get(storage) ?? map.get("*") ?? storage;
}

/** Volumes that have to be copied: those on storages that are not shared, or that change their storage. */
export function volumesToCopy(cluster: Cluster, guest: Guest, map: StorageMap): readonly Volume[] {
  return volumesOf(guest.config).filter((volume) => {
    const isShared = cluster.storages.get(volume.storage)?.shared ?? false;
    return !isShared || mappedStorage(map, volume.storage) !== volume.storage;
  });
}

/** Throws when a storage that the guest will need is not defined on the node. */
export function requireStorages(
  cluster: Cluster,
  guest: Guest,
  node: string,
  map: StorageMap,
): void {
  for (const volume of volumesOf(guest.config)) {
    requireStorage(cluster, mappedStorage(map, volume.storage), node);
  }
}

/** Throws unless the storage is defined on the node. */
export function requireStorage(cluster: Cluster, id: string, node: string): void {
  const storage = cluster.storages.get(id);
  if (!storage) throw failure(`storage '${id}' does not exist`);
  if (!isOn(storage, node)) throw failure(`storage '${id}' is not available on node '${node}'`);
}

/** Free bytes of a storage on a node. */
export function freeBytes(cluster: Cluster, id: string, node: string): number {
  const storage = cluster.storages.get(id);
  const place = storage?.shared ? "" : node;
  const total = storage?.size.get(place)?.totalBytes ?? 0;
  return total - (storageUse(cluster).get(placeKey(id, place)) ?? 0);
}

/** Copies volumes one after the other. Throws when the target storage is full. */
export function* copyVolumes(
  move: Move,
  volumes: readonly Volume[],
  map: StorageMap,
  live: boolean,
): Generator<number, undefined, undefined> {
  for (const volume of volumes) {
    const storage = mappedStorage(map, volume.storage);
    if (freeBytes(move.cluster, storage, move.target.name) < volume.bytes) {
      throw failure(
        `storage migration for '${volume.volid}' to storage '${storage}' failed - no space left on device`,
      );
    }
    const label = live ? `mirror-${volume.key}` : `copy of '${volume.volid}'`;
    let told = 0;
    if (live) move.task.logTimed(`drive mirror is starting for drive-${volume.key}`);
    else move.task.logTimed(`copying local disk image: '${volume.volid}'`);
    const seconds = yield* copy(move, {
      bytes: volume.bytes,
      bytesPerSecond: move.cluster.speed.diskBytesPerSecond,
      progress: (done) => {
        told += 1;
        const percent = ((100 * done) / volume.bytes).toFixed(2);
        move.task.log(
          `${label}: transferred ${binary(done)} of ${binary(volume.bytes)} (${percent}%) in ${told}s`,
        );
      },
    });
    move.task.logTimed(`${label}: done after ${seconds.toFixed(1)}s`);
  }
  return undefined;
}

/** Writes the new storage names into the configuration once the volumes are there. */
export function renameStorages(guest: Guest, volumes: readonly Volume[], map: StorageMap): void {
  for (const volume of volumes) {
    const storage = mappedStorage(map, volume.storage);
    const value = String(guest.config.get(volume.key) ?? "");
    if (storage !== volume.storage) {
      guest.config.set(volume.key, value.replace(`${volume.storage}:`, `${storage}:`));
    }
  }
}
