import type { FoundToday } from "../actions/define.ts";
import {
  type ApprovalPolicy,
  type FoundRisk,
  type RiskFacts,
  riskOf,
  whyOf,
} from "../approvals/index.ts";
import type { OrgTransaction, RecentRun, StoredPlan } from "../store/index.ts";

/** So long ago, a small change is a matter of its own. */
const RECENT_MS = 60 * 60 * 1000;
/**
 * What ended so shortly before a look may have ended after it: whoever looked and whoever worked have clocks of their
 * own. Guests that it had moved by then are gone already, so that it counts once more changes nothing.
 */
const SKEW_MS = 60 * 1000;
/** Who asks where the process itself does. */
const LOCAL = "local";

/** A piece of work, and when somebody wants it. */
export interface WorkToJudge {
  /** The action that carries it out, and how much can go wrong with such work. */
  readonly action: string;
  risk(content: unknown): RiskFacts;
  readonly cluster: string;
  readonly content: unknown;
  /** Whether it is for whoever holds the process, who was asked already. */
  readonly isTrusted: boolean;
  /** Whether that holds for what was done from there before. */
  readonly local: ApprovalPolicy["local"];
  /** What was found when somebody asked for a stored plan, or voted on it. Default: nobody has looked. */
  readonly today?: FoundToday<unknown> | undefined;
  readonly now: Date;
}

/**
 * Waits until nobody else brings a run of the same cluster about. What asks or decides takes this before it looks at
 * anything that it locks: of two pieces at once, the second one sees the first, by whichever connection it goes.
 */
export function holdCluster(
  tx: OrgTransaction,
  { cluster }: Pick<StoredPlan, "cluster">,
): Promise<void> {
  return tx.hold(`runs:${cluster}`);
}

/**
 * Works out the risk class of a piece of work. What was moved in the same cluster within the last hour, or is to be,
 * without that anybody has voted on it counts as if it were part of it, whoever asked for that: a long plan in pieces is
 * as risky as in one. Where somebody has looked at what is there today, the higher class counts.
 */
export async function riskOfWork(tx: OrgTransaction, work: WorkToJudge): Promise<FoundRisk> {
  const { action, cluster, content, now, today } = work;
  const facts = work.risk(content);
  if (facts.kind !== "moves" || facts.count === 0 || work.isTrusted) return found(facts);
  const since = new Date(now.getTime() - RECENT_MS);
  const recent = await tx.runs.listRecent({ action, cluster, since });
  const isUnasked = ({ run: { requestedBy }, votes }: RecentRun): boolean =>
    votes === 0 && !(requestedBy === LOCAL && work.local === "trusted");
  const moved = recent.filter(isUnasked).map((one) => movesOf(one, work));
  const others = moved.reduce((sum, moves) => sum + moves, 0);
  const stored = found(facts, others);
  if (today === undefined) return stored;
  const seenSince = new Date(today.at.getTime() - SKEW_MS);
  const unseen = recent.filter(({ run: { endedAt } }) => endedAt === null || endedAt >= seenSince);
  const underWay = unseen.map((one) => one.content);
  const seen = today.risk(content, underWay);
  const asFound = found(seen.kind === "moves" ? { ...seen, count: facts.count } : seen, others);
  return asFound.risk >= stored.risk ? asFound : stored;
}

function found(facts: RiskFacts, others = 0): FoundRisk {
  const whole = facts.kind === "moves" ? { ...facts, count: facts.count + others } : facts;
  return { risk: riskOf(whole), why: whyOf(facts, others) };
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
