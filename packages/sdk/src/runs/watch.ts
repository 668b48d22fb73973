import { type Clock, Kappa4Error } from "@kappa4/connectors";
import type { RunView } from "../actions/answers.ts";
import { type Id, isId } from "../ids.ts";
import type { OrgTransaction, StoredRun } from "../store/index.ts";
import { runView } from "./views.ts";

/** What watching stands on. */
export interface WatchParts {
  readonly clock: Clock;
  inOrg<Result>(work: (tx: OrgTransaction) => Promise<Result>): Promise<Result>;
}

const LOOK_MS = 250;

/** Finds a run by its id or the short id that people say. Throws `not_found`. */
export async function findRun(tx: OrgTransaction, name: string): Promise<StoredRun> {
  const run = isId("run", name)
    ? await tx.runs.find(name)
    : await tx.runs.findByShortId(name.toUpperCase());
  if (run !== undefined) return run;
  throw new Kappa4Error("not_found", `There is no run ${name}; list them with runs.list.`);
}

/**
 * Tells how a run goes, whichever process carries it out: first as it is, then each time that it has changed, at last
 * how it ended.
 */
export async function* watchRun(
  { clock, inOrg }: WatchParts,
  id: Id<"run">,
  signal?: AbortSignal | undefined,
): AsyncGenerator<RunView, void, undefined> {
  let last = "";
  while (true) {
    signal?.throwIfAborted();
    const run = runView(await inOrg((tx) => findRun(tx, id)));
    const text = JSON.stringify([run.state, run.progress, run.cancelAskedBy]);
    if (text !== last) yield run;
    last = text;
    if (run.endedAt !== undefined) return;
    await clock.sleep(LOOK_MS, signal);
  }
}
