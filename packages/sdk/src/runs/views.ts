import type { ApprovalView, PlanView, RunSummary, RunView } from "../actions/answers.ts";
import type { StoredApproval, StoredPlan, StoredRun } from "../store/index.ts";

/** Shows a stored plan. */
export function planView(stored: StoredPlan): PlanView {
  const { id, shortId, action, connection, cluster, content, hash, state } = stored;
  const { risk, requestedBy, createdAt, expiresAt } = stored;
  return {
    ...{ id, shortId, action, connection, cluster, content, hash, state },
    ...{ risk, requestedBy, createdAt, expiresAt },
  };
}

/** Shows a stored run. */
export function runView(stored: StoredRun): RunView {
  const { id, shortId, action, planId, connection, cluster, state, progress, result } = stored;
  const { requestedBy, cancelAskedBy, createdAt, startedAt, endedAt } = stored;
  return {
    ...{ id, shortId, action, plan: planId, connection, cluster, state, progress, result },
    error: (stored.error ?? undefined) as RunView["error"],
    requestedBy,
    cancelAskedBy: cancelAskedBy ?? undefined,
    createdAt,
    startedAt: startedAt ?? undefined,
    endedAt: endedAt ?? undefined,
  };
}

/** Shows a stored run in short, as lists do. */
export function runSummary(stored: StoredRun): RunSummary {
  const { progress: _progress, result: _result, ...summary } = runView(stored);
  return summary;
}

/** Shows a stored approval. */
export function approvalView({ id, shortId, planId, approval }: StoredApproval): ApprovalView {
  const { state, hash, risk, request, votes, breakGlass, submitted, risen } = approval;
  const said = Object.entries(submitted?.options ?? {});
  return {
    ...{ id, shortId, plan: planId, state, hash, risk },
    ...(risen === undefined ? {} : { risen }),
    ...(said.length === 0 ? {} : { options: Object.fromEntries(said) }),
    requestedBy: request?.by,
    reason: request?.reason,
    quorum: request?.quorum ?? { approvals: 0, admins: 0, superAdmins: 0 },
    votes: votes.map(({ person, decision, at, reason }) => ({ person, decision, at, reason })),
    deadline: request?.deadline,
    isBreakGlass: breakGlass !== undefined,
  };
}
