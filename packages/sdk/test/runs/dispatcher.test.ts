import { describe, expect, it } from "vitest";
import {
  Dispatcher,
  type JobAttempt,
  type Jobs,
  type LeftJob,
  type TakenJob,
} from "../../src/runs/dispatcher.ts";
import { PutOffError } from "../../src/runs/put-off.ts";
import { handStopwatch } from "./hand-stopwatch.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A queue in memory: what waits, what is under way, and what has become of it. */
class MemoryJobs implements Jobs<string> {
  waiting: TakenJob<string>[] = [];
  readonly active = new Map<string, number>();
  readonly completed: string[] = [];
  readonly left: LeftJob[] = [];
  fetches = 0;
  isAway = false;

  put(...names: readonly string[]): void {
    for (const name of names) this.waiting.push({ id: name, retryCount: 0, data: name });
  }

  async fetch(most: number): Promise<readonly TakenJob<string>[]> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#answer();
    this.fetches += 1;
    const taken = this.waiting.splice(0, most);
    for (const { id, retryCount } of taken) this.active.set(id, retryCount);
    return taken;
  }

  async complete(jobs: readonly JobAttempt[]): Promise<void> {
    this.#answer();
    for (const { id } of jobs) {
      this.active.delete(id);
      this.completed.push(id);
    }
  }

  async giveBack(jobs: readonly LeftJob[]): Promise<void> {
    this.#answer();
    this.left.push(...jobs);
    for (const { id, retryCount } of jobs) {
      if (this.active.get(id) !== retryCount) continue;
      this.active.delete(id);
      this.waiting.push({ id, retryCount: retryCount + 1, data: id });
    }
  }

  async keep(): Promise<readonly JobAttempt[]> {
    this.#answer();
    return [...this.active].map(([id, retryCount]) => ({ id, retryCount }));
  }

  #answer(): void {
    if (this.isAway) throw new Error("the store is away");
  }
}

