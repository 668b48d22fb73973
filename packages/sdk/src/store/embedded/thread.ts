import { Worker } from "node:worker_threads";
import { Kappa4Error } from "@kappa4/connectors";
import { DatabaseError } from "pg";
import { threadArguments } from "../../thread-arguments.ts";
import type { EngineSettings } from "./engine.ts";
import type { DatabaseFault, Message, Request } from "./messages.ts";

type Unnumbered<Of> = Of extends unknown ? Omit<Of, "id"> : never;
/** A request before it has a number. */
export type Ask = Unnumbered<Request>;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The embedded store's thread, seen from outside. */
export class StoreThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(payload: string) => void>>();
  readonly #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  #lastId = 0;
  #ended: Error | undefined;

  private constructor(settings: EngineSettings) {
    // Beside the sources of this package, and beside the bundle that this file has become part of.
    const file = import.meta.url.endsWith(".ts") ? "../../store-worker.ts" : "./store-worker.js";
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData: settings,
      execArgv: threadArguments(),
    });
    this.#worker.on("message", (message: Message) => this.#hear(message));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(undefined));
  }

  /** Starts the thread and waits until the database answers. */
  static async start(settings: EngineSettings): Promise<StoreThread> {
    const thread = new StoreThread(settings);
    await thread.#ready.promise;
    thread.#worker.unref();
    return thread;
  }

  /** Resolves to what the thread answers. Throws `unavailable` when it has ended. */
  ask(request: Ask): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.ref();
    this.#worker.postMessage({ ...request, id });
    return promise;
  }

  /** Calls back for every notification on the channel until the returned function is called. */
  async listen(
    channel: string,
    onPayload: (payload: string) => void,
  ): Promise<() => Promise<void>> {
    const known = this.#listeners.get(channel);
    const listeners = known ?? new Set();
    listeners.add(onPayload);
    this.#listeners.set(channel, listeners);
    if (known === undefined) await this.ask({ kind: "listen", channel });
    return async () => {
      listeners.delete(onPayload);
      if (listeners.size > 0 || this.#ended !== undefined) return;
      this.#listeners.delete(channel);
      await this.ask({ kind: "unlisten", channel });
    };
  }

  /** Closes the database and ends the thread. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    await this.ask({ kind: "close" });
    await this.#worker.terminate();
  }

  #hear(message: Message): void {
    if (message.kind === "ready") {
      this.#ready.resolve();
      return;
    }
    if (message.kind === "notification") {
      for (const tell of this.#listeners.get(message.channel) ?? []) tell(message.payload);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    // Nobody keeps a process alive for a store that is asked nothing.
    if (this.#waiting.size === 0) this.#worker.unref();
    if (message.kind === "answer") waiting?.resolve(message.value);
    else waiting?.reject(errorOf(message.fault));
  }

  #end(cause: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = new Kappa4Error(
      "unavailable",
      "The store has ended; start the program again to open it.",
      { cause, outcome: "unknown" },
    );
    this.#ready.reject(cause ?? this.#ended);
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(this.#ended);
  }
}

/** The same class that `pg` throws, so that nobody has to ask which engine it was. */
function errorOf({ message, fields }: DatabaseFault): DatabaseError {
  return Object.assign(new DatabaseError(message, message.length, "error"), fields);
}
