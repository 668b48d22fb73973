import type { ClusterSnapshot, Guest, GuestId, SnapshotNode } from "@kappa4/connectors";
import type { RebalanceOptions } from "../../src/balancing/index.ts";

/** What a node carries right now. */
interface Account {
  readonly node: SnapshotNode;
  readonly guests: Set<GuestId>;
  memory: number;
  cpu: number;
  readonly stored: Map<string, number>;
}

/** Who is where, and what that adds up to on every node. */
export class Ledger {
  readonly #accounts = new Map<string, Account>();
  readonly #at = new Map<GuestId, string>();
  readonly #running = new Map<GuestId, Guest>();
  readonly #options: RebalanceOptions;
  readonly #limits: { readonly memory: number; readonly cpu: number; readonly storage: number };

  constructor(snapshot: ClusterSnapshot, options: RebalanceOptions) {
    this.#options = options;
    const limit = (key: "memoryUsed" | "cpuUsed" | "localStorageUsed", usual: number): number => {
      const asked = options.limits?.[key];
      const given = asked === undefined ? snapshot.policy?.limits?.[key] : asked;
      return (given === undefined ? usual : given) ?? Number.POSITIVE_INFINITY;
    };
    this.#limits = {
      memory: limit("memoryUsed", 0.95),
      cpu: limit("cpuUsed", 1),
      storage: limit("localStorageUsed", 0.95),
    };
    for (const node of snapshot.nodes) {
      const stored = new Map(node.storages.map(({ id, used }) => [id, used]));
      const account = { node, guests: new Set<GuestId>(), memory: 0, cpu: 0, stored };
      this.#accounts.set(node.name, account);
    }
    for (const guest of snapshot.guests) {
      this.#at.set(guest.id, guest.node);
      if (runs(guest)) this.#running.set(guest.id, guest);
      this.#add(guest, guest.node, 1);
    }
    // What the guests do not explain is the node's own.
    for (const account of this.#accounts.values()) account.memory = account.node.memory.used;
  }

  nodeOf(id: GuestId): string {
    return this.#at.get(id) ?? "";
  }

  runsOn(id: GuestId, name: string): boolean {
    return this.#running.has(id) && this.#at.get(id) === name;
  }

  /** How many guests run on a node. */
  running(name: string): number {
    return this.#accounts.get(name)?.guests.size ?? 0;
  }

  move(guest: Guest, to: string): void {
    for (const [name, sign] of [
      [this.nodeOf(guest.id), -1],
      [to, 1],
    ] as const) {
      this.#add(guest, name, sign);
      const stored = this.#accounts.get(name)?.stored;
      for (const id of stored?.keys() ?? []) {
        stored?.set(id, (stored.get(id) ?? 0) + sign * bytesOn(guest, id));
      }
    }
    this.#at.set(guest.id, to);
  }

  isActive(name: string): boolean {
    const node = this.#accounts.get(name)?.node;
    const ignored = node?.ignored === true || this.#options.ignoreNodes?.includes(name) === true;
    return node?.status === "online" && !this.drains(name) && !ignored;
  }

  drains(name: string): boolean {
    const node = this.#accounts.get(name)?.node;
    return node?.maintenance === true || this.#options.maintenanceNodes?.includes(name) === true;
  }

  /** What a node has too little of for guests on their way to it, while their old copies count elsewhere. */
  shortOf(name: string, arriving: readonly Guest[]): readonly string[] {
    const account = this.#accounts.get(name);
    if (account === undefined) return [];
    const { node } = account;
    const found: string[] = [];
    const sum = (of: (guest: Guest) => number): number =>
      arriving.filter(runs).reduce((total, guest) => total + of(guest), 0);
    const memory = sum((guest) => guest.memory.used);
    const most = Math.max(this.#limits.memory * node.memory.total, node.memory.used);
    if (memory > 0 && account.memory + memory > most) found.push("memory");
    for (const { id, shared, total, used } of node.storages) {
      const bytes = arriving.reduce((all, guest) => all + bytesOn(guest, id), 0);
      const filled = (account.stored.get(id) ?? 0) + bytes;
      const isFull = filled > Math.max(this.#limits.storage * total, used);
      if (!shared && bytes > 0 && isFull) found.push("storage");
    }
    return found;
  }

  overloads(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const [name, { node, memory, cpu, stored }] of this.#accounts) {
      if (memory > this.#limits.memory * node.memory.total) found.set(`memory of ${name}`, memory);
      if (cpu > this.#limits.cpu * node.cpu.cores + 1e-6) found.set(`cpu of ${name}`, cpu);
      for (const { id, shared, total } of node.storages) {
        const bytes = stored.get(id) ?? 0;
        if (!shared && bytes > this.#limits.storage * total)
          found.set(`storage ${id} of ${name}`, bytes);
      }
    }
    return found;
  }

  /** Between the fullest and the emptiest active node, in percentage points. */
  spread(what: "memory" | "cpu"): number {
    const active = [...this.#accounts.values()].filter(({ node }) => this.isActive(node.name));
    const loads = active.map(({ node, memory, cpu }) =>
      what === "memory"
        ? memory / node.memory.total
        : Math.max(0, cpu + node.base.cpu) / node.cpu.cores,
    );
    return loads.length === 0 ? 0 : 100 * (Math.max(...loads) - Math.min(...loads));
  }

  #add(guest: Guest, name: string, sign: 1 | -1): void {
    const account = this.#accounts.get(name);
    if (account === undefined || !runs(guest)) return;
    account.memory += sign * guest.memory.used;
    account.cpu += sign * guest.cpu.used * guest.cpu.cores;
    if (sign === 1) account.guests.add(guest.id);
    if (sign === -1) account.guests.delete(guest.id);
  }
}

/** Whether a guest uses anything. */
export function runs(guest: Guest): boolean {
  return guest.status === "running" || guest.status === "paused";
}

function bytesOn(guest: Guest, storage: string): number {
  return (guest.volumes ?? []).reduce(
    (sum, one) => sum + (one.storage === storage ? one.bytes : 0),
    0,
  );
}
