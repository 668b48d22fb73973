import { type Clock, Kappa4Error } from "@kappa4/connectors";
import type { RunAction, RunEnd } from "../actions/define.ts";
import { transition } from "../approvals/index.ts";
import { factsOf, refusalError } from "../approving/decide.ts";
import { personNamed } from "../approving/people.ts";
import { supersedeOlder } from "../approving/supersede.ts";
import { orderHash, planHash } from "../plans/plan-hash.ts";
import type { OrgTransaction, StoredApproval, StoredPlan, StoredRun } from "../store/index.ts";
import { type EndParts, endRun } from "./end-run.ts";
import type { HeldLease } from "./held-lease.ts";
import type { RunJob } from "./queue.ts";
import { optionsOf, subjectOf } from "./submit.ts";

/** A run that may do what its plan says, now. */
export interface BegunRun {
  readonly run: StoredRun;
  readonly content: unknown;
}

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
  while (true) {
    const verdict = await lease.write(() =>
      parts.store.inOrg(job.org, (tx) => judge(tx, parts.clock, job, action)),
    );
    if ("begun" in verdict) return verdict.begun;
    if ("end" in verdict) {
      const { end, isSkipped } = verdict;
      await lease.write(() => endRun(parts, job, lease.fence, end, isSkipped));
      return undefined;
    }
    await parts.clock.sleep(verdict.waitMs, AbortSignal.any([signal, lease.lost]));
  }
}

async function judge(
  tx: OrgTransaction,
  clock: Clock,
  job: RunJob,
  action: RunAction<unknown, unknown>,
): Promise<Verdict> {
  const run = await tx.runs.find(job.run);
  const plan = run && (await tx.plans.find(run.planId));
  if (run === undefined || plan === undefined) {
    throw new Kappa4Error("internal", "A run lacks its plan; restore the store from a backup.");
  }
  if (isChanged(tx, plan, action)) return { end: changedPlan(plan), isSkipped: true };
  const begun: Verdict = { begun: { run, content: plan.content } };
  if (run.state === "running") return begun;
  const refusal = await approve(tx, clock, run, plan, action);
  if (refusal !== undefined) return refusal;
  await tx.runs.update(job.run, ["queued"], { state: "running", startedAt: new Date(clock.now()) });
  return begun;
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
    return { end: changedPlan(plan), isSkipped: true };
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

/** What is carried out is what was approved, whatever somebody wrote into the store since. */
function isChanged(
  { org }: OrgTransaction,
  { action: name, connection, cluster, content, hash }: StoredPlan,
  { binding }: RunAction<unknown, unknown>,
): boolean {
  return planHash({ org, action: name, connection, cluster, binding: binding(content) }) !== hash;
}

function changedPlan({ shortId }: StoredPlan): RunEnd {
  const message = `Plan ${shortId} is not what was approved: its hash does not fit. Nothing was done; make a new plan, and look who can write to the store.`;
  return { state: "stale", result: null, error: { code: "plan_stale", message } };
}

function unapproved({ shortId }: StoredPlan): RunEnd {
  const message = `Plan ${shortId} has no approval. Nothing was done; ask for one.`;
  return { state: "failed", result: null, error: { code: "failed_precondition", message } };
}
