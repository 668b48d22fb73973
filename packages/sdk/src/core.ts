import { type Clock, type Hide, Kappa4Error, type Logger, redactText } from "@kappa4/connectors";
import type { Caller } from "./actions/actor.ts";
import type { Systems } from "./actions/context.ts";
import type { Action } from "./actions/define.ts";
import { Pipeline } from "./actions/pipeline.ts";
import type { Self } from "./actions/self.ts";
import type { PolicyOverride } from "./approvals/index.ts";
import { bringPolicy } from "./approving/bring-policy.ts";
import { knownRunAction } from "./approving/run-action-of.ts";
import type { NoteSigner } from "./audit/index.ts";
import type { Engine } from "./engine-thread.ts";
import type { RunQueue } from "./runs/queue.ts";
import { stopwatch as machine, type Stopwatch } from "./runs/stopwatch.ts";
import type { Worker } from "./runs/worker.ts";
import type { OpenStoreOptions, Store } from "./store/index.ts";

/** What the core stands on. */
export interface CoreParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly systems: Systems;
  readonly engine: Engine;
  readonly self: Self;
  readonly store: OpenStoreOptions;
  /** How approvals differ from the usual, by configuration. */
  readonly policy: PolicyOverride | undefined;
  /** What signs checkpoints of the audit record. Default: nothing does. */
  readonly signer?: NoteSigner | undefined;
  /** Every action by its name. */
  readonly actions: ReadonlyMap<string, Action>;
  /** Hides what nobody may type into an input. Default: what looks like a secret. */
  readonly hide?: Hide | undefined;
  /** Default: the machine's own. */
  readonly stopwatch?: Stopwatch | undefined;
  /** When it begins to work on what waits. Default: with the first call that makes or changes something. */
  readonly work?: "with_changes" | "when_started" | undefined;
}

/** What works on runs while the store is open. */
interface Work {
  readonly worker: Worker;
  stopChores(): Promise<void>;
}

/** Store, queue and worker, each opened when it is first needed, and the pipeline over them. */
export class Core {
  readonly pipeline: Pipeline;
  readonly #parts: CoreParts;
  readonly #listeners = new Set<() => void>();
  #isClosed = false;
  /** Whether it was said that the store was not looked at: once is enough. */
  #isTold = false;
  #store: Promise<Store> | undefined;
  #queue: Promise<RunQueue> | undefined;
  #work: Promise<Work> | undefined;

  constructor(parts: CoreParts) {
    this.#parts = parts;
    const { clock, logger, systems, engine, self, actions, hide = redactText } = parts;
    this.pipeline = new Pipeline({
      clock,
      logger,
      systems,
      engine,
      self,
      hide,
      store: () => this.store(),
      storeIfThere: () => this.storeIfThere(),
      queue: () => this.queue(),
      changed: () => this.#tell(),
      actionOf: (name) => actions.get(name),
    });
  }

  /** Opens the store at the first call. Throws `failed_precondition` once this is closed. */
  async store(): Promise<Store> {
    if (this.#isClosed) {
      const message = "This Kappa4 is closed; make another one with createKappa4.";
      throw new Kappa4Error("failed_precondition", message, { retryable: false });
    }
    this.#store ??= this.#open();
    return this.#store;
  }

  /** Opens the store if there is one: undefined where there is none, or where it cannot be opened now, which is told. */
  async storeIfThere(): Promise<Store | undefined> {
    if (this.#store !== undefined || this.#isClosed) return this.store();
    const { store: options, logger } = this.#parts;
    const { isStoreThere } = await import("./store/is-there.ts");
    if (!isStoreThere(options)) return undefined;
    try {
      return await this.store();
    } catch (error) {
      if (!Kappa4Error.is(error)) throw error;
      const sentence = `Maintenance, past moves and what else the store knows were not looked at. ${error.message}`;
      logger.warn({ code: error.code }, sentence);
      if (!this.#isTold) options.onProgress?.(sentence);
      this.#isTold = true;
      return undefined;
    }
  }

  /** Opens the queue at the first call, and begins to work on what waits in it unless that is to come when started. */
  async queue(): Promise<RunQueue> {
    if (this.#parts.work !== "when_started") await this.work();
    return this.#openQueue();
  }

  /** Begins to work on what waits, and to look after what falls due. */
  async work(): Promise<void> {
    this.#work ??= this.#startWork();
    await this.#work;
  }

  /** Begins nothing more, and closes what is open. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const [work, queue, store] = await Promise.allSettled([this.#work, this.#queue, this.#store]);
    if (work.status === "fulfilled" && work.value !== undefined) {
      await work.value.stopChores();
      await work.value.worker.close();
    } else if (queue.status === "fulfilled") {
      await queue.value?.close();
    }
    if (store.status === "fulfilled") await store.value?.close();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  async #open(): Promise<Store> {
    const { store: options, clock, logger, policy } = this.#parts;
    const { openStore } = await import("./store/index.ts");
    try {
      const store = await openStore({ clock, logger, ...options });
      if (policy !== undefined) {
        await store.inOrg(store.defaultOrg, (tx) => bringPolicy(tx, clock, policy));
      }
      return store;
    } catch (error) {
      // Whoever asks again may find it free, or the server up.
      this.#store = undefined;
      throw error;
    }
  }

  async #openQueue(): Promise<RunQueue> {
    const { logger, stopwatch } = this.#parts;
    const open = async (): Promise<RunQueue> => {
      const store = await this.store();
      const { openQueue } = await import("./runs/queue.ts");
      return openQueue(store, { logger, stopwatch });
    };
    this.#queue ??= open();
    try {
      return await this.#queue;
    } catch (error) {
      this.#queue = undefined;
      throw error;
    }
  }

  async #startWork(): Promise<Work> {
    const { clock, logger, systems, engine, self, actions, stopwatch = machine } = this.#parts;
    const { signer } = this.#parts;
    try {
      const [store, queue] = [await this.store(), await this.#openQueue()];
      const { startWorker } = await import("./runs/worker.ts");
      const { keepDoing } = await import("./runs/chores.ts");
      const { coreChores } = await import("./core-chores.ts");
      const worker = await startWorker(queue, {
        store,
        clock,
        stopwatch,
        logger,
        systems,
        engine,
        self,
        actions: [...actions.keys()].filter((name) => knownRunAction(actions.get(name))),
        actionOf: (name) => knownRunAction(actions.get(name)),
        onChange: (listener) => {
          this.#listeners.add(listener);
          return () => this.#listeners.delete(listener);
        },
      });
      const attending = actions.get("approvals.attend");
      const attend = async (caller: Caller): Promise<unknown> =>
        attending && this.pipeline.call(caller, attending, {});
      const chores = coreChores({ store, clock, logger, signer, queue, worker, attend });
      return { worker, stopChores: keepDoing(chores, { stopwatch, logger }) };
    } catch (error) {
      this.#work = undefined;
      throw error;
    }
  }
}
