import type { Clock } from "@kappa4/connectors";
import type { Caller } from "../actions/actor.ts";
import type { RunAction } from "../actions/define.ts";
import { DEFAULT_POLICY, type RiskClass, transition } from "../approvals/index.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import { endQueued } from "../runs/end-run.ts";
import type { OrgTransaction, StoredApproval, StoredPlan } from "../store/index.ts";
import { tellOf } from "./tell.ts";

/** What the newer plan is, and what has brought it on its way. */
export interface Superseding {
  readonly caller: Caller;
  readonly action: Pick<RunAction<unknown, unknown>, "replacesOlder">;
  readonly plan: StoredPlan;
  /** The class that it was approved with: nobody's little plan ends a request that more can go wrong with. */
  readonly risk: RiskClass;
}

/**
 * Ends what a plan that people have approved, or that starts, takes the place of: requests for older plans of the same
 * cluster and no higher risk class that wait, or have not started, with their runs that are queued. In the transaction of
 * that approval, or start.
 */
export async function supersedeOlder(
  tx: OrgTransaction,
  clock: Clock,
  { caller, action, plan: newer, risk }: Superseding,
): Promise<void> {
  if (action.replacesOlder !== true) return;
  for (const { id } of await tx.approvals.listReplaced({ ...newer, highestRisk: risk })) {
    const stored = await tx.approvals.lock(id);
    if (stored !== undefined) await supersede(tx, clock, { caller, stored, newer });
  }
}

async function supersede(
  tx: OrgTransaction,
  clock: Clock,
  { caller, stored, newer }: { caller: Caller; stored: StoredApproval; newer: StoredPlan },
): Promise<void> {
  const { id, shortId: name, approval, planId } = stored;
  const now = new Date(clock.now());
  const facts = { now, policy: DEFAULT_POLICY, isFrozen: false, people: [] };
  const result = transition(approval, { kind: "supersede", plan: newer.shortId }, facts);
  const plan = await tx.plans.find(planId);
  // Started, or decided, by somebody who was quicker.
  if (!result.ok || plan === undefined || !(await tx.approvals.save(id, result.next))) return;
  await tx.plans.move(planId, "draft", "superseded");
  const sentence = `The newer plan ${newer.shortId} has taken the place of plan ${plan.shortId}`;
  await endQueued(tx, clock, planId, {
    state: "failed",
    result: null,
    error: { code: "conflict", message: `${sentence}; nothing of it was done.` },
  });
  await putOnRecord(tx, clock, {
    caller,
    action: "approval.superseded",
    targets: [`approval:${name}`, `plan:${plan.shortId}`, `plan:${newer.shortId}`],
    outcome: "done",
    planHash: approval.hash,
  });
  const requester = approval.request?.by;
  await tellOf(
    tx,
    now,
    { stored, plan },
    {
      what: "superseded",
      at: now,
      people: requester === undefined ? [] : [requester],
      summary: `${sentence}; approval ${name} is over.`,
      details: { by: newer.shortId },
    },
  );
}
