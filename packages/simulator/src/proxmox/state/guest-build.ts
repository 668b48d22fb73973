import { hashText } from "../random.ts";
import { formatSize } from "./config.ts";
import type { Guest, GuestConfig, GuestKind, Pressure, Traffic } from "./types.ts";

/** What a guest is made from; everything else follows from its id. */
export interface GuestPlan {
  readonly vmid: number;
  readonly kind: GuestKind;
  readonly name: string | undefined;
  readonly node: string;
  readonly running: boolean;
  readonly paused?: boolean | undefined;
  readonly cores: number;
  /** Fraction of its cores that it uses while it runs. */
  readonly cpuRatio: number;
  readonly memoryTotalBytes: number;
  readonly memoryUsedBytes: number;
  readonly diskUsedBytes?: number | undefined;
  readonly volumes: readonly { readonly storage: string; readonly bytes: number }[];
  readonly bridges: readonly string[];
  readonly tags: readonly string[];
  readonly localResources: readonly string[];
  readonly lock?: string | undefined;
  readonly template?: boolean | undefined;
  readonly psi?: Pressure | undefined;
  readonly uptimeSeconds?: number | undefined;
  readonly hostMemoryBytes?: number | undefined;
  readonly traffic?: Traffic | undefined;
}

const DAY_SECONDS = 86_400;
const MIB = 2 ** 20;
/** No pressure at all. */
export const NO_PRESSURE: Pressure = {
  cpuSome: 0,
  cpuFull: 0,
  memorySome: 0,
  memoryFull: 0,
  ioSome: 0,
  ioFull: 0,
};
const NO_TRAFFIC: Traffic = { netin: 0, netout: 0, diskread: 0, diskwrite: 0 };

/** Makes a guest with a configuration that says what the plan says. */
export function buildGuest(plan: GuestPlan, now: number): Guest {
  const hash = hashText(`guest ${plan.vmid}`);
  const uptime = plan.uptimeSeconds ?? 3600 + (hash % (30 * DAY_SECONDS));
  const used = plan.memoryUsedBytes > 0 ? plan.memoryUsedBytes : plan.memoryTotalBytes * 0.6;
  const isVm = plan.kind === "qemu";
  const host =
    plan.hostMemoryBytes ?? (isVm ? used + 48 * MIB + plan.memoryTotalBytes / 100 : used);
  return {
    vmid: plan.vmid,
    kind: plan.kind,
    node: plan.node,
    config: isVm ? vmConfig(plan) : containerConfig(plan),
    running: plan.running,
    paused: plan.paused ?? false,
    startedAt: now - uptime * 1000,
    pid: 2000 + (hash % 3_000_000),
    cpuRatio: plan.cpuRatio,
    memoryBytes: Math.round(used),
    hostOverheadBytes: Math.max(0, Math.round(host - used)),
    diskUsedBytes: Math.round(plan.diskUsedBytes ?? 0),
    psi: plan.psi ?? NO_PRESSURE,
    dirtyBytesPerSecond: Math.round(Math.min(1, plan.cpuRatio) * plan.cores * 4 * MIB),
    trafficAtStart: plan.traffic ?? NO_TRAFFIC,
    trafficPerSecond: plan.traffic ? NO_TRAFFIC : trafficRates(hash),
    snapshots: new Map(),
    currentSnapshot: undefined,
    busy: false,
  };
}

// An address in Proxmox's own range that belongs to the guest alone.
function macAddress(vmid: number, index: number): string {
  const tail = [(vmid >> 8) & 0xff, vmid & 0xff, index & 0xff];
  return ["BC", "24", "11", ...tail.map((byte) => hex(byte, 2))].join(":").toUpperCase();
}

