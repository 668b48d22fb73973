import { anyUser, type Call, needs, type Operation } from "../api/operation.ts";
import { flag, nodeName, optional, text, vmid } from "../api/schema.ts";
import { failure } from "../errors.ts";
import { serviceRowState } from "../ha/words.ts";
import { guestsOn } from "../state/cluster.ts";
import { coresOf, digestOf, lockOf, nameOf, volumesOf } from "../state/config.ts";
import { sampleGuest } from "../state/statistics.ts";
import type { Guest, GuestKind } from "../state/types.ts";
import { guestOfCall } from "./guest-of-call.ts";
import type { Row } from "./rows.ts";

const KINDS: readonly GuestKind[] = ["qemu", "lxc"];
const AUDIT = needs("/vms/{vmid}", "VM.Audit");
const one = { node: nodeName, vmid };

/** Reading guests one by one and node by node. */
export const guestReadOperations: readonly Operation[] = [
  ...KINDS.flatMap((kind) => readsOf(kind)),
];

function readsOf(kind: GuestKind): readonly Operation[] {
  const base = `/nodes/{node}/${kind}`;
  const common = { method: "GET", isProxied: true } as const;
  return [
    {
      ...common,
      path: base,
      permission: anyUser,
      named: { node: nodeName, ...(kind === "qemu" ? { full: optional(flag) } : {}) },
      run: (call) => list(call, kind),
    },
    {
      ...common,
      path: `${base}/{vmid}`,
      permission: anyUser,
      named: one,
      run: () =>
        ["config", "status", "snapshot", "migrate", "rrddata"].map((subdir) => ({ subdir })),
    },
    {
      ...common,
      path: `${base}/{vmid}/config`,
      permission: AUDIT,
      named: { ...one, current: optional(flag), snapshot: optional(text) },
      run: (call) => config(call, kind),
    },
    {
      ...common,
      path: `${base}/{vmid}/pending`,
      permission: AUDIT,
      named: one,
      run: (call) => [...guestOfCall(call, kind).config].map(([key, value]) => ({ key, value })),
    },
    {
      ...common,
      path: `${base}/{vmid}/status/current`,
      permission: AUDIT,
      named: one,
      run: (call) => current(call, guestOfCall(call, kind)),
    },
    {
      ...common,
      path: `${base}/{vmid}/snapshot`,
      permission: AUDIT,
      named: one,
      run: (call) => snapshots(call, guestOfCall(call, kind)),
    },
    {
      ...common,
      path: `${base}/{vmid}/snapshot/{snapname}/config`,
      permission: AUDIT,
      named: { ...one, snapname: text },
      run: (call) => {
        const guest = guestOfCall(call, kind);
        const saved = guest.snapshots.get(call.text("snapname"));
        if (!saved) throw failure(`snapshot '${call.text("snapname")}' does not exist`);
        return { ...Object.fromEntries(saved.config), snaptime: Math.floor(saved.takenAt / 1000) };
      },
    },
  ];
}

function list(call: Call, kind: GuestKind): readonly Row[] {
  const rows = guestsOn(call.cluster, call.node.name)
    .filter((guest) => guest.kind === kind && call.may(`/vms/${guest.vmid}`, "VM.Audit"))
    .map((guest) => listRow(call, guest));
  return call.cluster.random.shuffle(rows);
}

// What the node itself knows is fresh, unlike the lists of the whole cluster.
function listRow(call: Call, guest: Guest): Row {
  const sample = sampleGuest(guest, call.cluster.clock.now());
  const isNine = call.version.atLeast("9.0");
  const tags = guest.config.get("tags");
  const lock = lockOf(guest);
  const isVm = guest.kind === "qemu";
  return {
    vmid: guest.vmid,
    name: nameOf(guest),
    status: sample.uptime > 0 ? "running" : "stopped",
    cpus: cpusOf(guest),
    cpu: sample.cpu,
    mem: sample.mem,
    maxmem: sample.maxmem,
    disk: sample.disk,
    maxdisk: sample.maxdisk,
    ...sample.traffic,
    uptime: sample.uptime,
    ...(isVm
      ? {}
      : { type: "lxc", swap: 0, maxswap: Number(guest.config.get("swap") ?? 0) * 2 ** 20 }),
    ...(isVm && isNine && guest.running ? { memhost: sample.memhost } : {}),
    ...(guest.running ? { pid: guest.pid } : {}),
    ...(sample.template === 1 ? { template: 1 } : {}),
    ...(tags === undefined ? {} : { tags }),
    ...(lock === undefined ? {} : { lock }),
    ...(isNine && guest.running ? pressures(guest) : {}),
  };
}

