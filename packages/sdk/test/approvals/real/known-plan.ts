import type { Inhabitant, Town } from "../town.ts";
import { rank } from "../watchman-page.ts";
import type { ClassRange, JudgedPlan, PlannedMove } from "./class-judge.ts";
import type { LivingCluster } from "./living-cluster.ts";

/** That somebody went past the quorum. */
export interface Break {
  readonly by: string;
  readonly at: number;
}

/** A plan as those know it who only hear what people are answered, and see what the clusters are asked for. */
export interface KnownPlan {
  readonly id: string;
  readonly hash: string;
  readonly action: string;
  /** Undefined for what is about Kappa4 itself. */
  readonly cluster: LivingCluster | undefined;
  readonly moves: readonly PlannedMove[];
  readonly made: number;
  readonly editor: string;
  /** The least rank that the permission for it comes with. */
  readonly needs: number;
  /** By the rules; what it was once it stays at least. */
  range: ClassRange;
  /** As it was shown last. */
  shown: number;
  approval?: string | undefined;
  requester?: string | undefined;
  asked?: number | undefined;
  /** Of the approval; `draft` before anybody asked. */
  state: string;
  readonly yeses: Set<string>;
  broken?: Break | undefined;
  isAcknowledged?: boolean | undefined;
  run?: string | undefined;
  began?: number | undefined;
  /** When its last move was asked for. */
  moved?: number | undefined;
  ended?: number | undefined;
  /** When somebody stopped it. */
  stopped?: number | undefined;
  /** Whether somebody has worked by hand on what it moves, or marked where it goes. */
  isTouched: boolean;
  /** The newer plan that has taken its place, surely or perhaps. */
  replaced?: { readonly by: string; readonly isSure: boolean } | undefined;
}

const MINUTE = 60_000;
const OPEN = ["draft", "pending", "approved", "executing"];

/** Whether nothing more can come of a plan. */
export function isOver({ state }: KnownPlan): boolean {
  return !OPEN.includes(state);
}

/** Whether somebody may still ask for it, decide on it or wait for its end. */
export function isOpen(plan: KnownPlan, town: Town): boolean {
  return !isOver(plan) && !(plan.state === "draft" && isLate(plan, town));
}

/** Whether anything may still become of it, or of its run. */
export function isFollowed(plan: KnownPlan): boolean {
  return !isOver(plan) || (plan.run !== undefined && plan.ended === undefined);
}

/** When the time to ask for it, or to decide on it, is over. */
export function lateFrom({ made, asked }: KnownPlan): number {
  return asked === undefined ? made + 30 * MINUTE : asked + 60 * MINUTE;
}

/** Whether that is so. */
export function isLate(plan: KnownPlan, { now }: Town): boolean {
  return now >= lateFrom(plan);
}

/** Whether somebody's word on it would be one on their own. */
export function isOwn({ requester, editor }: KnownPlan, { name }: Inhabitant): boolean {
  return name === requester || name === editor;
}

/** Whether somebody may take it back, or stop it. */
export function mayStop({ requester }: KnownPlan, who: Inhabitant): boolean {
  return who.name === requester || rank(who) >= 2;
}

/** The plan as the judge of classes wants it; undefined where it moves nothing. */
export function judged(plan: KnownPlan): JudgedPlan | undefined {
  const { cluster, moves, yeses, run, ended } = plan;
  if (cluster === undefined) return undefined;
  const isUnderWay = run !== undefined && ended === undefined;
  return { cluster, moves, isVotedOn: yeses.size > 0, isUnderWay, endedAt: ended };
}
