import type { RunLimit } from "../actions/context.ts";
import type { RunAction } from "../actions/define.ts";
import { policyOf } from "../approving/policy.ts";
import type { OrgTransaction, StoredRun } from "../store/index.ts";

/**
 * Returns up to which class a run was let through; undefined where nothing outside can make it higher, and where nobody is
 * held to a class: whoever holds the process, where the policy trusts them, and an emergency.
 */
export async function runLimitOf(
  tx: OrgTransaction,
  { id, approvalId, planId, action, cluster, createdAt }: StoredRun,
  { look }: Pick<RunAction<unknown, unknown>, "look">,
): Promise<RunLimit | undefined> {
  const stored = approvalId === null ? undefined : await tx.approvals.find(approvalId);
  if (look === undefined || stored === undefined) return undefined;
  const { breakGlass, request, risk } = stored.approval;
  const isOurs = request?.by === "local" || request?.by === "system";
  if (breakGlass !== undefined || (isOurs && (await policyOf(tx)).local === "trusted")) {
    return undefined;
  }
  const recent = await tx.runs.listRecent({ action, cluster, since: createdAt });
  const later = recent.filter(({ run }) => run.planId !== planId && run.id > id);
  return { risk, later: later.map(({ content }) => content) };
}