// A number that is set through a limit comes as the text of the configuration file.
function cpusOf(guest: Guest): number | string {
  const limit = guest.config.get(guest.kind === "lxc" ? "cpulimit" : "vcpus");
  return limit === undefined ? coresOf(guest) : String(limit);
}

// Containers give the figures as the kernel prints them: as text.
function pressures(guest: Guest): Row {
  const { psi } = guest;
  const figures = {
    pressurecpusome: psi.cpuSome,
    pressurecpufull: psi.cpuFull,
    pressureiosome: psi.ioSome,
    pressureiofull: psi.ioFull,
    pressurememorysome: psi.memorySome,
    pressurememoryfull: psi.memoryFull,
  };
  if (guest.kind === "qemu") return figures;
  return Object.fromEntries(Object.entries(figures).map(([key, n]) => [key, n.toFixed(2)]));
}

function config(call: Call, kind: GuestKind): Row {
  const guest = guestOfCall(call, kind);
  const name = call.find("snapshot");
  if (name === undefined) {
    return { ...Object.fromEntries(guest.config), digest: digestOf(guest.config) };
  }
  const saved = guest.snapshots.get(name);
  if (!saved) throw failure(`snapshot '${name}' does not exist`);
  return { ...Object.fromEntries(saved.config), digest: saved.digest };
}

function current(call: Call, guest: Guest): Row {
  const { cluster } = call;
  const service = cluster.ha.serviceOf(guest.vmid);
  const ha = service ? { managed: 1, state: serviceRowState(service) } : { managed: 0 };
  const row: Row = { ...listRow(call, guest), ha };
  if (guest.kind === "lxc") return row;
  row.qmpstatus = guest.running ? (guest.paused ? "paused" : "running") : "stopped";
  if (String(guest.config.get("agent") ?? "0").startsWith("1")) row.agent = 1;
  if (!guest.running) return row;
  const memory = sampleGuest(guest, cluster.clock.now());
  row["running-machine"] = call.version.atLeast("9.0")
    ? "pc-i440fx-10.1+pve0"
    : "pc-i440fx-9.2+pve1";
  row["running-qemu"] = call.version.atLeast("9.0") ? "10.1.2" : "9.2.0";
  row.balloon = memory.maxmem;
  row.ballooninfo = {
    actual: memory.maxmem,
    max_mem: memory.maxmem,
    last_update: 0,
  };
  row["proxmox-support"] = { "pbs-dirty-bitmap": true, "query-bitmap-info": true };
  row.blockstat = Object.fromEntries(
    volumesOf(guest.config)
      .filter((volume) => !volume.isUnused)
      .map(({ key }) => [key, { rd_bytes: 0, wr_bytes: 0, account_failed: true, timed_stats: [] }]),
  );
  row.nics = {
    [`tap${guest.vmid}i0`]: { netin: memory.traffic.netin, netout: memory.traffic.netout },
  };
  return row;
}

function snapshots(call: Call, guest: Guest): readonly Row[] {
  const saved = [...guest.snapshots.values()].map((entry) => ({
    name: entry.name,
    description: entry.description,
    snaptime: Math.floor(entry.takenAt / 1000),
    ...(guest.kind === "qemu" ? { vmstate: entry.withMemory ? 1 : 0 } : {}),
    ...(entry.parent === undefined ? {} : { parent: entry.parent }),
  }));
  const parent = guest.currentSnapshot;
  const now = {
    name: "current",
    description: "You are here!",
    digest: digestOf(guest.config),
    running: guest.running ? 1 : 0,
    ...(parent === undefined ? {} : { parent }),
  };
  return [...call.cluster.random.shuffle(saved), now];
}
