import { type Clock, type ErrorCode, Kappa4Error } from "@kappa4/connectors";
import type { RunLimit } from "../actions/context.ts";
import type { RunAction, RunEnd } from "../actions/define.ts";
import { transition } from "../approvals/index.ts";
import { factsOf, refusalError } from "../approving/decide.ts";
import { personNamed } from "../approving/people.ts";
import { supersedeOlder } from "../approving/supersede.ts";
import { type Misfit, misfitOf } from "../plans/misfit.ts";
import { orderHash } from "../plans/plan-hash.ts";
import type { OrgTransaction, StoredApproval, StoredPlan, StoredRun } from "../store/index.ts";
import { type EndParts, endRun } from "./end-run.ts";
import type { HeldLease } from "./held-lease.ts";
import type { RunJob } from "./queue.ts";
import { runLimitOf } from "./run-limit.ts";
import { optionsOf, subjectOf } from "./submit.ts";
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

/** How long to wait, or why never. */
type Verdict =
  | { readonly begun: BegunRun }
  | { readonly waitMs: number }
  | { readonly end: RunEnd; readonly isSkipped: boolean };

/**
 * Looks once more whether an approved plan may be carried out: in time, not frozen, by somebody who still may ask for
 * it, and as it was approved to the letter. Ends the run and returns undefined when it may not.
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
  const misfit = misfitOf(tx, plan, action.binding);
  const limit = await runLimitOf(tx, run, action);
  if (run.state === "running") {
    if (!attempt.hasBegun) await tellResumed(tx, clock, run, attempt.fence);
    return goOn(tx, { run, content: plan.content, limit }, misfit);
  }
  if (misfit !== undefined) return { end: changed(misfit, NOTHING_DONE), isSkipped: true };
  const refusal = await approve(tx, clock, run, plan, action);
  if (refusal !== undefined) return refusal;
  const startedAt = new Date(clock.now());
  if (!(await tx.runs.update(job.run, ["queued"], { state: "running", startedAt }))) {
    throw new Kappa4Error("conflict", `Run ${run.shortId} was ended in this moment.`);
  }
  await tellStarted(tx, clock, run, plan.hash);
  attempt.hasBegun = true;
  return { begun: { run, content: plan.content, limit } };
}

/** Nobody knows yet what has become of the steps of a run that is under way: they are followed, whatever the plan is by now. */
async function goOn(
  tx: OrgTransaction,
  begun: BegunRun,
  misfit: Misfit | undefined,
): Promise<Verdict> {
  if (misfit === undefined) return { begun };
  const end = changed(misfit, NOTHING_MORE);
  const steps = await tx.runSteps.list(begun.run.id);
  if (steps.length === 0) return { end, isSkipped: false };
  return { begun: { ...begun, halt: { ...misfit, error: end.error } } };
}

/** Starts the approval; returns what speaks against it. */
async function approve(
  tx: OrgTransaction,
  clock: Clock,
  run: StoredRun,
  plan: StoredPlan,
  action: RunAction<unknown, unknown>,
): Promise<Verdict | undefined> {
  const stored = run.approvalId === null ? undefined : await tx.approvals.lock(run.approvalId);
  if (stored === undefined) return { end: unapproved(plan), isSkipped: true };
  // So is how it is carried out.
  if (stored.approval.hash !== orderHash(plan.hash, optionsOf(action, run.input))) {
    const sentence = `What was said of how plan ${plan.shortId} is carried out is not what was approved; look who can write to the store.`;
    return { end: changed({ sentence }, NOTHING_DONE), isSkipped: true };
  }
  if (stored.approval.state === "executing") return undefined;
  const subject = subjectOf(tx, action, plan);
  const facts = await factsOf(tx, clock, subject);
  const by = stored.approval.request?.by ?? "";
  const requester = await personNamed(tx, by, { ...subject, now: facts.now });
  const event = { kind: "start", hasLease: true, requester } as const;
  const started = transition(stored.approval, event, facts);
  if (started.ok) {
    await tx.approvals.save(stored.id, started.next);
    const caller = { actor: { kind: "system" }, org: tx.org, via: "sdk" } as const;
    await supersedeOlder(tx, clock, { caller, action, plan, risk: started.next.risk });
    return undefined;
  }
  if (started.refusal.code === "start_too_early") {
    return { waitMs: untilStart(stored, facts.now) };
  }
  const { code, message } = refusalError(started.refusal);
  return { end: { state: "failed", result: null, error: { code, message } }, isSkipped: true };
}

function untilStart({ approval: { clearance } }: StoredApproval, now: Date): number {
  return Math.max(100, (clearance?.notBefore.getTime() ?? 0) - now.getTime());
}

const NOTHING_DONE = "Nothing was done; make a new plan.";
const NOTHING_MORE =
  "What was under way was followed, and nothing more was begun; look at what was done, and make a new plan.";

function changed({ sentence }: Pick<Misfit, "sentence">, outcome: string) {
  const error = { code: "plan_stale", message: `${sentence} ${outcome}` } as const;
  return { state: "stale", result: null, error } as const satisfies RunEnd;
}

function unapproved({ shortId }: StoredPlan): RunEnd {
  const message = `Plan ${shortId} has no approval. Nothing was done; ask for one.`;
  return { state: "failed", result: null, error: { code: "failed_precondition", message } };
}
