import { anyUser, type Call, needs, type Operation } from "../api/operation.ts";
import { flag, nodeName, oneOf, optional, storageId, text } from "../api/schema.ts";
import { parameterError } from "../errors.ts";
import { volumesOf } from "../state/config.ts";
import { usageOfNodes } from "../state/statistics.ts";
import { versionRow } from "./overview.ts";
import { isOn, type Row, storageRow, storageUse } from "./rows.ts";

const one = { node: nodeName };
const AUDIT = needs("/nodes/{node}", "Sys.Audit");

/** What a node tells about itself. */
export const nodeOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/nodes/{node}",
    permission: anyUser,
    isProxied: true,
    named: one,
    run: () => ["qemu", "lxc", "status", "storage", "tasks", "version"].map((name) => ({ name })),
  },
  {
    method: "GET",
    path: "/nodes/{node}/version",
    permission: anyUser,
    isProxied: true,
    named: one,
    run: (call) => versionRow(call, call.node.version),
  },
  {
    method: "GET",
    path: "/nodes/{node}/status",
    permission: AUDIT,
    isProxied: true,
    named: one,
    run: (call) => status(call),
  },
  {
    method: "GET",
    path: "/nodes/{node}/network",
    permission: anyUser,
    isProxied: true,
    named: { ...one, type: optional(oneOf("bridge", "any_bridge", "eth", "bond", "vlan")) },
    run: (call) => network(call),
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage",
    permission: anyUser,
    isProxied: true,
    named: {
      ...one,
      storage: optional(storageId),
      content: optional(text),
      enabled: optional(flag),
      target: optional(nodeName),
      format: optional(flag),
    },
    run: (call) => storages(call),
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/status",
    permission: needs("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace"),
    isProxied: true,
    named: { ...one, storage: storageId },
    run: (call) => {
      const { storage: _, ...row } = storageStatus(call, call.text("storage"));
      return row;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/content",
    permission: anyUser,
    isProxied: true,
    named: {
      ...one,
      storage: storageId,
      content: optional(text),
      vmid: optional({ type: "integer" }),
    },
    run: (call) => content(call),
  },
];

function status(call: Call): Row {
  const { cluster, node } = call;
  const usage = usageOfNodes(cluster).get(node.name) ?? { cores: 0, memoryBytes: 0 };
  const cpu = usage.cores / node.cores;
  const load = usage.cores.toFixed(2);
  const free = node.memoryBytes - usage.memoryBytes;
  const kernel = call.version.atLeast("9.0") ? "6.17.2-1-pve" : "6.8.12-15-pve";
  const rootFree = node.rootTotalBytes - node.rootUsedBytes;
  return {
    idle: 0,
    cpu,
    wait: 0,
    uptime: Math.floor((cluster.clock.now() - node.bootedAt) / 1000),
    ksm: { shared: 0 },
    swap: { total: node.swapBytes, free: node.swapBytes, used: 0 },
    pveversion: `pve-manager/${node.version}/${call.version.repoid}`,
    kversion: `Linux ${kernel} #1 SMP PREEMPT_DYNAMIC`,
    "current-kernel": {
      sysname: "Linux",
      release: kernel,
      version: "#1 SMP PREEMPT_DYNAMIC",
      machine: "x86_64",
    },
    "boot-info": { mode: "efi", secureboot: 0 },
    cpuinfo: {
      model: node.cpuModel,
      cpus: node.cores,
      cores: Math.max(1, Math.floor(node.cores / 2)),
      sockets: 1,
      mhz: "2900.000",
      hvm: "1",
      user_hz: 100,
      flags: "fpu vme de pse tsc msr",
    },
    loadavg: [load, load, load],
    memory: {
      total: node.memoryBytes,
      used: usage.memoryBytes,
      free,
      ...(call.version.atLeast("9.0") ? { available: free } : {}),
    },
    rootfs: {
      total: node.rootTotalBytes,
      used: node.rootUsedBytes,
      free: rootFree,
      avail: rootFree,
    },
  };
}

function network(call: Call): readonly Row[] {
  const wanted = call.find("type");
  const mayAudit = call.may(`/nodes/${call.node.name}`, "Sys.Audit");
  const bridges = call.node.bridges.map((iface, index) => ({
    iface,
    type: "bridge",
    active: 1,
    autostart: 1,
    method: index === 0 ? "static" : "manual",
    method6: "manual",
    families: ["inet"],
    priority: index + 3,
    bridge_ports: `eno${index + 1}`,
    ...(index === 0 ? { address: call.node.ip, netmask: "24", cidr: `${call.node.ip}/24` } : {}),
  }));
  const ports = bridges.map((bridge, index) => ({
    iface: bridge.bridge_ports,
    type: "eth",
    active: 1,
    exists: 1,
    method: "manual",
    method6: "manual",
    families: ["inet"],
    priority: index + 20,
  }));
  if (!mayAudit) return [];
  if (wanted === undefined) return [...ports, ...bridges];
  if (wanted === "eth") return ports;
  return wanted.endsWith("bridge") ? bridges : [];
}

function storages(call: Call): readonly Row[] {
  const wanted = call.find("content")?.split(/[;, ]+/);
  return [...call.cluster.storages.values()]
    .filter((storage) => isOn(storage, call.node.name))
    .filter((storage) => {
      const target = call.find("target");
      return target === undefined || isOn(storage, target);
    })
    .filter((storage) => call.find("storage") === undefined || storage.id === call.find("storage"))
    .filter((storage) => wanted === undefined || wanted.some((w) => storage.content.includes(w)))
    .filter((storage) => maySee(call, storage.id))
    .map((storage) => storageStatus(call, storage.id));
}

function storageStatus(call: Call, id: string): Row {
  const { cluster, node } = call;
  const storage = cluster.storages.get(id);
  if (!storage) throw parameterError({ storage: `storage '${id}' does not exist` });
  const row = storageRow(cluster, storage, node, storageUse(cluster));
  const total = Number(row.maxdisk ?? 0);
  const used = Number(row.disk ?? 0);
  return {
    storage: id,
    type: storage.type,
    content: storage.content.join(","),
    shared: storage.shared ? 1 : 0,
    active: 1,
    enabled: 1,
    total,
    used,
    avail: Math.max(0, total - used),
    used_fraction: total > 0 ? used / total : 0,
  };
}

function content(call: Call): readonly Row[] {
  const { cluster, node } = call;
  const id = call.text("storage");
  const storage = cluster.storages.get(id);
  if (!storage || !maySee(call, id))
    throw parameterError({ storage: `storage '${id}' does not exist` });
  const wanted = call.find("content");
  const rows: Row[] = [];
  for (const guest of cluster.guests.values()) {
    if (!storage.shared && guest.node !== node.name) continue;
    if (call.values.has("vmid") && guest.vmid !== call.number("vmid")) continue;
    const kind = guest.kind === "qemu" ? "images" : "rootdir";
    if (wanted !== undefined && wanted !== kind) continue;
    if (!call.may(`/vms/${guest.vmid}`, "VM.Audit")) continue;
    for (const volume of volumesOf(guest.config)) {
      if (volume.storage !== id) continue;
      const { volid, bytes: size } = volume;
      rows.push({ volid, content: kind, format: "raw", size, vmid: guest.vmid });
    }
  }
  return rows;
}

function maySee(call: Call, id: string): boolean {
  const path = `/storage/${id}`;
  return call.may(path, "Datastore.Audit") || call.may(path, "Datastore.AllocateSpace");
}
