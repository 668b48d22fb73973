import { type Call, needs, type Operation } from "../api/operation.ts";
import type { Parameter } from "../api/parameters.ts";
import { count, flag, nodeName, oneOf, optional, text, vmid } from "../api/schema.ts";
import { failure, parameterError } from "../errors.ts";
import { queueMove } from "../ha/requests.ts";
import { requireGuest, requireNode } from "../state/cluster.ts";
import { lockOf } from "../state/config.ts";
import type { Guest } from "../state/types.ts";
import { startMove } from "../work/move.ts";
import { mappedStorage, parseStorageMap, requireStorages } from "../work/volumes.ts";
import { sidOf } from "./rows.ts";

const MIGRATE = needs("/vms/{vmid}", "VM.Migrate");
const base = { node: nodeName, vmid, target: nodeName };
const vmParameters: Readonly<Record<string, Parameter>> = {
  ...base,
  online: optional(flag),
  force: optional(flag),
  migration_type: optional(oneOf("secure", "insecure")),
  migration_network: optional(text),
  "with-local-disks": optional(flag),
  targetstorage: optional(text),
  bwlimit: optional(count),
};

/** Moving a guest to another node of the cluster. */
export const migrateOperations: readonly Operation[] = [
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/migrate",
    permission: MIGRATE,
    isProxied: true,
    until: "9.0",
    named: vmParameters,
    run: (call) => migrateVm(call),
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/migrate",
    permission: MIGRATE,
    isProxied: true,
    since: "9.0",
    named: { ...vmParameters, "with-conntrack-state": optional(flag) },
    run: (call) => migrateVm(call),
  },
  {
    method: "POST",
    path: "/nodes/{node}/lxc/{vmid}/migrate",
    permission: MIGRATE,
    isProxied: true,
    named: {
      ...base,
      online: optional(flag),
      restart: optional(flag),
      timeout: optional({ type: "integer" }),
      bwlimit: optional({ type: "number", minimum: 0 }),
      "target-storage": optional(text),
    },
    run: (call) => migrateContainer(call),
  },
];

function migrateVm(call: Call): string {
  const { cluster, node } = call;
  const target = targetOf(call);
  for (const name of ["force", "migration_type", "migration_network"]) {
    if (!call.values.has(name) || call.identity.subject === "root@pam") continue;
    throw parameterError({ [name]: "Only root may use this option." });
  }
  const guest = requireGuest(cluster, "qemu", node.name, call.number("vmid"));
  const lock = lockOf(guest);
  if (lock !== undefined) throw failure(`VM is locked (${lock})`);
  if (guest.running && !call.flag("online")) {
    throw failure("can't migrate running VM without --online");
  }
  const storages = storageMap(call, guest, "targetstorage");
  requireStorages(cluster, guest, target, storages);
  return start(call, guest, target, {
    online: guest.running && call.flag("online"),
    restart: false,
    timeoutSeconds: 0,
    withLocalDisks: call.flag("with-local-disks"),
    limitBytesPerSecond: limitOf(call),
    force: call.flag("force"),
    storages,
  });
}

function migrateContainer(call: Call): string {
  const { cluster, node } = call;
  const target = targetOf(call);
  const guest = requireGuest(cluster, "lxc", node.name, call.number("vmid"));
  if (guest.running && !call.flag("online") && !call.flag("restart")) {
    throw failure("can't migrate running container without --online or --restart");
  }
  const storages = storageMap(call, guest, "target-storage");
  requireStorages(cluster, guest, target, storages);
  return start(call, guest, target, {
    online: call.flag("online"),
    restart: call.flag("restart"),
    timeoutSeconds: call.number("timeout", 180),
    withLocalDisks: true,
    limitBytesPerSecond: limitOf(call),
    force: false,
    storages,
  });
}

function targetOf(call: Call): string {
  const target = call.text("target");
  if (target === call.node.name) throw parameterError({ target: "target is local node." });
  requireNode(call.cluster, target);
  return target;
}

// In KiB per second; 0 means no limit.
function limitOf(call: Call): number | undefined {
  const limit = call.number("bwlimit");
  return limit > 0 ? limit * 1024 : undefined;
}

function storageMap(call: Call, guest: Guest, name: string): ReturnType<typeof parseStorageMap> {
  const given = call.find(name);
  const map = parseStorageMap(given);
  if (given === undefined) return map;
  call.require(`/vms/${guest.vmid}`, "VM.Config.Disk");
  for (const storage of new Set(map.values())) {
    call.require(`/storage/${mappedStorage(map, storage)}`, "Datastore.AllocateSpace");
  }
  return map;
}

function start(
  call: Call,
  guest: Guest,
  target: string,
  options: Omit<Parameters<typeof startMove>[2], "target" | "user">,
): string {
  const { cluster, node, identity } = call;
  const user = identity.subject;
  if (!cluster.ha.serviceOf(guest.vmid)) {
    return startMove(cluster, guest, { ...options, target, user });
  }
  const sid = sidOf(guest);
  const subject = { node: node.name, type: "hamigrate", id: String(guest.vmid), user };
  return cluster.tasks.start(subject, function* (task) {
    const kind = guest.kind === "qemu" ? "VM" : "CT";
    task.log(`Requesting HA migration for ${kind} ${guest.vmid} to node ${target}`);
    yield 500;
    queueMove(cluster, guest.kind === "qemu" ? "migrate" : "relocate", sid, target);
    return undefined;
  });
}
