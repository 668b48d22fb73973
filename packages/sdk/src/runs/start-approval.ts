import type { Clock, Kappa4Error } from "@kappa4/connectors";
import { closedOrg } from "../actions/closed-org.ts";
import type { RunAction, RunEnd } from "../actions/define.ts";
import { type Refusal, transition } from "../approvals/index.ts";
import { factsOf, refusalError } from "../approving/decide.ts";
import { personNamed } from "../approving/people.ts";
import { supersedeOlder } from "../approving/supersede.ts";
import { orderHash } from "../plans/plan-hash.ts";
import type { OrgTransaction, StoredApproval, StoredPlan, StoredRun } from "../store/index.ts";
import { optionsOf, subjectOf } from "./submit.ts";

/** A run, and what it was approved to do. */
export interface ToStart {
  readonly run: StoredRun;
  readonly plan: StoredPlan;
  readonly action: RunAction<unknown, unknown>;
}

/** How a run ends that may not start, or how long it has to wait. */
export type NotYet = { readonly end: RunEnd } | { readonly waitMs: number };

/**
 * Starts the approval of a run, in time, in an organisation that may be changed, not frozen, for somebody who still may ask for it, and as it was approved to the
 * letter; returns what speaks against it. One that was started before, with nothing done since, is judged again: it may
 * have been long ago.
 */
export async function startApproval(
  tx: OrgTransaction,
  clock: Clock,
  { run, plan, action }: ToStart,
): Promise<NotYet | undefined> {
  const closed = await closedOrg(tx);
  if (closed !== undefined) return { end: refusedWith(closed.error) };
  const stored = run.approvalId === null ? undefined : await tx.approvals.lock(run.approvalId);
  if (stored === undefined) return { end: unapproved(plan) };
  // So is how it is carried out.
  if (stored.approval.hash !== orderHash(plan.hash, optionsOf(action, run.input))) {
    return { end: tampered(plan) };
  }
  const isAgain = stored.approval.state === "executing";
  const approval = isAgain ? ({ ...stored.approval, state: "approved" } as const) : stored.approval;
  const subject = subjectOf(tx, action, plan);
  const facts = await factsOf(tx, clock, subject);
  const by = approval.request?.by ?? "";
  const requester = await personNamed(tx, by, { ...subject, now: facts.now });
  const started = transition(approval, { kind: "start", hasLease: true, requester }, facts);
  if (!started.ok) return notYet(started.refusal, stored, facts.now);
  if (isAgain) return undefined;
  await tx.approvals.save(stored.id, started.next);
  const caller = { actor: { kind: "system" }, org: tx.org, via: "sdk" } as const;
  await supersedeOlder(tx, clock, { caller, action, plan, risk: started.next.risk });
  return undefined;
}

function notYet(refusal: Refusal, { approval }: StoredApproval, now: Date): NotYet {
  if (refusal.code === "start_too_early") {
    const opensAt = approval.clearance?.notBefore.getTime() ?? 0;
    return { waitMs: Math.max(100, opensAt - now.getTime()) };
  }
  return { end: refusedWith(refusalError(refusal)) };
}

function refusedWith({ code, message }: Kappa4Error): RunEnd {
  return { state: "failed", result: null, error: { code, message } };
}

function tampered({ shortId }: StoredPlan): RunEnd {
  const message = `What was said of how plan ${shortId} is carried out is not what was approved; look who can write to the store. Nothing was done; make a new plan.`;
  return { state: "stale", result: null, error: { code: "plan_stale", message } };
}

function unapproved({ shortId }: StoredPlan): RunEnd {
  const message = `Plan ${shortId} has no approval. Nothing was done; ask for one.`;
  return { state: "failed", result: null, error: { code: "failed_precondition", message } };
}
