import { type Clock, Kappa4Error } from "@kappa4/connectors";
import { newId } from "../ids.ts";
import { shortId } from "../plans/short-id.ts";
import type { OrgTransaction, StoredApproval, StoredPlan, StoredRun } from "../store/index.ts";
import type { RunQueue } from "./queue.ts";

/** What is to be carried out. */
export interface RunToStart {
  readonly plan: StoredPlan;
  readonly approval: StoredApproval;
  readonly input: unknown;
}

/**
 * Makes the run of an approved plan and puts it into the queue, in one transaction with the approval: a plan that is
 * approved is carried out, and only once. Throws `conflict` when the plan was used before.
 */
export async function startRun(
  tx: OrgTransaction,
  { clock, queue }: { readonly clock: Clock; readonly queue: RunQueue },
  { plan, approval, input }: RunToStart,
): Promise<StoredRun> {
  if (!(await tx.plans.move(plan.id, "draft", "consumed"))) {
    const message = `Plan ${plan.shortId} was used or set aside in this moment; make a new one.`;
    throw new Kappa4Error("conflict", message, { retryable: false });
  }
  const now = clock.now();
  const run: StoredRun = {
    id: newId("run", now),
    shortId: await shortId("R", async (id) => (await tx.runs.findByShortId(id)) !== undefined),
    action: plan.action,
    input,
    planId: plan.id,
    approvalId: approval.id,
    connection: plan.connection,
    cluster: plan.cluster,
    state: "queued",
    progress: null,
    result: null,
    error: null,
    requestedBy: approval.approval.request?.by ?? plan.requestedBy,
    via: approval.via,
    cancelAskedAt: null,
    cancelAskedBy: null,
    createdAt: new Date(now),
    startedAt: null,
    endedAt: null,
  };
  await tx.runs.insert(run);
  const { action, connection, cluster } = run;
  await queue.add(tx, { org: tx.org, run: run.id, action, connection, cluster });
  return run;
}
