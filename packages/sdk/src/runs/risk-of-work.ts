import { type RiskClass, type RiskFacts, riskOf } from "../approvals/index.ts";
import type { OrgTransaction, StoredRun } from "../store/index.ts";

/** So long ago, a small change is a matter of its own. */
const RECENT_MS = 60 * 60 * 1000;
/** The highest class that nobody is asked about. */
const UNASKED: RiskClass = 1;

/** A piece of work, and who wants it when. */
export interface WorkToJudge {
  /** The action that carries it out, and how much can go wrong with such work. */
  readonly action: string;
  risk(content: unknown): RiskFacts;
  readonly connection: string;
  readonly cluster: string;
  readonly content: unknown;
  /** Who answers for it; undefined for whoever holds the process, who was asked already. */
  readonly by: string | undefined;
  readonly now: Date;
}

/**
 * Works out the risk class of a piece of work. What the same person has moved in the same cluster within the last hour,
 * without that anybody was asked, counts as if it were part of it: a long plan in pieces is as risky as in one.
 */
export async function riskOfWork(tx: OrgTransaction, work: WorkToJudge): Promise<RiskClass> {
  const facts = work.risk(work.content);
  if (facts.kind !== "moves" || facts.count === 0 || work.by === undefined) return riskOf(facts);
  return riskOf({ ...facts, count: facts.count + (await movedUnasked(tx, work, work.by)) });
}

async function movedUnasked(
  tx: OrgTransaction,
  { action, connection, cluster, now, risk }: WorkToJudge,
  by: string,
): Promise<number> {
  const since = new Date(now.getTime() - RECENT_MS);
  const runs = await tx.runs.list({ action, connection, requestedBy: by, since });
  let moves = 0;
  for (const run of runs) {
    if (run.cluster !== cluster || !(await wasUnasked(tx, run))) continue;
    const plan = await tx.plans.find(run.planId);
    const facts = plan && risk(plan.content);
    moves += facts?.kind === "moves" ? begunIn(run, facts.count) : 0;
  }
  return moves;
}

/** A run counts with the moves that it began; one that is not over, or cannot say, with all that were planned. */
function begunIn({ state, startedAt, endedAt, result }: StoredRun, planned: number): number {
  if (endedAt === null) return planned;
  const { moves } = Object(result) as { readonly moves?: readonly { startedAt?: unknown }[] };
  if (moves !== undefined) return moves.filter((move) => move.startedAt !== undefined).length;
  return startedAt === null || state === "stale" ? 0 : planned;
}

async function wasUnasked(tx: OrgTransaction, { approvalId }: StoredRun): Promise<boolean> {
  const stored = approvalId === null ? undefined : await tx.approvals.find(approvalId);
  return stored === undefined || stored.approval.risk <= UNASKED;
}
