import type { Logger } from "@kappa4/connectors";
import type { Store } from "../store/index.ts";
import type { Stopwatch } from "./held-lease.ts";
import type { RunJob } from "./queue.ts";

/** What it stands on. */
export interface ProgressParts {
  readonly store: Store;
  readonly stopwatch: Stopwatch;
  readonly logger: Logger;
  changed(job: RunJob): void;
}

const WRITE_MS = 500;

/** Keeps how a run goes where others can see it: the last news, written down from time to time. */
export class ProgressKeeper {
  readonly stop: () => void;
  readonly #parts: ProgressParts;
  readonly #job: RunJob;
  #news: unknown;
  #hasNews = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: ProgressParts, job: RunJob) {
    this.#parts = parts;
    this.#job = job;
    this.stop = parts.stopwatch.every(WRITE_MS, () => void this.flush());
  }

  /** Takes the news in. */
  report(news: unknown): void {
    this.#news = news;
    this.#hasNews = true;
  }

  /** Writes the last news down. Never rejects: progress is for people, the truth stands in the steps. */
  async flush(): Promise<void> {
    await this.#writing;
    if (!this.#hasNews) return;
    this.#hasNews = false;
    this.#writing = this.#write(this.#news);
    await this.#writing;
  }

  async #write(progress: unknown): Promise<void> {
    const { store, logger, changed } = this.#parts;
    const { org, run } = this.#job;
    try {
      await store.inOrg(org, (tx) => tx.runs.update(run, ["running"], { progress }));
      changed(this.#job);
    } catch (error) {
      logger.warn({ run, error }, "the progress of a run could not be written down");
    }
  }
}
