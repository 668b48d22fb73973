/** Something that goes wrong with calls of the app, on request of a test. */
export type SlackFault =
  | (FaultTarget & { readonly kind: "rate_limited"; readonly retryAfterSeconds: number })
  | (FaultTarget & { readonly kind: "reset"; readonly when: "before" | "after" })
  | (FaultTarget & { readonly kind: "http_error"; readonly status: number })
  | (FaultTarget & { readonly kind: "error"; readonly error: string })
  | (FaultTarget & { readonly kind: "slow"; readonly delayMs: number });

/** Which calls a fault hits. */
interface FaultTarget {
  /** A Web API method, `response_url`, `upload`, or `*` for all of them. */
  readonly method: string;
  /** The first call that is hit, counted from now; default 1. */
  readonly nth?: number | undefined;
  /** How many calls in a row are hit; default 1, Infinity for good. */
  readonly times?: number | undefined;
}

interface ArmedFault {
  readonly fault: SlackFault;
  seen: number;
}

/** Holds the faults that wait for their calls. */
export class FaultBook {
  readonly #armed = new Set<ArmedFault>();
  readonly #rejectedBlocks = new Map<string, number>();
  #acksToDrop = 0;

  /** Arms a fault; the returned function disarms it. */
  inject(fault: SlackFault): () => void {
    const armed = { fault, seen: 0 };
    this.#armed.add(armed);
    return () => {
      this.#armed.delete(armed);
    };
  }

  /** Counts a call and returns the fault that hits it, if any. */
  take(method: string): SlackFault | undefined {
    let hit: SlackFault | undefined;
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (fault.method !== "*" && fault.method !== method) continue;
      armed.seen += 1;
      const first = fault.nth ?? 1;
      const last = first + (fault.times ?? 1) - 1;
      if (armed.seen >= last) this.#armed.delete(armed);
      if (armed.seen >= first && armed.seen <= last) hit ??= fault;
    }
    return hit;
  }

  /** Makes every message with such a block fail as `invalid_blocks`, until the returned function is called. */
  rejectBlocks(type: string): () => void {
    this.#rejectedBlocks.set(type, (this.#rejectedBlocks.get(type) ?? 0) + 1);
    return () => {
      this.#rejectedBlocks.set(type, (this.#rejectedBlocks.get(type) ?? 1) - 1);
    };
  }

  rejects(type: string): boolean {
    return (this.#rejectedBlocks.get(type) ?? 0) > 0;
  }

  /** Loses the next acknowledgements on their way. */
  dropAcks(count: number): void {
    this.#acksToDrop += count;
  }

  /** Whether the acknowledgement that has just come is to be lost. */
  losesAck(): boolean {
    if (this.#acksToDrop === 0) return false;
    this.#acksToDrop -= 1;
    return true;
  }
}
