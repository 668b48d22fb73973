import type { Directory } from "../access/directory.ts";
import type { TicketOffice } from "../access/tickets.ts";
import type { SimulatedClock } from "../clock.ts";
import { failure, type Unreached } from "../errors.ts";
import type { Faults } from "../faults.ts";
import type { HaStack } from "../ha/stack.ts";
import type { Random } from "../random.ts";
import type { Tasks } from "../tasks.ts";
import type { PveVersion } from "../version.ts";
import type { Links } from "../work/links.ts";
import { mappedResourcesOf } from "./config.ts";
import type { Statistics } from "./statistics.ts";
import type { Guest, GuestKind, Node, Pool, Storage } from "./types.ts";

/** How fast things move between nodes. */
export interface MoveSpeed {
  /** Memory over the migration network, bytes per second, shared by moves that run at the same time. */
  readonly memoryBytesPerSecond: number;
  /** Local disks, bytes per second. */
  readonly diskBytesPerSecond: number;
  /** What every move costs besides, milliseconds. */
  readonly overheadMs: number;
}

/** A move of a guest that was begun, kept for whoever wants to count them. */
export interface MoveRecord {
  readonly guest: number;
  readonly from: string;
  readonly to: string;
  readonly upid: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  /** Exit status of the task; undefined while it runs, or when its node was lost. */
  exitstatus: string | undefined;
}

/** Everything that is true of a simulated cluster. */
export interface Cluster {
  readonly name: string;
  readonly version: PveVersion;
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly guests: Map<number, Guest>;
  readonly storages: Map<string, Storage>;
  readonly pools: Map<string, Pool>;
  /** Mapped devices to the nodes that have them; one that is not listed is on every node. */
  readonly mappings: Map<string, ReadonlySet<string>>;
  readonly options: Map<string, string | number>;
  readonly directory: Directory;
  readonly tickets: TicketOffice;
  readonly tasks: Tasks;
  readonly statistics: Statistics;
  readonly ha: HaStack;
  readonly faults: Faults;
  readonly links: Links;
  readonly speed: MoveSpeed;
  readonly moves: MoveRecord[];
  /** Nodes that are up and that others cannot pass requests on to, and what these meet. */
  readonly unreached: Map<string, Unreached>;
  /** Nodes that are up and know nothing of the others, as corosync does not run on them. */
  readonly alone: Set<string>;
  quorate: boolean;
}

/** The nodes that one of them knows of. */
export function nodesKnownTo(cluster: Cluster, node: Node): readonly Node[] {
  return cluster.alone.has(node.name) ? [node] : [...cluster.nodes.values()];
}

/** Finds a node by name. Throws the 500 that Proxmox VE gives for an unknown target. */
export function requireNode(cluster: Cluster, name: string): Node {
  const node = cluster.nodes.get(name);
  if (!node) throw failure(`no such cluster node '${name}'`);
  return node;
}

/** Finds a guest by its kind, its node and its id: its configuration file must lie there. */
export function requireGuest(cluster: Cluster, kind: GuestKind, node: string, vmid: number): Guest {
  const guest = cluster.guests.get(vmid);
  if (guest?.kind === kind && guest.node === node) return guest;
  const folder = kind === "qemu" ? "qemu-server" : "lxc";
  throw failure(`Configuration file 'nodes/${node}/${folder}/${vmid}.conf' does not exist`);
}

/** Throws the 500 of a cluster without quorum, as the contacted node sees it. */
export function requireQuorum(cluster: Cluster, entry: Node): void {
  if (!cluster.quorate || cluster.alone.has(entry.name))
    throw failure("cluster not ready - no quorum?");
}

/** Options of a guest that name a mapped device which a node does not have. */
export function missingMappings(cluster: Cluster, guest: Guest, node: string): readonly string[] {
  return [...mappedResourcesOf(guest)]
    .filter(([, name]) => cluster.mappings.get(name)?.has(node) === false)
    .map(([key]) => key);
}

/** The guests whose configuration lies on a node. */
export function guestsOn(cluster: Cluster, node: string): readonly Guest[] {
  return [...cluster.guests.values()].filter((guest) => guest.node === node);
}

/** The pool of a guest, or undefined. */
export function poolOf(cluster: Cluster, vmid: number): Pool | undefined {
  for (const pool of cluster.pools.values()) if (pool.guests.has(vmid)) return pool;
  return undefined;
}
