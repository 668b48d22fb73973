import { type Due, newestDue } from "../approvals/index.ts";
import type { OrgTransaction, StoredApproval } from "../store/index.ts";
import { policyOf } from "./policy.ts";
import { keyOf, typeOf } from "./tell.ts";

/** What there is to do about an approval, since when. */
export interface DueNow {
  readonly stored: StoredApproval;
  readonly due: Due;
}

/**
 * Finds what has fallen due and nobody has done, in whatever process and however long ago. Newest plans first: whoever
 * locks several approvals does it in that order.
 */
export async function dueNow(tx: OrgTransaction, now: Date): Promise<readonly DueNow[]> {
  const policy = await policyOf(tx);
  const open = await tx.approvals.listOpen();
  const broken = await tx.approvals.listUnacknowledged();
  const all = [...new Map([...open, ...broken].map((one) => [one.id, one])).values()];
  const found: DueNow[] = [];
  for (const stored of all.sort((one, other) => (one.planId < other.planId ? 1 : -1))) {
    for (const due of newestDue(stored.approval, policy, now)) {
      if (!(await isDone(tx, stored, due))) found.push({ stored, due });
    }
  }
  return found;
}

async function isDone(
  tx: OrgTransaction,
  { id, planId }: StoredApproval,
  { what, at }: Due,
): Promise<boolean> {
  if (what === "deadline") {
    const run = await tx.runs.findByPlan(planId);
    // What is under way is the worker's to end. What is queued may have no worker anywhere.
    return run?.state === "running";
  }
  const told = await tx.events.list({ subject: id, types: [typeOf(what)] });
  return told.some(({ dedupeKey }) => dedupeKey === keyOf(id, { what, at }));
}
