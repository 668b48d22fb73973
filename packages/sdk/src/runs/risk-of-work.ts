import type { FoundToday } from "../actions/define.ts";
import { type ApprovalPolicy, type RiskClass, type RiskFacts, riskOf } from "../approvals/index.ts";
import type { OrgTransaction, RecentRun } from "../store/index.ts";

/** So long ago, a small change is a matter of its own. */
const RECENT_MS = 60 * 60 * 1000;
/** Who asks where the process itself does. */
const LOCAL = "local";

/** A piece of work, and when somebody wants it. */
export interface WorkToJudge {
  /** The action that carries it out, and how much can go wrong with such work. */
  readonly action: string;
  risk(content: unknown): RiskFacts;
  readonly connection: string;
  readonly cluster: string;
  readonly content: unknown;
  /** Whether it is for whoever holds the process, who was asked already. */
  readonly isTrusted: boolean;
  /** Whether that holds for what was done from there before. */
  readonly local: ApprovalPolicy["local"];
  /** What was found when a stored plan was asked for. Default: nobody has looked. */
  readonly today?: FoundToday<unknown> | undefined;
  readonly now: Date;
}

/**
 * Works out the risk class of a piece of work. What was moved in the same cluster within the last hour, or is to be,
 * without that anybody has voted on it counts as if it were part of it, whoever asked for that: a long plan in pieces is
 * as risky as in one. Where somebody has looked at what is there today, the higher class counts.
 */
export async function riskOfWork(tx: OrgTransaction, work: WorkToJudge): Promise<RiskClass> {
  const { action, connection, cluster, content, now, today } = work;
  const facts = work.risk(content);
  if (facts.kind !== "moves" || facts.count === 0 || work.isTrusted) return riskOf(facts);
  // Who asks at the same time is judged one after the other.
  if (today !== undefined) await tx.hold(`moves:${connection}:${cluster}`);
  const since = new Date(now.getTime() - RECENT_MS);
  const recent = await tx.runs.listRecent({ action, connection, cluster, since });
  const isUnasked = ({ run: { requestedBy }, votes }: RecentRun): boolean =>
    votes === 0 && !(requestedBy === LOCAL && work.local === "trusted");
  const moved = recent.filter(isUnasked).map((one) => movesOf(one, work));
  const count = moved.reduce((sum, moves) => sum + moves, facts.count);
  const stored = riskOf({ ...facts, count });
  if (today === undefined) return stored;
  const unseen = recent.filter(({ run: { endedAt } }) => endedAt === null || endedAt >= today.at);
  const found = today.risk(
    content,
    unseen.map((one) => one.content),
  );
  const asFound = riskOf(found.kind === "moves" ? { ...found, count } : found);
  return Math.max(asFound, stored) as RiskClass;
}

/** A run counts with the moves that it began; one that is not over, or cannot say, with all that were planned. */
function movesOf({ run, content }: RecentRun, { risk }: WorkToJudge): number {
  const facts = risk(content);
  const planned = facts.kind === "moves" ? facts.count : 0;
  if (run.endedAt === null) return planned;
  const { moves } = Object(run.result) as { readonly moves?: readonly { startedAt?: unknown }[] };
  if (moves !== undefined) return moves.filter((move) => move.startedAt !== undefined).length;
  return run.startedAt === null || run.state === "stale" ? 0 : planned;
}
