import { type Clock, Kappa4Error, type Logger } from "@kappa4/connectors";
import type { Caller } from "../actions/actor.ts";
import type { RunContext, Systems } from "../actions/context.ts";
import type { Conclusion, RunAction, RunEnd } from "../actions/define.ts";
import { withinQuota } from "../actions/quota.ts";
import type { Self } from "../actions/self.ts";
import { surroundingsOf } from "../actions/surroundings.ts";
import type { Engine } from "../engine-thread.ts";
import type { OrgTransaction, Store, StoredLease, StoredRun } from "../store/index.ts";
import { publish, type RunTrace } from "../telemetry/channels.ts";
import { type BegunRun, beginRun, type Halt } from "./begin-run.ts";
import { executeBound } from "./bound.ts";
import { endOf } from "./end-of.ts";
import { endRun } from "./end-run.ts";
import { HeldLease } from "./held-lease.ts";
import { ProgressKeeper } from "./progress-keeper.ts";
import type { RunJob } from "./queue.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { storeLedger } from "./store-ledger.ts";

/** What a worker stands on. */
export interface ExecuteParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly stopwatch: Stopwatch;
  readonly logger: Logger;
  readonly systems: Systems;
  readonly engine: Engine;
  readonly self: Self;
  /** This process, for people. */
  readonly holder: string;
  /** Finds the action of a run by its name. */
  actionOf(name: string): RunAction<unknown, unknown> | undefined;
  /** Calls back when this process has changed anything in the store; returns what ends that. */
  onChange(listener: () => void): () => void;
  /** Raised when this process is to end: it begins nothing more, and leaves what is not done to another one. */
  readonly closing: AbortSignal;
}

/** How often somebody who waits for a cluster asks again, and how often a run looks whether it is to stop. */
const LOOK_MS = 1_000;

/**
 * Carries out one run, or goes on with one that another process left. At any instant at most one process does: it
 * holds the lease of the cluster, and what it writes without it is refused. Throws when the run is left undone.
 */
export async function executeRun(
  parts: ExecuteParts,
  job: RunJob,
  signal: AbortSignal,
): Promise<void> {
  const { logger } = parts;
  const run = await parts.store.inOrg(job.org, (tx) => tx.runs.find(job.run));
  if (run === undefined || run.endedAt !== null) return;
  const action = parts.actionOf(run.action);
  if (action === undefined) throw unknownAction(run);
  logger.info({ run: run.shortId, state: run.state }, "run is taken up");
  const lease = await takeLease(parts, job, run, signal);
  try {
    const begun = await beginRun(parts, job, action, lease, signal);
    if (begun !== undefined) await carryOut(parts, job, { action, lease, signal, begun });
  } finally {
    await lease.release();
  }
}

/** Waits until nobody else changes the cluster. */
async function takeLease(
  { store, stopwatch, clock, logger, holder }: ExecuteParts,
  { org, run }: RunJob,
  { cluster, shortId }: StoredRun,
  signal: AbortSignal,
): Promise<HeldLease> {
  let told: StoredLease | undefined;
  while (true) {
    signal.throwIfAborted();
    const lease = await HeldLease.take(store, { org, cluster, run, holder }, stopwatch);
    if (lease instanceof HeldLease) return lease;
    if (told?.runId !== lease.runId) {
      logger.info({ run: shortId, cluster, heldBy: lease.runId }, "run waits for another one");
      told = lease;
    }
    await clock.sleep(LOOK_MS, signal);
  }
}

interface Carrying {
  readonly action: RunAction<unknown, unknown>;
  readonly lease: HeldLease;
  readonly signal: AbortSignal;
  readonly begun: BegunRun;
}

