import { Kappa4Error } from "@kappa4/connectors";
import type { Id } from "../ids.ts";
import type { Store, StoredLease } from "../store/index.ts";
import { isPassing } from "../store/is-passing.ts";
import { pause, type Stopwatch, stopwatch } from "./stopwatch.ts";

/** A lease that nobody renews for so long is free for others. */
const LEASE_MS = 9_000;
const RENEW_MS = 2_500;
/** So long before its end it counts as lost here: clocks do not run alike, and what is sent takes its way. */
const MARGIN_MS = 2_000;
/** How long a write waits for a store that does not answer before it is tried again. */
const AGAIN_MS = 250;

/** Whose lease it is to be. */
export interface LeaseClaim {
  readonly org: Id<"org">;
  readonly cluster: string;
  readonly run: Id<"run">;
  /** This process, for people. */
  readonly holder: string;
}

/** The right to change a cluster, renewed while it is held. Whoever had it before can write nothing any more. */
export class HeldLease {
  readonly fence: number;
  readonly #store: Store;
  readonly #claim: LeaseClaim;
  readonly #watch: Stopwatch;
  readonly #lost = new AbortController();
  readonly #stop: () => void;
  #goodUntil: number;

  private constructor(
    store: Store,
    claim: LeaseClaim,
    fence: number,
    watch: Stopwatch,
    asked: number,
  ) {
    this.#store = store;
    this.#claim = claim;
    this.fence = fence;
    this.#watch = watch;
    this.#goodUntil = asked + LEASE_MS - MARGIN_MS;
    this.#stop = watch.every(RENEW_MS, () => void this.#renew());
  }

  /** Takes the lease; returns who holds it where somebody else does. */
  static async take(
    store: Store,
    claim: LeaseClaim,
    watch: Stopwatch = stopwatch,
  ): Promise<HeldLease | StoredLease> {
    const { org, cluster, run, holder } = claim;
    const asked = watch.now();
    const taken = await store.inOrg(org, (tx) => tx.leases.take(cluster, run, holder, LEASE_MS));
    if ("heldBy" in taken) return taken.heldBy;
    return new HeldLease(store, claim, taken.fence, watch, asked);
  }

  /** Raised once it is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Throws `conflict` unless the lease certainly is still held: a process may have stood still for minutes. */
  hold(): void {
    if (!this.#lost.signal.aborted && this.#watch.now() < this.#goodUntil) return;
    this.#lose();
    throw lostTo(this.#claim.cluster);
  }

  /**
   * Writes what must not be lost because the store is away for a moment: again and again while the lease is held.
   * Throws `conflict` when it is not, and what the work throws where it is no trouble of the line.
   */
  async write<T>(work: () => Promise<T>): Promise<T> {
    while (true) {
      this.hold();
      try {
        return await work();
      } catch (error) {
        if (!isPassing(error)) throw error;
        await pause(this.#watch, AGAIN_MS);
      }
    }
  }

  /** Gives it back; what cannot be given back runs out. */
  async release(): Promise<void> {
    this.#stop();
    if (this.#lost.signal.aborted) return;
    const { org, cluster } = this.#claim;
    try {
      await this.#store.inOrg(org, (tx) => tx.leases.release(cluster, this.fence));
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  }

  async #renew(): Promise<void> {
    const { org, cluster } = this.#claim;
    const asked = this.#watch.now();
    // Whoever stood still for so long is told at once, not when the store has answered.
    if (asked >= this.#goodUntil) return this.#lose();
    try {
      const isHeld = await this.#store.inOrg(org, (tx) =>
        tx.leases.renew(cluster, this.fence, LEASE_MS),
      );
      if (!isHeld) return this.#lose();
      this.#goodUntil = asked + LEASE_MS - MARGIN_MS;
    } catch {
      // The store does not answer; the lease runs out by itself if it goes on like that.
      if (this.#watch.now() >= this.#goodUntil) this.#lose();
    }
  }

  #lose(): void {
    this.#stop();
    this.#lost.abort(lostTo(this.#claim.cluster));
  }
}

/** The error of whoever goes on with a run that is another process's. */
export function lostTo(cluster: string): Kappa4Error {
  const message = `This process no longer holds ${cluster}; another one goes on with the run, and nothing is to be done here.`;
  return new Kappa4Error("conflict", message, { retryable: false });
}
