import type { Clock } from "@kappa4/connectors";
import type { RunEnd } from "../actions/define.ts";
import { type Approval, DEFAULT_POLICY, transition } from "../approvals/index.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import { newId } from "../ids.ts";
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
    const state = isSkipped ? "skipped" : end.state;
    const { result, error = null } = end;
    const endedAt = new Date(clock.now());
    await tx.runs.update(id, ["queued", "running"], { state, result, error, endedAt });
    await closeApproval(tx, run, end, endedAt);
    await tell(tx, clock, run, state, end);
  });
}

async function closeApproval(
  tx: OrgTransaction,
  { approvalId }: StoredRun,
  { state }: RunEnd,
  now: Date,
): Promise<void> {
  const stored = approvalId === null ? undefined : await tx.approvals.lock(approvalId);
  if (stored === undefined || stored.approval.state !== "executing") return;
  const facts = { now, policy: DEFAULT_POLICY, isFrozen: false, people: [] };
  const event = { kind: "finish", outcome: OUTCOMES[state] } as const;
  const finished = transition(stored.approval, event, facts);
  if (finished.ok) await tx.approvals.save(stored.id, finished.next);
}

const OUTCOMES: Readonly<Record<RunEnd["state"], "succeeded" | "partly_failed" | "failed">> = {
  succeeded: "succeeded",
  partly_failed: "partly_failed",
  failed: "failed",
  // Somebody who cancels has ended the approval already; what is left is a process that was told to stop.
  cancelled: "partly_failed",
  stale: "failed",
} satisfies Record<RunEnd["state"], Approval["state"]>;

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
    data: { state, action, connection, cluster },
    dedupeKey: `run.ended:${run.id}`,
  });
}
