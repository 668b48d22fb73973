import type { GuestId } from "@kappa4/connectors";
import type { LivingCluster } from "./living-cluster.ts";

/** A move as a plan has it. */
export interface PlannedMove {
  readonly guest: GuestId;
  readonly from: string;
  readonly to: string;
}

/** What the judge knows of a plan, from what people said and what the clusters were asked for. */
export interface JudgedPlan {
  readonly cluster: LivingCluster;
  readonly moves: readonly PlannedMove[];
  /** Whether somebody has said yes to it. */
  readonly isVotedOn: boolean;
  /** Whether it is on its way: allowed, and not over. */
  readonly isUnderWay: boolean;
  /** When it was over, where it is. */
  readonly endedAt?: number | undefined;
}

/** The lowest and the highest class that the rules can mean. */
export interface ClassRange {
  readonly least: number;
  readonly most: number;
}

/** What is protected in this town. */
export const PROTECTED_IN_TOWN: {
  readonly pools: readonly string[];
  readonly tags: readonly string[];
} = {
  pools: ["gold"],
  tags: ["core"],
};

const HOUR_MS = 60 * 60 * 1000;

/**
 * Works out the class of a plan from its moves and from the cluster as it is, by what docs/approvals.md says: the rules
 * are written down here a second time, on purpose. Where those leave open to which hour a move belongs, because its run
 * went on for longer, both answers are given.
 */
export function classNow(
  plan: Pick<JudgedPlan, "cluster" | "moves">,
  others: readonly JudgedPlan[],
  now: number,
  isAskedFor: boolean,
): ClassRange {
  const { cluster, moves } = plan;
  const beside = others.filter((other) => other !== plan && other.cluster === cluster);
  const gone = new Set(
    isAskedFor
      ? beside
          .filter((other) => other.isUnderWay)
          .flatMap((other) => other.moves.map((it) => it.guest))
      : [],
  );
  if (touchesProtected(plan) || empties(plan, gone)) return { least: 3, most: 3 };
  const unasked = beside.filter((other) => !other.isVotedOn);
  const isRecent = (at: number): boolean => at >= now - HOUR_MS;
  const sumOf = (count: (other: JudgedPlan) => number): number =>
    unasked.reduce((sum, other) => sum + count(other), moves.length);
  const least = sumOf((other) =>
    other.isUnderWay ? other.moves.length : begunBy(other).filter(isRecent).length,
  );
  const most = sumOf((other) => {
    if (other.isUnderWay) return other.moves.length;
    return isRecent(other.endedAt ?? 0) ? begunBy(other).length : 0;
  });
  return { least: byCount(least), most: byCount(Math.max(least, most)) };
}

function byCount(moves: number): number {
  if (moves > 10) return 3;
  return moves > 3 ? 2 : 1;
}

function touchesProtected({ cluster, moves }: Pick<JudgedPlan, "cluster" | "moves">): boolean {
  return moves.some(({ guest: id }) => {
    const guest = cluster.guest(id);
    const pool = guest?.pool ?? "";
    const tags = guest?.tags ?? [];
    return (
      PROTECTED_IN_TOWN.pools.includes(pool) ||
      tags.some((tag) => PROTECTED_IN_TOWN.tags.includes(tag))
    );
  });
}

/** Off a node that is to be empty, or so that nothing is left running on it. */
function empties(
  { cluster, moves }: Pick<JudgedPlan, "cluster" | "moves">,
  gone: ReadonlySet<GuestId>,
): boolean {
  return moves.some(({ from }) => {
    if (cluster.isMarked(from)) return true;
    const leaves = new Set(moves.filter((move) => move.from === from).map(({ guest }) => guest));
    const comes = moves.some(({ to }) => to === from);
    const stays = cluster.guests.some(
      ({ id, node }) => node === from && !leaves.has(id) && !gone.has(id),
    );
    return !stays && !comes;
  });
}

/** When each of its moves was handed to the cluster. */
function begunBy({ cluster, moves }: JudgedPlan): readonly number[] {
  return moves.flatMap(({ guest }) => cluster.asked.get(guest) ?? []);
}
