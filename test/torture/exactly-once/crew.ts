import { setTimeout as sleep } from "node:timers/promises";
import type {
  CallOrder,
  CallResult,
  WorkerOrders,
} from "../../../packages/sdk/test/exactly-once/worker.ts";
import { GONE, Member } from "./member.ts";

/** Where a member is to be stopped, and how. */
export type Fuse = NonNullable<WorkerOrders["fuse"]>;

/** What a crew stands on. */
export interface CrewParts {
  readonly size: number;
  readonly orders: Omit<WorkerOrders, "fuse">;
  /** The cluster that the first member, and whoever follows it, has no connection to. Default: all have all. */
  readonly lacked: string | undefined;
  /** The next way to go wrong; undefined when all have had their turn. */
  nextFuse(): Fuse | undefined;
  /** A member is gone, or stands still. */
  onStopped(member: Member, signal: string): void;
}

const LOOK_MS = 20;

/** The processes of one trial: whoever is killed is followed by another one at once. */
export class Crew {
  /** How often members were stopped at each point. */
  readonly stopped = new Map<string, number>();
  /** How many of these stops were freezes. */
  frozen = 0;
  /** Every member that there was. */
  readonly all: Member[] = [];
  /** Calls that had to be made again because whoever was asked was gone. */
  repeated = 0;
  /** Rejects when a member has ended by itself. */
  readonly broken: Promise<never>;
  readonly #break: (error: Error) => void;
  readonly #parts: CrewParts;
  readonly #members: Member[];
  #isClosing = false;

  constructor(parts: CrewParts) {
    this.#parts = parts;
    const { promise, reject } = Promise.withResolvers<never>();
    this.broken = promise;
    this.#break = reject;
    this.#members = Array.from({ length: parts.size }, (_, at) => this.#start(at));
  }

  /**
   * Makes a call about a cluster of somebody who has it, again and again until somebody answers, as a client that gets no
   * answer does.
   */
  async call(which: number, order: Omit<CallOrder, "id">, cluster: string): Promise<CallResult> {
    for (let attempt = 0; ; attempt += 1) {
      const ready = this.#members.filter(({ isReady, isFrozen, clusters }) => {
        return isReady && !isFrozen && clusters.includes(cluster);
      });
      const member = ready[(which + attempt) % ready.length];
      const result = member === undefined ? GONE : await member.call(order);
      if (result !== GONE && result.error?.isPassing !== true) return result;
      if (member !== undefined) this.repeated += 1;
      await sleep(LOOK_MS);
    }
  }

  /** Counts those who were stopped after they had taken a run up. */
  stopsOf(run: string): number {
    return this.all.filter(({ isStopped, runs }) => isStopped && runs.has(run)).length;
  }

  /** Ends them all. */
  close(): void {
    this.#isClosing = true;
    for (const member of this.#members) member.signal("SIGKILL");
  }

  #start(at: number): Member {
    const { orders, lacked, nextFuse, onStopped } = this.#parts;
    const clusters = orders.clusters.filter((cluster) => at > 0 || cluster !== lacked);
    const member: Member = new Member(
      { ...orders, clusters, fuse: nextFuse() },
      {
        onFuse: (_member, signal, point) => {
          this.stopped.set(point, (this.stopped.get(point) ?? 0) + 1);
          if (signal !== "SIGSTOP") return;
          this.frozen += 1;
          onStopped(member, signal);
        },
        onEnd: (_member, signal, code) => {
          if (this.#isClosing) return;
          if (signal !== "SIGKILL") {
            return this.#break(new Error(`a worker ended by itself: ${signal ?? code}`));
          }
          if (!member.isFrozen) onStopped(member, "SIGKILL");
          this.#members[at] = this.#start(at);
        },
      },
    );
    this.all.push(member);
    return member;
  }
}
