import type { Call } from "../api/operation.ts";
import { failure } from "../errors.ts";
import { formatSize } from "../state/config.ts";
import { buildGuest } from "../state/guest-build.ts";
import type { GuestConfig, GuestKind } from "../state/types.ts";
import type { Work } from "../tasks.ts";
import { acquire } from "../work/acquire.ts";
import { freeBytes, requireStorage } from "../work/volumes.ts";
import { joinPool, requireNewGuest } from "./new-guest.ts";
import { writeOptions } from "./options.ts";

const GIB = 2 ** 30;

/** Makes a guest and starts the task that finishes it; returns the UPID. */
export function createGuest(call: Call, kind: GuestKind): string {
  const { cluster, node } = call;
  const id = call.number("vmid");
  requireNewGuest(call, id);
  const config: GuestConfig = new Map();
  writeOptions(call, config, isGuestOption);
  allocate(call, config, id);
  const guest = buildGuest(emptyPlan(call, kind, id), cluster.clock.now());
  guest.config = withDefaults(config, kind, call);
  guest.memoryBytes = Math.round(Number(config.get("memory") ?? 512) * 2 ** 20 * 0.6);
  cluster.guests.set(id, guest);
  joinPool(call, id);
  guest.config.set("lock", "create");
  const type = kind === "qemu" ? "qmcreate" : "vzcreate";
  const subject = { node: node.name, type, id: String(id), user: call.identity.subject };
  return cluster.tasks.start(subject, function* (task): Work {
    yield* acquire(guest, task);
    const fault = cluster.faults.takeWork("task-fails", type, id, "prepare");
    if (fault) {
      cluster.guests.delete(id);
      throw failure(fault.text ?? `unable to create ${kind === "qemu" ? "VM" : "CT"} ${id}`);
    }
    yield 3000;
    guest.config.delete("lock");
    if (!call.flag("start")) return undefined;
    guest.running = true;
    guest.startedAt = cluster.clock.now();
    return undefined;
  });
}

// `store:32` asks for a new volume of 32 GiB; what is stored is the volume that was made.
function allocate(call: Call, config: GuestConfig, id: number): void {
  let index = 0;
  for (const [key, value] of config) {
    const match = /^([a-zA-Z][\w.-]*):(\d+(?:\.\d+)?)(,.*)?$/.exec(String(value));
    if (!match?.[1] || !/^(?:scsi|sata|ide|virtio|mp)\d+$|^rootfs$/.test(key)) continue;
    const [, storage, gib, rest = ""] = match;
    const bytes = Math.round(Number(gib) * GIB);
    requireStorage(call.cluster, storage, call.node.name);
    call.require(`/storage/${storage}`, "Datastore.AllocateSpace");
    if (freeBytes(call.cluster, storage, call.node.name) < bytes) {
      throw failure(`unable to create image: not enough free space on storage '${storage}'`);
    }
    config.set(key, `${storage}:vm-${id}-disk-${index}${rest},size=${formatSize(bytes)}`);
    index += 1;
  }
}

function withDefaults(config: GuestConfig, kind: GuestKind, call: Call): GuestConfig {
  if (kind === "qemu") {
    const memory = config.get("memory");
    if (memory !== undefined) config.set("memory", String(memory));
    return config;
  }
  config.delete("ostemplate");
  if (!config.has("hostname")) config.set("hostname", `CT${call.number("vmid")}`);
  if (!config.has("memory")) config.set("memory", 512);
  if (!config.has("swap")) config.set("swap", 512);
  if (!config.has("arch")) config.set("arch", "amd64");
  return config;
}

function emptyPlan(call: Call, kind: GuestKind, id: number): Parameters<typeof buildGuest>[0] {
  return {
    vmid: id,
    kind,
    name: undefined,
    node: call.node.name,
    running: false,
    cores: 1,
    cpuRatio: 0.05,
    memoryTotalBytes: GIB / 2,
    memoryUsedBytes: 0,
    volumes: [],
    bridges: [],
    tags: [],
    localResources: [],
  };
}

function isGuestOption(name: string): boolean {
  const isHow = [
    "node",
    "vmid",
    "pool",
    "storage",
    "start",
    "force",
    "unique",
    "archive",
    "password",
    "ssh-public-keys",
    "restore",
    "ostemplate",
  ];
  return !isHow.includes(name);
}
