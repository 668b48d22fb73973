import type { Clock } from "@kappa4/connectors";
import type { Caller } from "../actions/actor.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import type { OrgTransaction, StoredApproval, StoredPlan } from "../store/index.ts";
import { tellOf } from "./tell.ts";

/** What has risen, by whose vote that was seen, and whom it concerns. */
export interface RisenApproval {
  readonly stored: StoredApproval;
  readonly plan: StoredPlan;
  readonly caller: Caller;
  readonly people: readonly string[];
}

/** Puts on record, and among the events, that an approval takes more people than when it was asked for. */
export async function tellRisen(
  tx: OrgTransaction,
  clock: Clock,
  { stored, plan, caller, people }: RisenApproval,
): Promise<void> {
  const { shortId: name, approval } = stored;
  const { risen, risk, request } = approval;
  if (risen === undefined || request === undefined) return;
  const { from, at, why } = risen;
  const { approvals } = request.quorum;
  await putOnRecord(tx, clock, {
    caller,
    action: "approval.risen",
    targets: [`approval:${name}`, `plan:${plan.shortId}`],
    outcome: "done",
    reason: why,
    planHash: plan.hash,
    details: { from, risk, quorum: request.quorum },
  });
  const wanted = `${approvals} ${approvals === 1 ? "person has" : "people have"} to approve it now`;
  const summary = `Approval ${name} of plan ${plan.shortId} on ${plan.cluster} is of class ${risk} and no longer ${from}: ${why}; ${wanted}.`;
  await tellOf(tx, at, { stored, plan }, { what: "risen", at, people, summary });
}
