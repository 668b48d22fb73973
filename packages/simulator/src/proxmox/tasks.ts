import type { SimulatedClock } from "./clock.ts";
import type { Random } from "./random.ts";

/**
 * The steps of a worker: it yields how many simulated milliseconds pass until the next step, throws what the task
 * dies of, and may return an exit status other than `OK`.
 */
export type Work = Generator<number, string | undefined, undefined>;

/** What is known about a task, named as Proxmox VE names it. */
export interface Task {
  readonly upid: string;
  readonly node: string;
  readonly pid: number;
  readonly pstart: number;
  /** Seconds since the epoch. */
  readonly starttime: number;
  readonly type: string;
  readonly id: string;
  /** `user@realm` or `user@realm!token`. */
  readonly user: string;
  readonly log: readonly string[];
  readonly exitstatus: string | undefined;
  readonly endtime: number | undefined;
}

/** What a worker may do with its own task. */
export interface TaskHandle {
  readonly upid: string;
  /** Appends a line to the log. */
  log(line: string): void;
  /** Appends a line that starts with date and time. */
  logTimed(line: string): void;
  /** Makes the task end with `WARNINGS: n`. */
  warn(line: string): void;
  /** Runs something whatever way the task ends, also when its node is lost. */
  onEnd(run: () => void): void;
}

/** What a new task is called. */
export interface TaskSubject {
  readonly node: string;
  readonly type: string;
  readonly id: string;
  readonly user: string;
}

// What a task that was told to stop dies of.
class Interrupted extends Error {
  constructor() {
    super("interrupted by signal");
  }
}

interface Running extends TaskSubject {
  readonly upid: string;
  readonly pid: number;
  readonly pstart: number;
  readonly starttime: number;
  readonly log: string[];
  exitstatus: string | undefined;
  endtime: number | undefined;
  warnings: number;
  work: Work | undefined;
  cancelStep: () => void;
  readonly endings: (() => void)[];
  readonly finished: ((exitstatus: string) => void) | undefined;
}

const ARCHIVE_LIMIT = 2000;

/** All tasks of all nodes, oldest first. */
export class Tasks {
  readonly #tasks = new Map<string, Running>();
  readonly #clock: SimulatedClock;
  readonly #random: Random;
  readonly #startedAt: number;

  constructor(clock: SimulatedClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#startedAt = clock.now();
  }

  /** Starts a worker and returns its UPID at once; `finished` hears the exit status. */
  start(
    subject: TaskSubject,
    work: (task: TaskHandle) => Work,
    finished?: (exitstatus: string) => void,
  ): string {
    const pid = this.#random.integer(1000, 4_000_000);
    const pstart =
      70_000_000 + Math.floor((this.#clock.now() - this.#startedAt) / 10) + this.#tasks.size;
    const starttime = this.#clock.seconds();
    const numbers = [pid, pstart, starttime].map(hexadecimal).join(":");
    const upid = `UPID:${subject.node}:${numbers}:${subject.type}:${subject.id}:${subject.user}:`;
    const running: Running = {
      ...subject,
      upid,
      pid,
      pstart,
      starttime,
      log: [],
      exitstatus: undefined,
      endtime: undefined,
      warnings: 0,
      work: undefined,
      cancelStep: () => undefined,
      endings: [],
      finished,
    };
    this.#tasks.set(upid, running);
    this.#forgetOldest();
    running.work = work(this.#handle(running));
    running.cancelStep = this.#clock.after(0, () => this.#step(running));
    return upid;
  }

  /** Finds a task by UPID. */
  find(upid: string): Task | undefined {
    return this.#tasks.get(upid);
  }

  /** Lists tasks, oldest first. */
  list(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  /** Tells a running task to stop, as the stop button does. */
  stop(upid: string): void {
    const running = this.#tasks.get(upid);
    if (!running?.work) return;
    running.cancelStep();
    this.#resume(running, () => running.work?.throw(new Interrupted()));
  }

  /** The node is gone: its workers vanish in the middle of what they did, and nothing cleans up. */
  loseNode(node: string): void {
    for (const running of this.#running(node)) {
      running.cancelStep();
      running.work = undefined;
      runAll(running.endings);
    }
  }

  /** The node is back: what was running there turns out to have ended without a status. */
  recoverNode(node: string): void {
    for (const running of this.#tasks.values()) {
      if (running.node !== node || running.exitstatus !== undefined || running.work) continue;
      this.#close(running, "unexpected status");
    }
  }

  #running(node: string): Running[] {
    return [...this.#tasks.values()].filter((task) => task.node === node && task.work);
  }

  #step(running: Running): void {
    this.#resume(running, () => running.work?.next());
  }

  #resume(
    running: Running,
    advance: () => IteratorResult<number, string | undefined> | undefined,
  ): void {
    try {
      const result = advance();
      if (!result) return;
      if (!result.done) {
        running.cancelStep = this.#clock.after(result.value, () => this.#step(running));
        return;
      }
      this.#end(running, result.value ?? warningsOf(running) ?? "OK");
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#end(running, error.message);
    }
  }

  #end(running: Running, exitstatus: string): void {
    const isGood = exitstatus === "OK" || exitstatus.startsWith("WARNINGS");
    running.log.push(isGood ? `TASK ${exitstatus}` : `TASK ERROR: ${exitstatus}`);
    running.work = undefined;
    this.#close(running, exitstatus);
    runAll(running.endings);
    running.finished?.(exitstatus);
  }

  #close(running: Running, exitstatus: string): void {
    running.exitstatus = exitstatus;
    running.endtime = this.#clock.seconds();
  }

  #handle(running: Running): TaskHandle {
    const clock = this.#clock;
    const logTimed = (line: string): void => {
      running.log.push(`${timestamp(clock.now())} ${line}`);
    };
    return {
      upid: running.upid,
      log: (line) => running.log.push(line),
      logTimed,
      warn: (line) => {
        running.warnings += 1;
        running.log.push(`WARN: ${line}`);
      },
      onEnd: (run) => running.endings.push(run),
    };
  }

  #forgetOldest(): void {
    if (this.#tasks.size <= ARCHIVE_LIMIT) return;
    for (const [upid, task] of this.#tasks) {
      if (task.exitstatus === undefined) continue;
      this.#tasks.delete(upid);
      return;
    }
  }
}

// Date and time as task logs print them, in UTC.
function timestamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

function warningsOf(running: Running): string | undefined {
  return running.warnings > 0 ? `WARNINGS: ${running.warnings}` : undefined;
}

function hexadecimal(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, "0");
}

function runAll(endings: (() => void)[]): void {
  for (const run of endings.splice(0)) run();
}
