import type { RunView } from "../actions/answers.ts";
import { systemClock } from "../clock.ts";
import type { Id } from "../ids.ts";
import type { OrgTransaction } from "../store/index.ts";
import { isPassing } from "../store/is-passing.ts";
import { getRun } from "./get-run.ts";
import { runView } from "./views.ts";

/** What watching stands on. */
export interface WatchParts {
  inOrg<Result>(work: (tx: OrgTransaction) => Promise<Result>): Promise<Result>;
}

/** In real time, whatever clock the clusters live by: another process writes, and asking costs the store something. */
const LOOK_MS = 100;
/** So many looks in a row that the store does not answer are taken for trouble of the moment. */
const MOST_MISSED = 300;

/**
 * Tells how a run goes, whichever process carries it out: first as it is, then each time that it has changed, at last
 * how it ended. A store that is away for half a minute ends nothing.
 */
export async function* watchRun(
  { inOrg }: WatchParts,
  id: Id<"run">,
  signal?: AbortSignal | undefined,
): AsyncGenerator<RunView, void, undefined> {
  let last = "";
  let missed = 0;
  while (true) {
    signal?.throwIfAborted();
    const run = await look();
    if (run === undefined) {
      await systemClock.sleep(LOOK_MS, signal);
      continue;
    }
    const text = JSON.stringify([run.state, run.progress, run.cancelAskedBy]);
    if (text !== last) yield run;
    last = text;
    if (run.endedAt !== undefined) return;
    await systemClock.sleep(LOOK_MS, signal);
  }

  async function look(): Promise<RunView | undefined> {
    try {
      const run = runView(await inOrg((tx) => getRun(tx, id)));
      missed = 0;
      return run;
    } catch (error) {
      missed += 1;
      if (missed > MOST_MISSED || !isPassing(error)) throw error;
      return undefined;
    }
  }
}
