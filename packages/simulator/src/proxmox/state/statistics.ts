import type { Cluster } from "./cluster.ts";
import { coresOf, isTemplate, mainDiskBytes, memoryOf, nameOf } from "./config.ts";
import type { Guest, Node, Traffic } from "./types.ts";

/** What the statistics daemon last told about a guest. */
export interface GuestSample {
  readonly sampledAt: number;
  readonly name: string;
  readonly status: string;
  readonly template: number;
  readonly maxcpu: number;
  readonly cpu: number;
  readonly maxmem: number;
  readonly mem: number;
  readonly memhost: number;
  readonly maxdisk: number;
  readonly disk: number;
  readonly uptime: number;
  readonly traffic: Traffic;
}

/** What the statistics daemon last told about a node. */
export interface NodeSample {
  readonly sampledAt: number;
  readonly cpu: number;
  readonly mem: number;
  readonly uptime: number;
}

const INTERVAL_MS = 10_000;
const MEMORY_MS = 300_000;

/**
 * The figures that the status daemon of each node spreads every 10 s: lists are made from them, so they lag,
 * and those of a dead node are forgotten after 5 minutes.
 */
export class Statistics {
  readonly #guests = new Map<number, GuestSample>();
  readonly #nodes = new Map<string, NodeSample>();
  #lastTick = Number.NEGATIVE_INFINITY;
  #now = 0;

  /** Takes the samples that are due; to be called before anything changes. */
  sync(cluster: Cluster, now: number): void {
    this.#now = now;
    const tick = Math.floor(now / INTERVAL_MS) * INTERVAL_MS;
    if (tick <= this.#lastTick) return;
    this.#lastTick = tick;
    const usage = usageOfNodes(cluster);
    for (const node of cluster.nodes.values()) {
      if (node.online) this.#nodes.set(node.name, sampleNode(node, usage.get(node.name), tick));
    }
    for (const guest of cluster.guests.values()) {
      const node = cluster.nodes.get(guest.node);
      if (node?.online) this.#guests.set(guest.vmid, sampleGuest(guest, tick));
    }
  }

  /** The last known figures of a guest, unless they are too old. */
  guest(vmid: number): GuestSample | undefined {
    return this.#fresh(this.#guests.get(vmid));
  }

  /** The last known figures of a node, unless they are too old. */
  node(name: string): NodeSample | undefined {
    return this.#fresh(this.#nodes.get(name));
  }

  /** Forgets a guest that was deleted. */
  drop(vmid: number): void {
    this.#guests.delete(vmid);
  }

  #fresh<T extends { readonly sampledAt: number }>(sample: T | undefined): T | undefined {
    return sample && this.#now - sample.sampledAt <= MEMORY_MS ? sample : undefined;
  }
}

/** What a node uses at an instant. */
export interface NodeUsage {
  readonly cores: number;
  readonly memoryBytes: number;
}

/** Works out what each node uses right now: the host's own, its guests', and memory that is still arriving. */
export function usageOfNodes(cluster: Cluster): ReadonlyMap<string, NodeUsage> {
  const sums = new Map<string, { cores: number; memory: number }>();
  for (const node of cluster.nodes.values()) {
    const memory = node.baseMemoryBytes + cluster.links.arrivedOn(node.name);
    sums.set(node.name, { cores: node.baseCores, memory });
  }
  for (const guest of cluster.guests.values()) {
    const sum = sums.get(guest.node);
    if (!sum || !guest.running) continue;
    sum.cores += guest.cpuRatio * coresOf(guest);
    sum.memory += guest.memoryBytes + guest.hostOverheadBytes;
  }
  const usage = new Map<string, NodeUsage>();
  for (const node of cluster.nodes.values()) {
    const sum = sums.get(node.name) ?? { cores: 0, memory: 0 };
    usage.set(node.name, {
      cores: Math.min(node.cores, Math.max(0, sum.cores)),
      memoryBytes: Math.round(Math.min(node.memoryBytes, Math.max(0, sum.memory))),
    });
  }
  return usage;
}

/** What a guest looks like at an instant. */
export function sampleGuest(guest: Guest, now: number): GuestSample {
  const uptime = guest.running ? Math.max(1, Math.floor((now - guest.startedAt) / 1000)) : 0;
  return {
    sampledAt: now,
    name: nameOf(guest),
    status: guest.running ? (guest.paused ? "paused" : "running") : "stopped",
    template: isTemplate(guest) ? 1 : 0,
    maxcpu: coresOf(guest),
    cpu: guest.running ? guest.cpuRatio : 0,
    maxmem: memoryOf(guest),
    mem: guest.running ? guest.memoryBytes : 0,
    memhost: guest.running ? guest.memoryBytes + guest.hostOverheadBytes : 0,
    maxdisk: mainDiskBytes(guest),
    disk: guest.kind === "lxc" && guest.running ? guest.diskUsedBytes : 0,
    uptime,
    traffic: trafficOf(guest, uptime),
  };
}

function sampleNode(node: Node, usage: NodeUsage | undefined, now: number): NodeSample {
  return {
    sampledAt: now,
    cpu: (usage?.cores ?? 0) / node.cores,
    mem: usage?.memoryBytes ?? 0,
    uptime: Math.floor((now - node.bootedAt) / 1000),
  };
}

function trafficOf(guest: Guest, uptime: number): Traffic {
  if (!guest.running) return { netin: 0, netout: 0, diskread: 0, diskwrite: 0 };
  const total = (key: keyof Traffic): number =>
    Math.round(guest.trafficAtStart[key] + guest.trafficPerSecond[key] * uptime);
  return {
    netin: total("netin"),
    netout: total("netout"),
    diskread: total("diskread"),
    diskwrite: total("diskwrite"),
  };
}
