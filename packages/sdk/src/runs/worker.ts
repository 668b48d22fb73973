import { hostname } from "node:os";
import type { Id } from "../ids.ts";
import { OURSELVES } from "../ourselves.ts";
import { lookAfterAbandoned } from "./abandoned.ts";
import { type ExecuteParts, executeRun } from "./execute.ts";
import type { RunQueue } from "./queue.ts";

/** A worker that carries out the runs that wait. */
export interface Worker {
  /** Tells of runs that nobody goes on with and that are none of this worker's, and ends those that are to stop. */
  lookAfterAbandoned(orgs: readonly Id<"org">[]): Promise<void>;
  /** Begins nothing more; what is under way at the outside systems is left to whoever opens the store next. */
  close(): Promise<void>;
}

/** What a worker is made of. */
export interface WorkerParts extends Omit<ExecuteParts, "closing" | "holder"> {
  /** Names of the actions that it finds: runs of others are left to who knows them. */
  readonly actions: readonly string[];
}

/** Starts to work on the queue. */
export async function startWorker(
  queue: RunQueue,
  { actions, ...parts }: WorkerParts,
): Promise<Worker> {
  const closing = new AbortController();
  const holder = `${hostname()}:${process.pid}`;
  const all = { ...parts, holder, closing: closing.signal };
  const connections = [OURSELVES.connection, ...parts.systems.names];
  await queue.work({ connections, actions }, (job, signal) =>
    executeRun(all, job, AbortSignal.any([signal, closing.signal])),
  );
  return {
    lookAfterAbandoned: lookAfterAbandoned({ ...all, connections }),
    async close() {
      closing.abort(new Error("this process is being closed"));
      await queue.close();
    },
  };
}
