import type { Logger } from "@kappa4/connectors";
import type { Stopwatch } from "./stopwatch.ts";

/** Something that has to be done now and then, by any process. */
export interface Chore {
  /** In the words of a log line, for example `seal the audit`. */
  readonly name: string;
  readonly everyMs: number;
  work(): Promise<unknown>;
}

/** What chores stand on. */
export interface ChoreParts {
  readonly stopwatch: Stopwatch;
  readonly logger: Logger;
}

/**
 * Does each chore at once and then again and again, never twice at the same time. One that fails is logged and tried
 * again when its time has come. Returns what ends them, and waits for those under way.
 */
export function keepDoing(
  chores: readonly Chore[],
  { stopwatch, logger }: ChoreParts,
): () => Promise<void> {
  const underway = new Map<Chore, Promise<void>>();

  function begin(chore: Chore): void {
    if (!underway.has(chore)) underway.set(chore, attempt(chore));
  }

  async function attempt(chore: Chore): Promise<void> {
    try {
      await chore.work();
    } catch (error) {
      logger.error({ chore: chore.name, error }, "a chore failed; it is tried again");
    } finally {
      underway.delete(chore);
    }
  }

  const stops = chores.map((chore) => stopwatch.every(chore.everyMs, () => begin(chore)));
  for (const chore of chores) begin(chore);
  return async () => {
    for (const stop of stops) stop();
    await Promise.all(underway.values());
  };
}
