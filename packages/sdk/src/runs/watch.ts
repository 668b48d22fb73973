import type { RunView } from "../actions/answers.ts";
import { systemClock } from "../clock.ts";
import type { Id } from "../ids.ts";
import type { OrgTransaction } from "../store/index.ts";
import { getRun } from "./get-run.ts";
import { runView } from "./views.ts";

/** What watching stands on. */
export interface WatchParts {
  inOrg<Result>(work: (tx: OrgTransaction) => Promise<Result>): Promise<Result>;
}

/** In real time, whatever clock the clusters live by: another process writes, and asking costs the store something. */
const LOOK_MS = 100;

/**
 * Tells how a run goes, whichever process carries it out: first as it is, then each time that it has changed, at last
 * how it ended.
 */
export async function* watchRun(
  { inOrg }: WatchParts,
  id: Id<"run">,
  signal?: AbortSignal | undefined,
): AsyncGenerator<RunView, void, undefined> {
  let last = "";
  while (true) {
    signal?.throwIfAborted();
    const run = runView(await inOrg((tx) => getRun(tx, id)));
    const text = JSON.stringify([run.state, run.progress, run.cancelAskedBy]);
    if (text !== last) yield run;
    last = text;
    if (run.endedAt !== undefined) return;
    await systemClock.sleep(LOOK_MS, signal);
  }
}
