import type {
  Clock,
  ClusterCapability,
  ClusterSnapshot,
  ClusterState,
  Guest,
  GuestDetail,
  GuestId,
  Kappa4Error,
  MigrateResult,
  Operation,
} from "@kappa4/connectors";

/** A clock that stands until somebody sleeps; a sleeper moves it on. */
export function virtualClock(): Clock {
  let now = Date.UTC(2026, 0, 5, 3, 0, 0);
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      await Promise.resolve();
      if (signal?.aborted) throw signal.reason;
      now += ms;
    },
  };
}

/** What happens to one guest's migration instead of the ordinary. */
export type Behaviour =
  | { readonly fail: Error }
  | { readonly failAfterMove: Kappa4Error }
  /** The first to wait loses sight of it; the guest arrives when somebody waits again. */
  | { readonly loseOnce: Kappa4Error }
  | { readonly hold: Promise<void> };

/** A cluster in memory with the behaviour that the contract describes: no provider, no clock of its own. */
export class MemoryCluster implements ClusterCapability {
  readonly started: { guest: GuestId; to: string }[] = [];
  readonly behaviours = new Map<GuestId, Behaviour>();
  /** Most moves seen under way at once, in all and by target. */
  peak = 0;
  /** Thrown instead of any answer. */
  unreadable: Kappa4Error | undefined;
  #guests: Guest[];
  readonly #snapshot: ClusterSnapshot;
  readonly #operations = new Map<string, Operation<MigrateResult>>();
  #running = 0;

  constructor(snapshot: ClusterSnapshot) {
    this.#snapshot = snapshot;
    this.#guests = [...snapshot.guests];
  }

  placements(): Map<GuestId, string> {
    return new Map(this.#guests.map(({ id, node }) => [id, node]));
  }

  change(id: GuestId, change: Partial<Guest>): void {
    this.#guests = this.#guests.map((guest) => (guest.id === id ? { ...guest, ...change } : guest));
  }

  async snapshot(): Promise<ClusterSnapshot> {
    if (this.unreadable !== undefined) throw this.unreadable;
    const nodes = this.#snapshot.nodes.map((node) => ({
      ...node,
      memory: { ...node.memory, used: this.#memoryUsed(node.name) },
    }));
    return { ...this.#snapshot, nodes, guests: this.#guests };
  }

  async describeGuests(_ids: readonly GuestId[]): Promise<readonly GuestDetail[]> {
    return [];
  }

  async state(): Promise<ClusterState> {
    const { meta, nodes, guests } = await this.snapshot();
    return { name: meta.name, nodes, guests };
  }

  async migrate(id: GuestId, to: string): Promise<Operation<MigrateResult>> {
    this.started.push({ guest: id, to });
    this.#running++;
    this.peak = Math.max(this.peak, this.#running);
    let waits = 0;
    const done = async (): Promise<MigrateResult> => {
      waits++;
      try {
        const behaviour = this.behaviours.get(id);
        await Promise.resolve();
        if (behaviour !== undefined && "hold" in behaviour) await behaviour.hold;
        if (behaviour !== undefined && "fail" in behaviour) throw behaviour.fail;
        if (behaviour !== undefined && "loseOnce" in behaviour && waits === 1) {
          throw behaviour.loseOnce;
        }
        this.change(id, { node: to });
        if (behaviour !== undefined && "failAfterMove" in behaviour) throw behaviour.failAfterMove;
        return { node: to, warnings: [] };
      } finally {
        this.#running--;
      }
    };
    const status = { state: "running", progress: null, warnings: [] } as const;
    const token = `migrate-${id}`;
    const operation: Operation<MigrateResult> = {
      id: token,
      token,
      status: async () => status,
      cancel: async () => "not_supported",
      done,
    };
    this.#operations.set(token, operation);
    return operation;
  }

  /** The operation behind a token, as another process would find it. */
  resume(token: string): Operation<MigrateResult> {
    const operation = this.#operations.get(token);
    if (operation === undefined) throw new Error(`no operation ${token}`);
    return operation;
  }

  async checkAccess(): Promise<readonly []> {
    return [];
  }

  #memoryUsed(name: string): number {
    const base = this.#snapshot.nodes.find((node) => node.name === name)?.base.memory ?? 0;
    return this.#guests
      .filter(({ node, status }) => node === name && status === "running")
      .reduce((sum, { memory }) => sum + memory.used, base);
  }
}
