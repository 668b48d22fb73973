import { type Clock, type ErrorCode, Kappa4Error } from "@kappa4/connectors";
import type { RunLimit } from "../actions/context.ts";
import type { RunAction, RunEnd } from "../actions/define.ts";
import { type Misfit, misfitOf } from "../plans/misfit.ts";
import type { OrgTransaction, StoredRun } from "../store/index.ts";
import { cancelledUnbegun, type EndParts, endRun } from "./end-run.ts";
import { type HeldLease, lostTo } from "./held-lease.ts";
import { PutOffError } from "./put-off.ts";
import type { RunJob } from "./queue.ts";
import { runLimitOf } from "./run-limit.ts";
import { type NotYet, startApproval } from "./start-approval.ts";
import { tellResumed, tellStarted } from "./tell-run.ts";

/** A run that may do what its plan says, now. */
export interface BegunRun {
  readonly run: StoredRun;
  readonly content: unknown;
  /** Up to which class it was let through. Default: it is held to none. */
  readonly limit?: RunLimit | undefined;
  /** Why it only follows what is under way, and begins nothing more. Default: it does all that its plan says. */
  readonly halt?: Halt | undefined;
}

/** Why a run that was under way goes no further. */
export interface Halt extends Pick<Misfit, "isOtherVersion"> {
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

/** What is known of a run while one process has its lease; nobody else can begin it meanwhile. */
interface Attempt {
  readonly fence: number;
  /** Whether it was begun here: the answer to that may have been lost, so that it is tried again. */
  hasBegun: boolean;
}

/** How often a run that has to wait looks whether it still has to. */
const LOOK_MS = 1_000;
/** For how long a run is put off that another one of its cluster is in the way of. */
const PUT_OFF_MS = 10_000;

/** How long to wait, or why never. */
type Verdict = { readonly begun: BegunRun } | (NotYet & { readonly isSkipped: boolean });

/**
 * Looks once more whether an approved plan may be carried out: in time, not frozen, by somebody who still may ask for
 * it, and as it was approved to the letter. Ends the run and returns undefined when it may not; throws a
 * {@link PutOffError} where another one has to be over first.
 */
export async function beginRun(
  parts: EndParts,
  job: RunJob,
  action: RunAction<unknown, unknown>,
  lease: HeldLease,
  signal: AbortSignal,
): Promise<BegunRun | undefined> {
  const attempt: Attempt = { fence: lease.fence, hasBegun: false };
  while (true) {
    const verdict = await lease.write(() =>
      parts.store.inOrg(job.org, (tx) => judge(tx, parts.clock, job, action, attempt)),
    );
    if ("begun" in verdict) return verdict.begun;
    if ("end" in verdict) {
      const { end, isSkipped } = verdict;
      await lease.write(() => endRun(parts, job, lease.fence, end, isSkipped));
      return undefined;
    }
    // What is taken back meanwhile leaves the cluster to others at once.
    const waitMs = Math.min(verdict.waitMs, LOOK_MS);
    await parts.clock.sleep(waitMs, AbortSignal.any([signal, lease.lost]));
  }
}

async function judge(
  tx: OrgTransaction,
  clock: Clock,
  job: RunJob,
  action: RunAction<unknown, unknown>,
  attempt: Attempt,
): Promise<Verdict> {
  const run = await tx.runs.find(job.run);
  const plan = run && (await tx.plans.find(run.planId));
  if (run === undefined || plan === undefined) {
    throw new Kappa4Error("internal", "A run lacks its plan; restore the store from a backup.");
  }
  // The process's own clock may have stood still; what is begun is begun by who has the cluster.
  if (!(await tx.leases.hold(run.cluster, attempt.fence))) throw lostTo(run.cluster);
  const misfit = misfitOf(tx, plan, action.binding);
  const limit = await runLimitOf(tx, run, action);
  if (run.state === "running") {
    if (!attempt.hasBegun) await tellResumed(tx, clock, run, attempt.fence);
    const begun = { run, content: plan.content, limit };
    const hasSteps = (await tx.runSteps.list(run.id)).length > 0;
    if (hasSteps) return { begun: misfit === undefined ? begun : halted(begun, misfit) };
    if (run.cancelAskedAt !== null) {
      return { end: cancelledUnbegun(run.shortId), isSkipped: false };
    }
    if (misfit !== undefined) return { end: changed(misfit, NOTHING_MORE), isSkipped: false };
    // Nothing was asked of the outside system yet: an hour later that takes what the start took.
    const no = attempt.hasBegun ? undefined : await startApproval(tx, clock, { run, plan, action });
    return no === undefined ? { begun } : { ...no, isSkipped: false };
  }
  // Whoever cancels ends it at once; of a store that was restored it is only said that it is to stop.
  if (run.cancelAskedAt !== null) return { end: cancelledUnbegun(run.shortId), isSkipped: true };
  if (misfit !== undefined) return { end: changed(misfit, NOTHING_DONE), isSkipped: true };
  await mustBeFirst(tx, run);
  const no = await startApproval(tx, clock, { run, plan, action });
  if (no !== undefined) return { ...no, isSkipped: true };
  const startedAt = new Date(clock.now());
  if (!(await tx.runs.update(job.run, ["queued"], { state: "running", startedAt }))) {
    throw new Kappa4Error("conflict", `Run ${run.shortId} was ended in this moment.`);
  }
  await tellStarted(tx, clock, run, plan.hash);
  attempt.hasBegun = true;
  return { begun: { run, content: plan.content, limit } };
}

/**
 * Throws a {@link PutOffError} while another run of the cluster has begun and is not over: whoever had it is gone, and
 * what it has under way is not followed yet.
 */
async function mustBeFirst(tx: OrgTransaction, { shortId, cluster }: StoredRun): Promise<void> {
  const [other] = await tx.runs.list({ states: ["running"], cluster, limit: 1 });
  if (other === undefined) return;
  const message = `Run ${shortId} waits: ${other.shortId} has begun on ${cluster} and is not over.`;
  throw new PutOffError(message, PUT_OFF_MS);
}

/** Nobody knows yet what has become of the steps of a run that is under way: they are followed, whatever the plan is by now. */
function halted(begun: BegunRun, misfit: Misfit): BegunRun {
  return { ...begun, halt: { ...misfit, error: changed(misfit, NOTHING_MORE).error } };
}

const NOTHING_DONE = "Nothing was done; make a new plan.";
const NOTHING_MORE =
  "What was under way was followed, and nothing more was begun; look at what was done, and make a new plan.";

function changed({ sentence }: Pick<Misfit, "sentence">, outcome: string) {
  const error = { code: "plan_stale", message: `${sentence} ${outcome}` } as const;
  return { state: "stale", result: null, error } as const satisfies RunEnd;
}