describe("Dispatcher", () => {
  it("works off what waits, many with each look, and no more at once than it may", async () => {
    const jobs = new MemoryJobs();
    jobs.put(...Array.from({ length: 100 }, (_, at) => `job ${at}`));
    let underway = 0;
    let most = 0;
    const handle = async () => {
      underway += 1;
      most = Math.max(most, underway);
      await settled();
      underway -= 1;
    };
    const stopwatch = handStopwatch();
    const dispatcher = new Dispatcher({ jobs, stopwatch, logger, atOnce: 10, handle });
    while (jobs.completed.length < 100) await settled();
    expect(most).toBe(10);
    expect(jobs.fetches).toBeLessThan(60);
    await dispatcher.close(0);
  });

  it("does not let a long job keep others waiting", async () => {
    const jobs = new MemoryJobs();
    jobs.put("long", "one", "two", "three");
    const gate = Promise.withResolvers<void>();
    const handle = (name: string) => (name === "long" ? gate.promise : Promise.resolve());
    const dispatcher = new Dispatcher({
      ...{ jobs, logger, handle },
      stopwatch: handStopwatch(),
      atOnce: 2,
    });
    await settled();
    expect(jobs.completed).toEqual(["one", "two", "three"]);
    gate.resolve();
    await settled();
    expect(jobs.completed).toContain("long");
    await dispatcher.close(0);
  });

  it("tries a job again that was left undone, not before its next look", async () => {
    const jobs = new MemoryJobs();
    jobs.put("one");
    let attempts = 0;
    const handle = async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("not now");
    };
    const stopwatch = handStopwatch();
    const dispatcher = new Dispatcher({ jobs, stopwatch, logger, atOnce: 2, handle });
    await settled();
    expect(attempts).toBe(1);
    stopwatch.advance(1_000);
    await settled();
    expect(jobs.completed).toEqual(["one"]);
    await dispatcher.close(0);
  });

  it("gives back at once what it cannot do, for others before itself, and says so once", async () => {
    const jobs = new MemoryJobs();
    jobs.put("one");
    let attempts = 0;
    const handle = async () => {
      attempts += 1;
      throw new Error("nobody here knows it");
    };
    const told: unknown[] = [];
    const info = (fields: object): void => void told.push(fields);
    const stopwatch = handStopwatch();
    const dispatcher = new Dispatcher({
      ...{ jobs, handle, atOnce: 2 },
      ...{ stopwatch, logger: { ...logger, info } },
    });
    for (const looks of [1, 2, 3]) {
      await settled();
      expect([attempts, jobs.active.size]).toEqual([looks, 0]);
      expect(jobs.waiting).toMatchObject([{ id: "one", retryCount: looks }]);
      stopwatch.advance(1_000);
    }
    await settled();
    expect(told).toMatchObject([{ job: "one" }]);
    // Others had it meanwhile, and gave it back: that is news.
    jobs.waiting = [];
    stopwatch.advance(60_000);
    jobs.put("one");
    stopwatch.advance(1_000);
    await settled();
    expect(told).toMatchObject([{ job: "one" }, { job: "one" }]);
    await dispatcher.close(0);
  });

  it("says of a job that is put off for how long nobody is to take it", async () => {
    const jobs = new MemoryJobs();
    jobs.put("one", "two");
    const handle = async (name: string) => {
      throw name === "one" ? new PutOffError("something is in its way", 10_000) : new Error("no");
    };
    const stopwatch = handStopwatch();
    const dispatcher = new Dispatcher({ jobs, stopwatch, logger, atOnce: 3, handle });
    await settled();
    expect(jobs.left).toMatchObject([
      { id: "one", forMs: 10_000 },
      { id: "two", forMs: 0 },
    ]);
    await dispatcher.close(0);
  });

  it("tells whoever works on a job that somebody else has it by now, and says no more about it", async () => {
    const jobs = new MemoryJobs();
    jobs.put("one");
    let lost: AbortSignal | undefined;
    const gate = Promise.withResolvers<void>();
    const handle = (_name: string, signal: AbortSignal) => {
      lost = signal;
      return gate.promise;
    };
    const stopwatch = handStopwatch();
    const dispatcher = new Dispatcher({ jobs, stopwatch, logger, atOnce: 2, handle });
    await settled();
    jobs.active.set("one", 1);
    stopwatch.advance(2_000);
    await settled();
    expect(lost?.aborted).toBe(true);
    gate.resolve();
    await settled();
    stopwatch.advance(2_000);
    await settled();
    expect(jobs.completed).toEqual([]);
    expect(jobs.active.get("one")).toBe(1);
    await dispatcher.close(0);
  });

  it("says that a job is done when the queue is back that was away", async () => {
    const jobs = new MemoryJobs();
    jobs.put("one");
    const gate = Promise.withResolvers<void>();
    const stopwatch = handStopwatch();
    const handle = () => gate.promise;
    const dispatcher = new Dispatcher({ jobs, stopwatch, logger, atOnce: 2, handle });
    await settled();
    jobs.isAway = true;
    gate.resolve();
    await settled();
    stopwatch.advance(3_000);
    await settled();
    expect(jobs.completed).toEqual([]);
    jobs.isAway = false;
    stopwatch.advance(1_000);
    await settled();
    expect(jobs.completed).toEqual(["one"]);
    await dispatcher.close(0);
  });

  it("gives back at its end what is not done, once its patience is over", async () => {
    const jobs = new MemoryJobs();
    jobs.put("one");
    const stopwatch = handStopwatch();
    const handle = () => new Promise<void>(() => {});
    const dispatcher = new Dispatcher({ jobs, stopwatch, logger, atOnce: 2, handle });
    await settled();
    const closing = dispatcher.close(5_000);
    await settled();
    expect(jobs.active.size).toBe(1);
    stopwatch.advance(5_000);
    await closing;
    expect(jobs.waiting).toMatchObject([{ id: "one", retryCount: 1 }]);
  });
});
