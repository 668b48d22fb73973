import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type {
  CallOrder,
  CallResult,
  WorkerOrders,
} from "../../../packages/sdk/test/exactly-once/worker.ts";

/** What a crew hears of one of its members. */
export interface MemberEvents {
  /** It has reached the point at which it was to be killed or frozen. */
  onFuse(member: Member, signal: string, point: string): void;
  onEnd(member: Member, signal: NodeJS.Signals | null, code: number | null): void;
}

/** Whoever was asked was gone, or stood still, before it answered: the same is to be asked again. */
export const GONE = "gone";

type Unnumbered = Omit<CallOrder, "id">;

const script = fileURLToPath(
  new URL("../../../packages/sdk/test/exactly-once/worker.ts", import.meta.url),
);
let lastId = 0;

/** One process of Kappa4, seen from its parent. */
export class Member {
  readonly pid: number;
  /** Those it has a connection to. */
  readonly clusters: readonly string[];
  readonly startedAt: number = performance.now();
  isReady = false;
  isFrozen = false;
  /** Whether it was killed or frozen. */
  isStopped = false;
  /** Short ids of the runs that it took up. */
  readonly runs: Set<string> = new Set();
  /** Clusters that it holds. */
  held = 0;
  /** When its store was open, and when it took its first lease, in milliseconds after its start. */
  openMs: number | undefined;
  firstLeaseMs: number | undefined;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (result: CallResult | typeof GONE) => void>();

  constructor(orders: WorkerOrders, events: MemberEvents) {
    this.#child = spawn(
      process.execPath,
      ["--conditions=@kappa4/source", script, JSON.stringify(orders)],
      { stdio: ["ignore", "pipe", "inherit", "ipc"] },
    );
    this.pid = this.#child.pid ?? 0;
    this.clusters = orders.clusters;
    this.#child.on("message", (result: CallResult) => {
      this.#waiting.get(result.id)?.(result);
      this.#waiting.delete(result.id);
    });
    this.#child.on("close", (code, signal) => {
      this.#giveUp();
      events.onEnd(this, signal, code);
    });
    if (this.#child.stdout === null) throw new Error("A worker has no standard output.");
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const [word = "", ...rest] = line.split(" ");
      if (word === "open") this.openMs = performance.now() - this.startedAt;
      if (word === "ready") this.isReady = true;
      if (word === "up") this.runs.add(rest.join(" "));
      if (word === "held") {
        this.held += 1;
        this.firstLeaseMs ??= performance.now() - this.startedAt;
      }
      if (word === "free") this.held -= 1;
      if (!word.startsWith("SIG")) return;
      this.isStopped = true;
      if (word === "SIGSTOP") {
        this.isFrozen = true;
        this.#giveUp();
      }
      events.onFuse(this, word, rest.join(" "));
    });
  }

  /** Asks it to make a call. */
  call(order: Unnumbered): Promise<CallResult | typeof GONE> {
    lastId += 1;
    const id = lastId;
    const { promise, resolve } = Promise.withResolvers<CallResult | typeof GONE>();
    this.#waiting.set(id, resolve);
    this.#child.send({ ...order, id }, (error) => {
      if (error !== null) resolve(GONE);
    });
    return promise;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #giveUp(): void {
    for (const resolve of this.#waiting.values()) resolve(GONE);
    this.#waiting.clear();
  }
}
