import type { Call } from "../api/operation.ts";
import { failure } from "../errors.ts";
import { requireNode } from "../state/cluster.ts";
import { isTemplate, lockOf, volumesOf } from "../state/config.ts";
import type { Guest, GuestConfig, GuestKind } from "../state/types.ts";
import type { Work } from "../tasks.ts";
import { acquire } from "../work/acquire.ts";
import { requireStorage } from "../work/volumes.ts";
import { guestOfCall } from "./guest-of-call.ts";
import { joinPool, requireNewGuest } from "./new-guest.ts";

/** Copies a guest, whole or as a linked clone of a template; returns the UPID. */
export function cloneGuest(call: Call, kind: GuestKind): string {
  const { cluster } = call;
  const source = guestOfCall(call, kind);
  const id = call.number("newid");
  requireNewGuest(call, id);
  const lock = lockOf(source);
  if (lock !== undefined) throw failure(`${kind === "qemu" ? "VM" : "CT"} is locked (${lock})`);
  const target = call.find("target") ?? call.node.name;
  requireNode(cluster, target);
  const storage = call.find("storage");
  for (const volume of volumesOf(source.config)) {
    const to = storage ?? volume.storage;
    requireStorage(cluster, to, target);
    if (target !== call.node.name && !cluster.storages.get(volume.storage)?.shared) {
      throw failure(`can't clone to non-shared storage '${volume.storage}'`);
    }
  }
  const copy: Guest = {
    ...source,
    vmid: id,
    node: target,
    config: clonedConfig(call, source, id),
    running: false,
    paused: false,
    snapshots: new Map(),
    currentSnapshot: undefined,
    busy: false,
  };
  copy.config.set("lock", "clone");
  cluster.guests.set(id, copy);
  joinPool(call, id);
  const type = kind === "qemu" ? "qmclone" : "vzclone";
  const user = call.identity.subject;
  const subject = { node: call.node.name, type, id: String(source.vmid), user };
  const bytes = volumesOf(source.config).reduce((sum, volume) => sum + volume.bytes, 0);
  const isFull = call.flag("full") || !isTemplate(source);
  return cluster.tasks.start(subject, function* (task): Work {
    yield* acquire(source, task);
    const fault = cluster.faults.takeWork("task-fails", type, source.vmid, "prepare");
    if (fault) {
      cluster.guests.delete(id);
      throw failure(fault.text ?? "clone failed: simulated failure");
    }
    task.log(`create ${isFull ? "full" : "linked"} clone of ${source.vmid}`);
    yield isFull ? 1000 + (bytes / cluster.speed.diskBytesPerSecond) * 1000 : 1500;
    copy.config.delete("lock");
    return undefined;
  });
}

function clonedConfig(call: Call, source: Guest, id: number): GuestConfig {
  const config: GuestConfig = new Map();
  const storage = call.find("storage");
  for (const [key, value] of source.config) {
    if (key === "template" || key === "lock") continue;
    const text = String(value).replaceAll(`vm-${source.vmid}-`, `vm-${id}-`);
    config.set(key, typeof value === "number" ? value : text);
  }
  for (const volume of volumesOf(config)) {
    if (storage === undefined) continue;
    const value = String(config.get(volume.key) ?? "");
    config.set(volume.key, value.replace(`${volume.storage}:`, `${storage}:`));
  }
  const key = source.kind === "qemu" ? "name" : "hostname";
  const original = String(source.config.get(key) ?? `${source.vmid}`);
  config.set(key, call.find(key) ?? `Copy-of-${source.kind === "qemu" ? "VM" : "CT"}-${original}`);
  return config;
}
