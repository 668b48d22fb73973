import type { Logger } from "@kappa4/connectors";
import { PutOffError } from "./put-off.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** One attempt at a job: whoever has a later one makes this one worth nothing. */
export interface JobAttempt {
  readonly id: string;
  readonly retryCount: number;
}

/** A job that this process has taken. */
export interface TakenJob<Data> extends JobAttempt {
  readonly data: Data;
}

/** A job that is given back. */
export interface LeftJob extends JobAttempt {
  /** So long nobody is to take it; 0 for a job that is anybody's at once. */
  readonly forMs: number;
}

/** What a dispatcher asks of the queue, for several jobs at once. */
export interface Jobs<Data> {
  /** Takes at most so many. */
  fetch(most: number): Promise<readonly TakenJob<Data>[]>;
  complete(jobs: readonly JobAttempt[]): Promise<void>;
  /** Gives jobs back, for anybody to take. */
  giveBack(jobs: readonly LeftJob[]): Promise<void>;
  /** Says that they are worked on; returns every attempt that is under way anywhere. */
  keep(jobs: readonly JobAttempt[]): Promise<readonly JobAttempt[]>;
}

/** What a dispatcher stands on. */
export interface DispatcherParts<Data> {
  readonly jobs: Jobs<Data>;
  readonly stopwatch: Stopwatch;
  readonly logger: Logger;
  /** Jobs under way at the same time. */
  readonly atOnce: number;
  /** Does a job; `signal` is raised when it is somebody else's by now. A job whose handler throws is given back. */
  handle(data: Data, signal: AbortSignal): Promise<void>;
}

/** How often is looked for jobs when nobody says that there are any. */
const LOOK_MS = 1_000;
/** What was left and does not come back for so long has gone on elsewhere. */
const FORGET_MS = 60_000;
/** How often the queue hears that a job is worked on. */
const KEEP_MS = 2_000;

interface Underway<Data> extends TakenJob<Data> {
  readonly lost: AbortController;
}

/**
 * Takes jobs as there is room for them, several with one statement, and hands each on. The queue's own workers take
 * one each time that they look, or wait until the slowest of a batch is done.
 */
export class Dispatcher<Data> {
  readonly #parts: DispatcherParts<Data>;
  readonly #underway = new Map<string, Underway<Data>>();
  readonly #done: JobAttempt[] = [];
  readonly #left: LeftJob[] = [];
  /** Why jobs were left when that was last told: what stands in the way for long is told once. */
  readonly #told = new Map<string, { readonly why: string; readonly at: number }>();
  #isWanted = true;
  #isClosing = false;
  #bell = Promise.withResolvers<void>();
  readonly #stopKeeping: () => void;
  readonly #loop: Promise<void>;

  constructor(parts: DispatcherParts<Data>) {
    this.#parts = parts;
    this.#stopKeeping = parts.stopwatch.every(KEEP_MS, () => void this.#keep());
    this.#loop = this.#run();
  }

  /** Looks for jobs at once. */
  wake(): void {
    this.#isWanted = true;
    this.#ring();
  }

  /** Takes no more, waits at most so long for those under way, and gives back what is not done by then. */
  async close(patienceMs: number): Promise<void> {
    this.#isClosing = true;
    this.wake();
    const until = this.#parts.stopwatch.now() + patienceMs;
    while (this.#underway.size > 0 && this.#parts.stopwatch.now() < until) {
      await this.#rest(this.#bell.promise);
    }
    for (const job of this.#underway.values()) this.#left.push({ ...job, forMs: 0 });
    this.#underway.clear();
    this.#stopKeeping();
    await this.#loop;
    await this.#settle();
  }

  async #run(): Promise<void> {
    while (!this.#isClosing) {
      const { promise: called } = this.#bell;
      try {
        await this.#settle();
        if (this.#isWanted) await this.#fetch();
      } catch (error) {
        this.#parts.logger.warn({ error }, "the queue of runs does not answer");
        this.#isWanted = false;
      }
      if (!this.#isWanted && !this.#isClosing) await this.#rest(called);
    }
  }

  /** Until somebody calls, a job ends, or it is time to look. */
  async #rest(called: Promise<void>): Promise<void> {
    const stop = this.#parts.stopwatch.every(LOOK_MS, () => this.wake());
    await called;
    stop();
  }

  #ring(): void {
    this.#bell.resolve();
    this.#bell = Promise.withResolvers();
  }

  async #fetch(): Promise<void> {
    this.#isWanted = false;
    const room = this.#parts.atOnce - this.#underway.size;
    if (room <= 0 || this.#isClosing) return;
    const taken = await this.#parts.jobs.fetch(room);
    // There may be more than there was room for.
    if (taken.length === room) this.#isWanted = true;
    for (const job of taken) void this.#do({ ...job, lost: new AbortController() });
  }

  async #do(job: Underway<Data>): Promise<void> {
    const { handle } = this.#parts;
    this.#underway.set(job.id, job);
    let isDone = false;
    let forMs = 0;
    try {
      await handle(job.data, job.lost.signal);
      isDone = true;
    } catch (error) {
      if (error instanceof PutOffError) forMs = error.forMs;
      this.#tellLeft(job, error);
    }
    if (isDone) this.#told.delete(job.id);
    // Somebody else's by now, or given back already.
    if (this.#underway.get(job.id) !== job) return;
    this.#underway.delete(job.id);
    if (isDone) this.#done.push(job);
    else this.#left.push({ ...job, forMs });
    // What was left is given back at once, and not taken up again before the next look: it is for others first.
    if (isDone || this.#isClosing) this.wake();
    else this.#ring();
  }

  #tellLeft({ id, data }: Underway<Data>, error: unknown): void {
    const [why, at] = [String(error), this.#parts.stopwatch.now()];
    for (const [other, told] of this.#told) {
      if (at - told.at >= FORGET_MS) this.#told.delete(other);
    }
    const isTold = this.#told.get(id)?.why === why;
    this.#told.set(id, { why, at });
    if (isTold) return;
    this.#parts.logger.info({ job: data, error }, "a run was left to be gone on with");
  }

  /** Tells the queue what became of jobs; what it does not take in is told again. */
  async #settle(): Promise<void> {
    const { jobs } = this.#parts;
    await tell(this.#done, (done) => jobs.complete(done));
    await tell(this.#left, (left) => jobs.giveBack(left));
  }

  async #keep(): Promise<void> {
    const asked = [...this.#underway.values()];
    if (asked.length === 0) return;
    try {
      const kept = new Map(
        (await this.#parts.jobs.keep(asked)).map((job) => [job.id, job.retryCount]),
      );
      for (const job of asked) if (kept.get(job.id) !== job.retryCount) this.#lose(job);
    } catch (error) {
      this.#parts.logger.warn({ error }, "the queue of runs could not be told what is worked on");
    }
  }

  #lose(job: Underway<Data>): void {
    if (this.#underway.get(job.id) !== job) return;
    this.#underway.delete(job.id);
    job.lost.abort(new Error("another worker has taken this job over"));
    this.wake();
  }
}

/** Takes out of a list what was told; more may come in meanwhile. */
async function tell<Job extends JobAttempt>(
  list: Job[],
  telling: (jobs: readonly Job[]) => Promise<void>,
): Promise<void> {
  const told = [...list];
  if (told.length === 0) return;
  await telling(told);
  list.splice(0, told.length);
}
