import { Worker } from "node:worker_threads";
import { Kappa4Error, type Outcome } from "@kappa4/connectors";
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

/** What a thread is started with. */
export interface StartThreadOptions extends EngineSettings {
  /** Is told when the thread has ended and nobody has asked it to. */
  readonly onLost?: ((error: Kappa4Error) => void) | undefined;
}

/** The embedded store's thread, seen from outside. */
export class StoreThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(payload: string) => void>>();
  readonly #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  #lastId = 0;
  readonly #onLost: ((error: Kappa4Error) => void) | undefined;
  #ended: Kappa4Error | undefined;
  #isClosing = false;

  private constructor({ onLost, ...settings }: StartThreadOptions) {
    this.#onLost = onLost;
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
  static async start(options: StartThreadOptions): Promise<StoreThread> {
    const thread = new StoreThread(options);
    await thread.#ready.promise;
    thread.#worker.unref();
    return thread;
  }

  /** Whether every further question is refused. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
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
    this.#isClosing = true;
    await this.ask({ kind: "close" });
    await this.#worker.terminate();
  }

  #hear(message: Message): void {
    if (message.kind === "ready") {
      this.#ready.resolve();
      return;
    }
    if (message.kind === "lost") {
      this.#end(undefined, notKept(message.reason));
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

  #end(cause: unknown, sentence: string = "The store has ended; start the program again."): void {
    if (this.#ended !== undefined) return;
    // What is asked from now on does nothing; what was under way may have been done.
    this.#ended = endOf(sentence, "not_applied", cause);
    const unknown = endOf(sentence, "unknown", cause);
    this.#ready.reject(cause ?? unknown);
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(unknown);
    if (!this.#isClosing) this.#onLost?.(unknown);
  }
}

function notKept(reason: string): string {
  return `The disk did not keep what the store wrote (${reason}), so the store has ended; look after the disk, then start the program again: what was said to be done is there, what was under way may be.`;
}

function endOf(message: string, outcome: Outcome, cause: unknown): Kappa4Error {
  return new Kappa4Error("unavailable", message, { cause, outcome, retryable: false });
}

/** The same class that `pg` throws, so that nobody has to ask which engine it was. */
function errorOf({ message, fields }: DatabaseFault): DatabaseError {
  return Object.assign(new DatabaseError(message, message.length, "error"), fields);
}