async function carryOut(
  parts: ExecuteParts,
  job: RunJob,
  { action, lease, signal, begun }: Carrying,
): Promise<void> {
  const { store, clock, logger, engine, closing } = parts;
  const { run, content, limit, halt } = begun;
  const asked = new AbortController();
  // By this process's own end, or by a queue that takes it for dead.
  const stopped = AbortSignal.any([closing, signal]);
  const beganAt = clock.now();
  const tell = (phase: RunTrace["phase"], end?: RunEnd): void => {
    const { action, connection, cluster } = run;
    const what = { ...job, action, connection, cluster, fence: lease.fence };
    const how = { state: end?.state, code: end?.error?.code, durationMs: clock.now() - beganAt };
    publish("kappa4:run", { phase, ...what, ...how });
  };
  // Another process is found out about in time, this one at once.
  const stopLooking = parts.stopwatch.every(LOOK_MS, () => void look());
  const stopListening = parts.onChange(() => void look());
  const progress = new ProgressKeeper(parts, job);
  const context: RunContext = {
    caller: workerOf(job),
    clock,
    logger,
    ...surroundingsOf(parts, job.org, store.defaultOrg),
    engine,
    actionOf: (name) => parts.actionOf(name),
    signal: lease.lost,
    connection: run.connection,
    cancelled: AbortSignal.any([asked.signal, lease.lost, stopped]),
    ledger: storeLedger({
      ...job,
      ...run,
      ...{ store, clock, lease, halt, closing: stopped },
      run: run.id,
    }),
    limit,
    inOrg,
    inOrgIfThere: inOrg,
    platform: (work) => store.platform(work),
    report(news) {
      if (!lease.lost.aborted) progress.report(news);
    },
  };

  /** Reads what else the store knows: that it is away for a moment is no reason to end a run. */
  function inOrg<Result>(work: (tx: OrgTransaction) => Promise<Result>): Promise<Result> {
    return lease.write(() => store.inOrg(job.org, work));
  }

  async function look(): Promise<void> {
    try {
      const now = await store.inOrg(job.org, (tx) => tx.runs.find(job.run));
      if (now?.cancelAskedAt != null) asked.abort(new Error("somebody asked to stop"));
    } catch (error) {
      logger.warn({ run: run.shortId, error }, "could not look whether a run is to stop");
    }
  }

  /** A conclusion that is thrown out leaves nothing behind but how it failed. */
  async function end(ending: RunEnd | Conclusion): Promise<RunEnd | undefined> {
    const write = (how: RunEnd | Conclusion): Promise<RunEnd | undefined> =>
      lease.write(() => endRun(parts, job, lease.fence, how));
    if (!("conclude" in ending)) return write(ending);
    const conclude = (tx: OrgTransaction): Promise<RunEnd> =>
      withinQuota(tx, action, new Date(clock.now()), () => ending.conclude(tx));
    return write({ conclude }).catch((error: unknown) => write(endOf(error)));
  }

  tell("begun");
  let ended: RunEnd | undefined;
  try {
    if (halt !== undefined) asked.abort(new Error("what it does is not what was approved"));
    await look();
    // What is under way at the outside system may take an hour; whoever has the lease by now waits for it.
    const reached = await Promise.race([
      executeBound(action, context, { ...run, content }).catch(endOf),
      raised(lease.lost),
    ]);
    const ending = halt === undefined ? reached : haltedEnd(reached, halt);
    await progress.flush();
    // It is not over then: somebody goes on with it.
    const isDone = "state" in ending && ending.state === "succeeded";
    if (stopped.aborted && !asked.signal.aborted && !isDone) throw stopped.reason;
    ended = await end(ending);
  } finally {
    tell(ended === undefined ? "left" : "ended", ended);
    stopLooking();
    stopListening();
  }
}

/** What was finished all the same is finished, unless somebody may have written what was to be done. */
function haltedEnd(end: RunEnd | Conclusion, { error, isOtherVersion }: Halt): RunEnd {
  if ("conclude" in end) return { state: "stale", result: null, error };
  if (end.state === "succeeded" && isOtherVersion) return end;
  return { ...end, state: "stale", error };
}

/** Rejects with the reason of a signal once it is raised. */
function raised(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const raise = (): void => reject(signal.reason);
    if (signal.aborted) raise();
    signal.addEventListener("abort", raise, { once: true });
  });
}

/** Kappa4 itself, on behalf of an organisation. */
function workerOf({ org }: RunJob): Caller {
  return { actor: { kind: "system" }, org, via: "sdk" };
}

/** While programs are updated one after the other, one that is not yet leaves to the others what they know. */
function unknownAction({ shortId, action }: StoredRun): Kappa4Error {
  const message = `This version of Kappa4 does not know ${action}: run ${shortId} is left to one that does; update this one, or cancel the run.`;
  return new Kappa4Error("unsupported", message);
}
