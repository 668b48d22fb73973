import { performance } from "node:perf_hooks";

/** Undoes what a {@link SimulatedClock} was asked to do later. */
export type Cancel = () => void;

/** Options of {@link SimulatedClock}. */
export interface SimulatedClockOptions {
  /** Milliseconds since the epoch at which the clock starts. */
  readonly startAt: number;
  /** Simulated seconds per real second; undefined makes time stand still until `advance` is called. */
  readonly timeScale?: number | undefined;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time of the simulated cluster: either moved by hand, or real time multiplied. Everything due runs in order. */
export class SimulatedClock {
  /** Called with the instant right before each piece of work that is due. */
  beforeWork: (now: number) => void = () => undefined;

  readonly #scale: number | undefined;
  readonly #queue: Entry[] = [];
  #now: number;
  #anchor: number;
  #order = 0;
  #working = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SimulatedClockOptions) {
    this.#now = options.startAt;
    this.#scale = options.timeScale;
    this.#anchor = performance.now();
  }

  /** Whether time only moves when `advance` is called. */
  get isVirtual(): boolean {
    return this.#scale === undefined;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#now;
  }

  /** The current second since the epoch, as Proxmox VE prints times. */
  seconds(): number {
    return Math.floor(this.#now / 1000);
  }

  /** Runs something after a delay in simulated milliseconds. */
  after(delayMs: number, run: () => void): Cancel {
    const entry: Entry = { at: this.#now + Math.max(0, delayMs), order: this.#order++, run };
    let index = this.#queue.length;
    while (index > 0 && isLater(this.#queue[index - 1], entry)) index--;
    this.#queue.splice(index, 0, entry);
    if (index === 0 && !this.#working) this.#arm();
    return () => {
      const at = this.#queue.indexOf(entry);
      if (at >= 0) this.#queue.splice(at, 1);
    };
  }

  /** Moves time forward and runs everything that becomes due on the way. */
  advance(ms: number): void {
    if (this.#scale !== undefined) this.#anchor -= ms / this.#scale;
    this.#runUntil(this.#scale === undefined ? this.#now + ms : this.#target());
  }

  /** Brings a running clock up to the present; does nothing to one that is moved by hand. */
  catchUp(): void {
    if (this.#scale !== undefined) this.#runUntil(this.#target());
  }

  /** Waits in real time for a length of simulated time; one that is moved by hand counts real milliseconds. */
  async hold(ms: number): Promise<void> {
    if (ms <= 0) return;
    // Nobody is worth staying alive for once the listeners are closed.
    await new Promise((resolve) => setTimeout(resolve, ms / (this.#scale ?? 1)).unref());
  }

  /** Forgets everything that was planned. */
  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    clearTimeout(this.#timer);
  }

  #target(): number {
    const passed = (performance.now() - this.#anchor) * (this.#scale ?? 0);
    this.#anchor = performance.now();
    return this.#now + passed;
  }

  #runUntil(target: number): void {
    if (this.#working || this.#closed) return;
    this.#working = true;
    try {
      for (let next = this.#queue[0]; next && next.at <= target; next = this.#queue[0]) {
        this.#queue.shift();
        this.#now = Math.max(this.#now, next.at);
        this.beforeWork(this.#now);
        next.run();
      }
      this.#now = Math.max(this.#now, target);
    } finally {
      this.#working = false;
      this.#arm();
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#queue[0];
    if (this.#scale === undefined || this.#closed || !next) return;
    const passed = (performance.now() - this.#anchor) * this.#scale;
    const wait = (next.at - this.#now - passed) / this.#scale;
    this.#timer = setTimeout(() => this.catchUp(), Math.min(Math.max(0, wait), 2 ** 30));
  }
}

function isLater(a: Entry | undefined, b: Entry): boolean {
  return a !== undefined && (a.at > b.at || (a.at === b.at && a.order > b.order));
}
