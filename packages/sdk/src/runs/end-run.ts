import type { Clock } from "@kappa4/connectors";
import type { Conclusion, RunEnd } from "../actions/define.ts";
import {
  type ApprovalEvent,
  type ApprovalState,
  DEFAULT_POLICY,
  transition,
} from "../approvals/index.ts";
import { tellOf } from "../approving/tell.ts";
import type { Id } from "../ids.ts";
import type { OrgTransaction, Store, StoredRun } from "../store/index.ts";
import { RESTORED_BY } from "../store/restored-by.ts";
import { nameIn } from "../users/name-in.ts";
import { lostTo } from "./held-lease.ts";
import type { RunJob } from "./queue.ts";
import { tellEnded } from "./tell-run.ts";

/** What ending a run stands on. */
export interface EndParts {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Writes down how a run ended: what concludes it, run, approval, record and event in one transaction, under the fence of
 * the lease. Where it was over already it changes nothing, and returns how it ended if whoever ended it had the same lease:
 * the answer to that was lost; undefined otherwise. Throws `conflict` when another process has the run by now, and what
 * its conclusion throws.
 */
export async function endRun(
  { store, clock }: EndParts,
  { org, run: id }: RunJob,
  fence: number | undefined,
  ending: RunEnd | Conclusion,
  isSkipped: boolean = false,
): Promise<RunEnd | undefined> {
  return store.inOrg(org, async (tx) => {
    const found = await tx.runs.find(id);
    if (found === undefined) return undefined;
    const { approvalId, cluster } = found;
    if (found.endedAt !== null) {
      const isOurs = fence !== undefined && (await tx.leases.hold(cluster, fence));
      return isOurs ? storedEnd(found) : undefined;
    }
    if (fence !== undefined && !(await tx.leases.hold(cluster, fence))) throw lostTo(cluster);
    // The approval before the run, as everybody does who needs both: nobody cancels it from here on.
    if (approvalId !== null) await tx.approvals.lock(approvalId);
    const run = await tx.runs.find(id);
    if (run === undefined || run.endedAt !== null) return undefined;
    const made = "conclude" in ending ? await conclude(tx, run, ending) : ending;
    const end = await withWhoCancelled(tx, run, made);
    await closeApproval(tx, run, end, new Date(clock.now()));
    await writeEnd(tx, clock, run, ["queued", "running"], { end, isSkipped });
    return end;
  });
}

/** How a run ended, as it was written down; undefined for one that did not, or never began. */
function storedEnd({ state, result, error }: StoredRun): RunEnd | undefined {
  if (state === "queued" || state === "running" || state === "skipped") return undefined;
  return error === null ? { state, result } : { state, result, error: error as RunEnd["error"] };
}

/** What somebody stopped before it had any effect has none. */
async function conclude(
  tx: OrgTransaction,
  { shortId, cancelAskedAt }: StoredRun,
  ending: Conclusion,
): Promise<RunEnd> {
  return cancelAskedAt === null ? ending.conclude(tx) : cancelledUnbegun(shortId);
}

/** How a run ends that somebody stops after it has begun, and before it has changed anything. */
export function cancelledUnbegun(shortId: string): RunEnd {
  const message = `Run ${shortId} was cancelled before it changed anything; nothing was done.`;
  return { state: "cancelled", result: null, error: { code: "conflict", message } };
}

/** Whoever follows a run, or reads of it later, learns who cancelled it and why. */
async function withWhoCancelled(
  tx: OrgTransaction,
  { shortId, cluster, cancelAskedBy, approvalId }: StoredRun,
  end: RunEnd,
): Promise<RunEnd> {
  if (end.state !== "cancelled" || cancelAskedBy === null) return end;
  if (cancelAskedBy === RESTORED_BY) {
    const message = `Run ${shortId} was open when the backup was made, and is not gone on with here. Whether it was carried out since, this store does not know: look at ${cluster} before you ask again.`;
    return { ...end, error: { code: "conflict", message } };
  }
  if (end.result === null) return end;
  const stored = approvalId === null ? undefined : await tx.approvals.find(approvalId);
  const reason = stored?.approval.ending?.reason;
  const why = reason === undefined ? "" : `: ${reason}`;
  const isOurs = cancelAskedBy === "local";
  const name = isOurs ? "whoever holds the machine" : await nameIn(tx, cancelAskedBy);
  return { ...end, error: { code: "conflict", message: `Cancelled by ${name}${why}` } };
}

/** How a run ends that somebody takes back before it begins. */
export const WITHDRAWN: RunEnd = {
  state: "cancelled",
  result: null,
  error: { code: "conflict", message: "It was withdrawn before it began; nothing was done." },
};

/** Ends the run of a plan that nobody has begun, where there is one: in the transaction of what speaks against it. */
export async function endQueued(
  tx: OrgTransaction,
  clock: Clock,
  plan: Id<"pln">,
  end: RunEnd,
): Promise<void> {
  const run = await tx.runs.findByPlan(plan);
  if (run !== undefined) await writeEnd(tx, clock, run, ["queued"], { end, isSkipped: true });
}

async function writeEnd(
  tx: OrgTransaction,
  clock: Clock,
  run: StoredRun,
  from: readonly StoredRun["state"][],
  { end, isSkipped }: { readonly end: RunEnd; readonly isSkipped: boolean },
): Promise<void> {
  const state = isSkipped ? "skipped" : end.state;
  const { result, error = null } = end;
  const endedAt = new Date(clock.now());
  if (!(await tx.runs.update(run.id, from, { state, result, error, endedAt }))) return;
  await tellEnded(tx, clock, run, state, end);
}

async function closeApproval(
  tx: OrgTransaction,
  { approvalId, planId }: StoredRun,
  end: RunEnd,
  now: Date,
): Promise<void> {
  const stored = approvalId === null ? undefined : await tx.approvals.lock(approvalId);
  if (stored === undefined) return;
  const facts = { now, policy: DEFAULT_POLICY, isFrozen: false, people: [] };
  // What nobody began in its time is ended, and told of, with whatever else falls due.
  if (transition(stored.approval, { kind: "deadline" }, facts).ok) return;
  const ended = transition(stored.approval, eventOf(end, stored.approval.state), facts);
  if (!ended.ok || !(await tx.approvals.save(stored.id, ended.next))) return;
  const plan = await tx.plans.find(planId);
  for (const effect of ended.effects) {
    if (effect.kind !== "plan_again" || plan === undefined) continue;
    const by = stored.approval.request?.by;
    const what = end.state === "stale" ? `no longer fits ${plan.cluster}` : "is not carried out";
    const summary = `Plan ${plan.shortId} ${what}: ${effect.difference}`;
    const news = { what: "stale", at: now, people: by === undefined ? [] : [by], summary } as const;
    const details = { difference: effect.difference };
    await tellOf(tx, now, { stored, plan }, { ...news, details });
  }
}

/** What the end of a run is to its approval. */
function eventOf({ state, error }: RunEnd, from: ApprovalState): ApprovalEvent {
  const difference = error?.message ?? "the cluster is not as planned.";
  // It may not start any more: nothing is to wait for it, and its votes are for nothing else.
  if (from === "approved") return { kind: "drift", difference };
  switch (state) {
    case "succeeded":
    case "partly_failed":
    case "failed":
      return { kind: "finish", outcome: state };
    // Somebody who cancels has ended the approval already; what is left is a process that was told to stop.
    case "cancelled":
      return { kind: "finish", outcome: "partly_failed" };
    case "stale":
      return { kind: "drift", difference };
  }
}
