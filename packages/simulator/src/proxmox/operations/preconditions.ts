import { type Call, needs, type Operation } from "../api/operation.ts";
import { nodeName, optional, vmid } from "../api/schema.ts";
import { failure } from "../errors.ts";
import { type Blocking, motionOf } from "../ha/motion.ts";
import { missingMappings } from "../state/cluster.ts";
import {
  localResourcesOf,
  lockOf,
  mappedResourcesOf,
  type Volume,
  volumesOf,
} from "../state/config.ts";
import type { Guest } from "../state/types.ts";
import { guestOfCall } from "./guest-of-call.ts";
import { isOn, type Row, sidOf } from "./rows.ts";

const common = {
  method: "GET",
  isProxied: true,
  permission: needs("/vms/{vmid}", "VM.Migrate"),
  named: { node: nodeName, vmid, target: optional(nodeName) },
} as const;

/** Where a guest could go, and what would hinder it. Offline nodes are not left out, as in Proxmox VE. */
export const preconditionOperations: readonly Operation[] = [
  {
    ...common,
    path: "/nodes/{node}/qemu/{vmid}/migrate",
    run: (call) => ofVm(call, guestOfCall(call, "qemu")),
  },
  {
    ...common,
    path: "/nodes/{node}/lxc/{vmid}/migrate",
    since: "9.0",
    run: (call) => ofContainer(call, guestOfCall(call, "lxc")),
  },
];

function ofVm(call: Call, guest: Guest): Row {
  requireUnlocked(guest, "VM");
  const { cluster } = call;
  const mapped = mappedResourcesOf(guest);
  const volumes = volumesOf(guest.config).filter((volume) => !volume.isCdrom || volume.bytes > 0);
  const allowed: string[] = [];
  const refused: Record<string, Row> = {};
  for (const name of otherNodes(call)) {
    const missing = missingStorages(call, volumes, name);
    const devices = missingMappings(cluster, guest, name);
    const blocking = blockingOn(call, guest, name);
    const reasons: Row = {
      ...(missing.length > 0 ? { unavailable_storages: missing } : {}),
      ...(devices.length > 0 ? { "unavailable-resources": devices } : {}),
      ...(blocking.length > 0 ? { "blocking-ha-resources": blocking } : {}),
    };
    if (Object.keys(reasons).length === 0) allowed.push(name);
    else refused[name] = reasons;
  }
  const local = volumes.filter((volume) => !cluster.storages.get(volume.storage)?.shared);
  const isNine = call.version.atLeast("9.0");
  return {
    running: guest.running ? 1 : 0,
    allowed_nodes: allowed,
    not_allowed_nodes: refused,
    local_disks: local.map(localDiskRow),
    local_resources: localResourcesOf(guest),
    "mapped-resources": [...mapped.keys()],
    "mapped-resource-info": Object.fromEntries([...mapped].map(([key, name]) => [key, { name }])),
    ...(isNine ? { "has-dbus-vmstate": 1, "dependent-ha-resources": dependents(call, guest) } : {}),
  };
}

function ofContainer(call: Call, guest: Guest): Row {
  requireUnlocked(guest, "CT");
  const allowed: string[] = [];
  const refused: Record<string, Row> = {};
  for (const name of otherNodes(call)) {
    const blocking = blockingOn(call, guest, name);
    if (blocking.length === 0) allowed.push(name);
    else refused[name] = { "blocking-ha-resources": blocking };
  }
  return {
    running: guest.running ? 1 : 0,
    "allowed-nodes": allowed,
    "not-allowed-nodes": refused,
    "dependent-ha-resources": dependents(call, guest),
  };
}

function requireUnlocked(guest: Guest, word: string): void {
  const lock = lockOf(guest);
  if (lock !== undefined) throw failure(`${word} is locked (${lock})`);
}

function otherNodes(call: Call): readonly string[] {
  const names = [...call.cluster.nodes.keys()].filter((name) => name !== call.node.name);
  return call.cluster.random.shuffle(names);
}

function missingStorages(call: Call, volumes: readonly Volume[], node: string): readonly string[] {
  const missing = volumes
    .map((volume) => volume.storage)
    .filter((id) => {
      const storage = call.cluster.storages.get(id);
      return !storage || !isOn(storage, node);
    });
  return [...new Set(missing)];
}

function blockingOn(call: Call, guest: Guest, node: string): readonly Blocking[] {
  if (!call.version.atLeast("9.0") || !call.cluster.ha.serviceOf(guest.vmid)) return [];
  return motionOf(call.cluster, sidOf(guest), node).blocking;
}

function dependents(call: Call, guest: Guest): readonly string[] {
  if (!call.cluster.ha.serviceOf(guest.vmid)) return [];
  return motionOf(call.cluster, sidOf(guest), "").dependent;
}

function localDiskRow(volume: Volume): Row {
  return {
    volid: volume.volid,
    size: volume.bytes,
    drivename: volume.key,
    cdrom: volume.isCdrom ? 1 : 0,
    is_attached: volume.isUnused ? 0 : 1,
    is_cloudinit: volume.volid.includes("cloudinit") ? 1 : 0,
    is_tpmstate: volume.key.startsWith("tpmstate") ? 1 : 0,
    is_unused: volume.isUnused ? 1 : 0,
    is_vmstate: 0,
    replicate: 1,
    shared: 0,
  };
}
