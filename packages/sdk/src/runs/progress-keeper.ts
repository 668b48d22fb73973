import type { Logger } from "@kappa4/connectors";
import type { Store } from "../store/index.ts";
import type { RunJob } from "./queue.ts";

/** What it stands on. */
export interface ProgressParts {
  readonly store: Store;
  readonly logger: Logger;
}

/** Keeps how a run goes where others can see it: the last news, as fast as the store takes them. */
export class ProgressKeeper {
  readonly #parts: ProgressParts;
  readonly #job: RunJob;
  #news: { readonly progress: unknown } | undefined;
  #writing: Promise<void> | undefined;

  constructor(parts: ProgressParts, job: RunJob) {
    this.#parts = parts;
    this.#job = job;
  }

  /** Takes the news in; what comes while others are written takes the place of what waits. */
  report(progress: unknown): void {
    this.#news = { progress };
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when the last news are written. Never rejects: progress is for people, the truth stands in the steps. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#news !== undefined) {
      const news = this.#news;
      this.#news = undefined;
      await this.#write(news);
    }
    this.#writing = undefined;
  }

  async #write(news: { readonly progress: unknown }): Promise<void> {
    const { store, logger } = this.#parts;
    const { org, run } = this.#job;
    try {
      await store.inOrg(org, (tx) => tx.runs.update(run, ["running"], news));
    } catch (error) {
      logger.warn({ run, error }, "the progress of a run could not be written down");
    }
  }
}