function vmConfig(plan: GuestPlan): GuestConfig {
  const config: GuestConfig = new Map();
  const hash = hashText(`uuid ${plan.vmid}`);
  const uuid = (tag: string): string =>
    `${hex(hash, 8)}-${tag}-4000-8000-${hex(plan.vmid, 12).toLowerCase()}`;
  config.set("boot", plan.volumes.length > 0 ? "order=scsi0;net0" : "order=net0");
  config.set("cores", plan.cores);
  config.set("cpu", "x86-64-v2-AES");
  config.set("memory", String(Math.round(plan.memoryTotalBytes / MIB)));
  if (plan.name !== undefined) config.set("name", plan.name);
  plan.bridges.forEach((bridge, index) => {
    const mac = macAddress(plan.vmid, index);
    config.set(`net${index}`, `virtio=${mac},bridge=${bridge},firewall=1`);
  });
  config.set("numa", 0);
  config.set("ostype", "l26");
  plan.volumes.forEach((volume, index) => {
    const file = `${volume.storage}:vm-${plan.vmid}-disk-${index}`;
    config.set(`scsi${index}`, `${file},iothread=1,size=${formatSize(volume.bytes)}`);
  });
  config.set("scsihw", "virtio-scsi-single");
  config.set("smbios1", `uuid=${uuid("0001")}`);
  config.set("sockets", 1);
  config.set("vmgenid", uuid("0002"));
  plan.localResources.forEach((name, index) => {
    const key = /^(?:hostpci|usb|serial|parallel|virtiofs)\d+$/.test(name) ? name : undefined;
    config.set(key ?? `hostpci${index}`, deviceOf(key ?? "", index));
  });
  return withCommon(config, plan);
}

function containerConfig(plan: GuestPlan): GuestConfig {
  const config: GuestConfig = new Map<string, string | number>([
    ["arch", "amd64"],
    ["cores", plan.cores],
  ]);
  if (plan.name !== undefined) config.set("hostname", plan.name);
  config.set("memory", Math.round(plan.memoryTotalBytes / MIB));
  plan.bridges.forEach((bridge, index) => {
    const mac = macAddress(plan.vmid, index);
    config.set(
      `net${index}`,
      `name=eth${index},bridge=${bridge},firewall=1,hwaddr=${mac},ip=dhcp,type=veth`,
    );
  });
  config.set("ostype", "debian");
  plan.volumes.forEach((volume, index) => {
    const file = `${volume.storage}:vm-${plan.vmid}-disk-${index}`;
    const size = `size=${formatSize(volume.bytes)}`;
    if (index === 0) config.set("rootfs", `${file},${size}`);
    else config.set(`mp${index - 1}`, `${file},mp=/mnt/data${index},${size}`);
  });
  config.set("swap", 512);
  config.set("unprivileged", 1);
  // What ties a container to its host is a directory of the host that it mounts.
  plan.localResources.forEach((_, index) => {
    config.set(`mp${100 + index}`, `/mnt/host${index},mp=/mnt/host${index}`);
  });
  return withCommon(config, plan);
}

function withCommon(config: GuestConfig, plan: GuestPlan): GuestConfig {
  if (plan.tags.length > 0) config.set("tags", plan.tags.join(";"));
  if (plan.lock) config.set("lock", plan.lock);
  if (plan.template) config.set("template", 1);
  return config;
}

function deviceOf(key: string, index: number): string {
  if (key.startsWith("usb")) return "host=1-1";
  if (key.startsWith("serial")) return "/dev/ttyS0";
  if (key.startsWith("parallel")) return "/dev/parport0";
  if (key.startsWith("virtiofs")) return "dirid=share";
  return `0000:${hex(index + 1, 2).toLowerCase()}:00.0,pcie=1`;
}

function trafficRates(hash: number): Traffic {
  const rate = (shift: number, scale: number): number => ((hash >>> shift) % 97) * scale;
  return {
    netin: rate(1, 400),
    netout: rate(5, 300),
    diskread: rate(9, 900),
    diskwrite: rate(13, 700),
  };
}

function hex(value: number, width: number): string {
  return value.toString(16).toUpperCase().padStart(width, "0");
}
