import {
  type Clock,
  type ClusterCapability,
  type ClusterSnapshot,
  type ClusterState,
  type Connector,
  type Guest,
  type GuestDetail,
  type GuestId,
  Kappa4Error,
  type MigrateResult,
  type Operation,
} from "@kappa4/connectors";
import type { Dice } from "../../balancing/dice.ts";
import { sampleCluster, sampleGuest, sampleNode } from "../../rebalance/samples.ts";

/** A move that the cluster was asked for, and what it looked like in that moment. */
export interface MoveSeen {
  readonly guest: GuestId;
  readonly to: string;
  readonly at: number;
  /** Where the guest was, and under which name. */
  readonly from: string | undefined;
  readonly name: string | undefined;
  readonly isTargetMarked: boolean;
  readonly isSourceMarked: boolean;
}

/** The nodes of every cluster. */
export const NODES: readonly string[] = ["n1", "n2", "n3", "n4"];
/** Nobody stays on this one: whatever leaves it may leave it empty. */
export const BARE_NODE = "n4";

const NODE_GIB = 64_000;
const SMALL = { total: 2 ** 20, used: 2 ** 20 };
const FEWEST_MS = 2_000;
const MOST_MS = 9_000;
/** Of so many moves one fails. */
const FAILS = 19;

/** An outside system that is really changed by what it is asked for, takes its time for it, and remembers all of it. */
export class LivingCluster implements ClusterCapability {
  readonly name: string;
  readonly seen: MoveSeen[] = [];
  /** When each guest was last asked to move. */
  readonly asked = new Map<GuestId, number>();
  readonly #clock: Clock;
  readonly #guests = new Map<GuestId, Guest>();
  readonly #marked = new Set<string>();
  readonly #ends = new Set<number>();
  readonly #operations = new Map<string, Operation<MigrateResult>>();
  #last = 0;

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
    for (const node of NODES) if (node !== BARE_NODE) this.settle(node);
  }

  /** Whether a move is on its way that only time brings to its end. */
  get isBusy(): boolean {
    return [...this.#ends].some((end) => end > this.#clock.now());
  }

  get guests(): readonly Guest[] {
    return [...this.#guests.values()];
  }

  isMarked(node: string): boolean {
    return this.#marked.has(node);
  }

  guest(id: GuestId): Guest | undefined {
    return this.#guests.get(id);
  }

  /** Puts a new guest onto a node, and returns its id. */
  settle(node: string, change: Partial<Guest> = {}): number {
    this.#last += 1;
    const id = this.#last;
    this.#guests.set(id, sampleGuest(id, node, { memory: SMALL, ...change }));
    return id;
  }

  /** Somebody works on the cluster by hand. */
  change(id: GuestId, change: Partial<Guest>): void {
    const guest = this.#guests.get(id);
    if (guest !== undefined) this.#guests.set(id, { ...guest, ...change });
  }

  /** Guests that nobody plans for any more. */
  forget(ids: readonly GuestId[]): void {
    for (const id of ids) this.#guests.delete(id);
  }

  /** The cluster's own mark that a node is to be empty, on or off. */
  mark(node: string, isMarked: boolean): void {
    if (isMarked) this.#marked.add(node);
    else this.#marked.delete(node);
  }

  async snapshot(): Promise<ClusterSnapshot> {
    const nodes = NODES.map((name) => {
      return { ...sampleNode(name, NODE_GIB), maintenance: this.#marked.has(name) };
    });
    return { ...sampleCluster([], this.guests), meta: { name: this.name }, nodes };
  }

  async state(): Promise<ClusterState> {
    const { meta, nodes, guests } = await this.snapshot();
    return { name: meta.name, nodes, guests };
  }

  async migrate(id: GuestId, to: string): Promise<Operation<MigrateResult>> {
    const guest = this.#guests.get(id);
    const at = this.#clock.now();
    const marks = {
      isTargetMarked: this.#marked.has(to),
      isSourceMarked: this.#marked.has(guest?.node ?? ""),
    };
    this.seen.push({ guest: id, to, at, from: guest?.node, name: guest?.name, ...marks });
    this.asked.set(id, at);
    const number = Number(id);
    const end = at + FEWEST_MS + ((number * 7919) % (MOST_MS - FEWEST_MS));
    this.#ends.add(end);
    const token = `${this.name}/${id}/${this.seen.length}`;
    const ended = this.#arrive(number, to, end);
    // Whoever asked may be gone by then.
    ended.catch(() => {});
    const status = { state: "running", progress: null, warnings: [] } as const;
    const operation: Operation<MigrateResult> = {
      ...{ id: token, token },
      status: async () => status,
      cancel: async () => "too_late",
      done: ({ signal } = {}) => untilRaised(ended, signal),
    };
    this.#operations.set(token, operation);
    return operation;
  }

  /** The move behind a token. */
  resume(token: string): Operation<MigrateResult> {
    const operation = this.#operations.get(token);
    if (operation === undefined) throw new Kappa4Error("invalid_argument", `No move ${token}.`);
    return operation;
  }

  async #arrive(id: number, to: string, end: number): Promise<MigrateResult> {
    await this.#clock.sleep(end - this.#clock.now());
    this.#ends.delete(end);
    if (id % FAILS === 0) throw new Kappa4Error("operation_failed", `${id} did not move.`);
    this.change(id, { node: to });
    return { node: to, warnings: [] };
  }

  async describeGuests(): Promise<readonly GuestDetail[]> {
    return [];
  }

  async checkAccess(): Promise<readonly []> {
    return [];
  }
}

/** The connector of a cluster that outlives every process. */
export function connectorOf(cluster: LivingCluster): Connector {
  return {
    kind: "living",
    connection: cluster.name,
    cluster,
    ping: async () => ({ version: "1" }),
    resumeOperation: (token) => cluster.resume(token),
    close: async () => {},
  };
}

/** The same, or the reason of a signal as soon as that is raised. */
function untilRaised<Result>(promise: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (signal === undefined) return promise;
  const raised = new Promise<never>((_resolve, reject) => {
    const raise = (): void => reject(signal.reason);
    if (signal.aborted) raise();
    signal.addEventListener("abort", raise, { once: true });
  });
  return Promise.race([promise, raised]);
}

/** Puts guests for a plan onto one node, some of them of a kind that is protected. */
export function newcomers(
  cluster: LivingCluster,
  dice: Dice,
  node: string,
  count: number,
): readonly number[] {
  const isShielded = dice.chance(0.12);
  return Array.from({ length: count }, (_, at) => {
    if (!isShielded || at > 0) return cluster.settle(node);
    return dice.chance(0.5)
      ? cluster.settle(node, { pool: "gold" })
      : cluster.settle(node, { tags: ["web", "core"] });
  });
}
