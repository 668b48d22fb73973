import type { Clock } from "@kappa4/connectors";
import type { RunEnd } from "../actions/define.ts";
import { type ApprovalEvent, DEFAULT_POLICY, transition } from "../approvals/index.ts";
import { tellOf } from "../approving/tell.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import { type Id, newId } from "../ids.ts";
import type { OrgTransaction, Store, StoredRun } from "../store/index.ts";
import { lostTo } from "./held-lease.ts";
import type { RunJob } from "./queue.ts";

/** What ending a run stands on. */
export interface EndParts {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Writes down how a run ended: run, approval, record and event in one transaction, under the fence of the lease.
 * Throws `conflict` when another process has the run by now.
 */
export async function endRun(
  { store, clock }: EndParts,
  { org, run: id }: RunJob,
  fence: number | undefined,
  end: RunEnd,
  isSkipped: boolean = false,
): Promise<void> {
  await store.inOrg(org, async (tx) => {
    const run = await tx.runs.find(id);
    if (run === undefined || run.endedAt !== null) return;
    if (fence !== undefined && !(await tx.leases.hold(run.cluster, fence))) {
      throw lostTo(run.cluster);
    }
    // The approval before the run, as everybody does who needs both.
    await closeApproval(tx, run, end, new Date(clock.now()));
    await writeEnd(tx, clock, run, ["queued", "running"], { end, isSkipped });
  });
}

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
  await tell(tx, clock, run, state, end);
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
  const ended = transition(stored.approval, eventOf(end), facts);
  if (!ended.ok || !(await tx.approvals.save(stored.id, ended.next))) return;
  const plan = await tx.plans.find(planId);
  for (const effect of ended.effects) {
    if (effect.kind !== "plan_again" || plan === undefined) continue;
    const by = stored.approval.request?.by;
    const summary = `Plan ${plan.shortId} no longer fits ${plan.cluster}: ${effect.difference}`;
    const news = { what: "stale", at: now, people: by === undefined ? [] : [by], summary } as const;
    const details = { difference: effect.difference };
    await tellOf(tx, now, { stored, plan }, { ...news, details });
  }
}

/** What the end of a run is to its approval. */
function eventOf({ state, error }: RunEnd): ApprovalEvent {
  switch (state) {
    case "succeeded":
    case "partly_failed":
    case "failed":
      return { kind: "finish", outcome: state };
    // Somebody who cancels has ended the approval already; what is left is a process that was told to stop.
    case "cancelled":
      return { kind: "finish", outcome: "partly_failed" };
    case "stale":
      return { kind: "drift", difference: error?.message ?? "the cluster is not as planned." };
  }
}

async function tell(
  tx: OrgTransaction,
  clock: Clock,
  run: StoredRun,
  state: StoredRun["state"],
  { error }: RunEnd,
): Promise<void> {
  const { shortId, action, connection, cluster } = run;
  const caller = { actor: { kind: "system" }, org: tx.org, via: "sdk" } as const;
  await putOnRecord(tx, clock, {
    caller,
    action: "run.ended",
    targets: [`run:${shortId}`, `connection:${connection}`],
    outcome: state === "succeeded" ? "done" : "failed",
    code: error?.code,
    reason: error?.message,
    details: { action, state },
  });
  const now = clock.now();
  await tx.events.insert({
    id: newId("evt", now),
    type: "run.ended",
    source: "kappa4",
    subject: run.id,
    severity: state === "succeeded" ? "info" : "warning",
    at: new Date(now),
    endAt: null,
    summary: `Run ${shortId} of ${action} on ${cluster}: ${state.replace("_", " ")}.`,
    data: { state, action, connection, cluster, run: shortId, people: [run.requestedBy] },
    dedupeKey: `run.ended:${run.id}`,
  });
}
