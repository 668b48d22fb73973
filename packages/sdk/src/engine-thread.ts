import { Worker } from "node:worker_threads";
import { type EngineFunctions, engineFunctions } from "./engine-functions.ts";
import { threadArguments } from "./thread-arguments.ts";

/** A function of the balancing engine, by name. */
export type EngineFunction = keyof EngineFunctions;

/** What the engine's thread is asked. */
export interface EngineCall {
  readonly id: number;
  readonly name: EngineFunction;
  readonly args: readonly unknown[];
}

/** What it answers. */
export type EngineAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: unknown };

/** Calls functions of the balancing engine where nothing else has to wait for them. */
export interface Engine {
  /** Returns what the function returns. Throws `signal.reason` when the signal is raised first. */
  run<Name extends EngineFunction>(
    name: Name,
    args: Parameters<EngineFunctions[Name]>,
    signal?: AbortSignal | undefined,
  ): Promise<ReturnType<EngineFunctions[Name]>>;
}

/** A snapshot of fewer guests is planned sooner than a thread is started. */
const SMALL = 100;

interface Waiting {
  readonly call: EngineCall;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * The engine in a thread of its own, started by the first call that is worth it. Planning a large cluster takes
 * seconds, in which a chat platform must be answered and a lease renewed.
 */
export class EngineThread implements Engine {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  async run<Name extends EngineFunction>(
    name: Name,
    args: Parameters<EngineFunctions[Name]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<EngineFunctions[Name]>> {
    signal?.throwIfAborted();
    const [{ guests }] = args;
    if (guests.length < SMALL) return Reflect.apply(engineFunctions[name], undefined, args);
    const id = ++this.#lastId;
    const stop = (): void => this.#giveUp(id, signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return (await this.#ask({ id, name, args })) as ReturnType<EngineFunctions[Name]>;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Stops the thread; calls under way are rejected. */
  async close(): Promise<void> {
    await this.#stop(new Error("The engine was closed while it was planning."));
  }

  #ask(call: EngineCall): Promise<unknown> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      // Throws, and so rejects, where an argument is no data; before anything waits for the thread.
      worker.postMessage(call);
      this.#waiting.set(call.id, { call, resolve, reject });
      worker.ref();
    });
  }

  #start(): Worker {
    // Beside this file as a source, and beside the bundle that this file has become part of.
    const file = import.meta.url.endsWith(".ts") ? "./engine-worker.ts" : "./engine-worker.js";
    const worker = new Worker(new URL(file, import.meta.url), { execArgv: threadArguments() });
    worker.unref();
    worker.on("message", (answer: EngineAnswer) => this.#settle(worker, answer));
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#worker = undefined;
      this.#rejectAll(error);
    });
    return worker;
  }

  #settle(worker: Worker, answer: EngineAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    // Nobody keeps a process alive for a thread that has nothing to do.
    if (this.#waiting.size === 0) worker.unref();
    if ("error" in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.value);
  }

  /** A computation cannot be interrupted: the thread is ended, and a new one takes over what others wait for. */
  #giveUp(id: number, reason: unknown): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.reject(reason);
    const ended = this.#worker;
    this.#worker = undefined;
    void ended?.terminate();
    if (this.#waiting.size === 0) return;
    const worker = this.#start();
    this.#worker = worker;
    worker.ref();
    for (const { call } of this.#waiting.values()) worker.postMessage(call);
  }

  async #stop(reason: unknown): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#rejectAll(reason);
    await worker?.terminate();
  }

  #rejectAll(reason: unknown): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(reason);
  }
}
