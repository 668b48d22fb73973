import type { Unreached } from "./errors.ts";
import type { ActiveFault, Fault } from "./faults.ts";
import type { Cluster, MoveRecord } from "./state/cluster.ts";
import { type LoseNodeOptions, loseNode, returnNode } from "./state/nodes.ts";
import type { Guest, Node } from "./state/types.ts";
import type { Task } from "./tasks.ts";
import type { RequestRecord } from "./wire/handle.ts";

/** What goes wrong, on request. */
export interface FaultSwitch {
  /** Makes something go wrong from now on. */
  add(fault: Fault): ActiveFault;
  /** Takes all faults back. */
  clear(): void;
}

/** Where one node answers. */
export interface EntryPoint {
  readonly node: string;
  readonly url: string;
  readonly port: number;
  /** SHA-256 of the certificate, upper-case with colons. */
  readonly fingerprint: string;
}

/** A running stand-in for a Proxmox VE cluster. */
export class ProxmoxSimulator {
  /** Where the first entry node answers, for example `https://127.0.0.1:18006`. */
  readonly url: string;
  readonly port: number;
  /** SHA-256 of the first entry node's certificate, upper-case with colons. */
  readonly fingerprint: string;
  /** Certificate of the cluster's own authority, PEM. */
  readonly ca: string;
  readonly entries: readonly EntryPoint[];
  /** Every request so far; of many, the last hundred thousand. Holds no secret. */
  readonly requests: readonly RequestRecord[];
  readonly #cluster: Cluster;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #close: () => Promise<void>;

  constructor(parts: {
    readonly cluster: Cluster;
    readonly entries: readonly [EntryPoint, ...EntryPoint[]];
    readonly ca: string;
    readonly requests: readonly RequestRecord[];
    readonly fetch: (request: Request) => Promise<Response>;
    readonly close: () => Promise<void>;
  }) {
    const [first] = parts.entries;
    this.url = first.url;
    this.port = first.port;
    this.fingerprint = first.fingerprint;
    this.ca = parts.ca;
    this.entries = parts.entries;
    this.requests = parts.requests;
    this.#cluster = parts.cluster;
    this.#fetch = parts.fetch;
    this.#close = parts.close;
  }

  /** The addresses of all entry nodes. */
  get urls(): readonly string[] {
    return this.entries.map((entry) => entry.url);
  }

  /** What can be made to go wrong on request. */
  get faults(): FaultSwitch {
    return this.#cluster.faults;
  }

  /** Every move of a guest that was begun, in order. */
  get moves(): readonly MoveRecord[] {
    return this.#cluster.moves;
  }

  /** Every task, oldest first. */
  get tasks(): readonly Task[] {
    return this.#cluster.tasks.list();
  }

  /** Answers a standard request without a socket, as the first entry node does. Rejects as fetch does. */
  async fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
    return await this.#fetch(new Request(input, init));
  }

  /** Simulated milliseconds since the epoch. */
  now(): number {
    return this.#cluster.clock.now();
  }

  /** Moves simulated time forward and does everything that becomes due. */
  advance(ms: number): void {
    this.#cluster.clock.catchUp();
    this.#cluster.clock.advance(ms);
    this.#cluster.statistics.sync(this.#cluster, this.now());
  }

  /** A guest as it really is, without the lag of the lists. Throws RangeError for an unknown id. */
  guest(id: number): Readonly<Guest> {
    return this.#guest(id);
  }

  /** A node as it really is. Throws RangeError for an unknown name. */
  node(name: string): Readonly<Node> {
    const node = this.#cluster.nodes.get(name);
    if (!node) throw new RangeError(`The simulated cluster has no node "${name}".`);
    return node;
  }

  /** Guest id to the node that it is on. */
  placements(): ReadonlyMap<number, string> {
    return new Map([...this.#cluster.guests.values()].map((guest) => [guest.vmid, guest.node]));
  }

  /** Locks a guest as a backup or the like does; null takes the lock away. */
  lockGuest(id: number, lock: string | null): void {
    const { config } = this.#guest(id);
    if (lock === null) config.delete("lock");
    else config.set("lock", lock);
  }

  /** Makes a node go away or come back. */
  setNodeOnline(name: string, online: boolean, options: LoseNodeOptions = {}): void {
    this.node(name);
    if (online) returnNode(this.#cluster, name);
    else loseNode(this.#cluster, name, options);
  }

  /**
   * Makes a node that is up one that other nodes cannot pass requests on to; `undefined` ends that. What they answer
   * in its place: 595 `No route to host` or `Connection refused`, 596 after 30 s of silence, or 596 for a certificate
   * that is not the pinned one.
   */
  setNodeUnreached(name: string, how: Unreached | undefined): void {
    this.node(name);
    if (how === undefined) this.#cluster.unreached.delete(name);
    else this.#cluster.unreached.set(name, how);
  }

  /**
   * Has a node that is up know of no cluster, as while it boots, until corosync runs on it: it shows itself alone, takes
   * no changes, and the configuration of the cluster still lists all. Say true to end that.
   */
  setNodeJoined(name: string, joined: boolean): void {
    this.node(name);
    if (joined) this.#cluster.alone.delete(name);
    else this.#cluster.alone.add(name);
  }

  /** Puts a node into maintenance mode or ends it; Proxmox VE has no API call for that. */
  setMaintenance(name: string, on: boolean): void {
    this.node(name);
    if (on) this.#cluster.ha.maintenance.add(name);
    else this.#cluster.ha.maintenance.delete(name);
  }

  /** Takes the quorum away or gives it back. */
  setQuorum(quorate: boolean): void {
    this.#cluster.quorate = quorate;
  }

  /** Fills a storage on a node, or a shared one, up to the given number of free bytes. Default 0. */
  fillStorage(id: string, node = "", freeBytes = 0): void {
    const storage = this.#cluster.storages.get(id);
    const place = storage?.shared ? "" : node;
    const size = storage?.size.get(place);
    if (!storage || !size) throw new RangeError(`There is no storage "${id}" on "${node}".`);
    size.otherBytes = size.totalBytes - freeBytes;
  }

  /** Says which nodes have a mapped device; those that nothing was said about are on every node. */
  setMapping(name: string, nodes: readonly string[]): void {
    for (const node of nodes) this.node(node);
    this.#cluster.mappings.set(name, new Set(nodes));
  }

  /** Changes what a guest uses while it runs. */
  setLoad(
    id: number,
    load: {
      readonly cpuRatio?: number | undefined;
      readonly memoryBytes?: number | undefined;
      readonly dirtyBytesPerSecond?: number | undefined;
    },
  ): void {
    const guest = this.#guest(id);
    guest.cpuRatio = load.cpuRatio ?? guest.cpuRatio;
    guest.memoryBytes = load.memoryBytes ?? guest.memoryBytes;
    guest.dirtyBytesPerSecond = load.dirtyBytesPerSecond ?? guest.dirtyBytesPerSecond;
  }

  /** Stops listening and forgets everything. */
  async close(): Promise<void> {
    this.#cluster.clock.close();
    await this.#close();
  }

  /** Same as `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #guest(id: number): Guest {
    const guest = this.#cluster.guests.get(id);
    if (!guest) throw new RangeError(`The simulated cluster has no guest ${id}.`);
    return guest;
  }
}
