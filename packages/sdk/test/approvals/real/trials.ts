import type { Inhabitant, Town } from "../town.ts";
import { rank } from "../watchman-page.ts";
import { type Break, isLate, isOver, isOwn, type KnownPlan, mayStop } from "./known-plan.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What people try. */
export const TRIES = [
  "request",
  "approve",
  "deny",
  "withdraw",
  "cancel",
  "break_glass",
  "acknowledge",
  "freeze",
  "attend",
] as const;

/** One of {@link TRIES}. */
export type Try = (typeof TRIES)[number];

/**
 * Why somebody must not: they or everybody lack the right, they are nobody, it is their own, its time is over, it is over itself, changes
 * are frozen, or they have done it as often as they may.
 */
export const FLAWS = ["wrong", "stranger", "own", "late", "over", "frozen", "often"] as const;

/** One of {@link FLAWS}. */
export type Flaw = (typeof FLAWS)[number];

/** Which of them there can be. */
export const FLAWS_OF: Readonly<Record<Try, readonly Flaw[]>> = {
  request: ["wrong", "stranger", "late", "over", "frozen"],
  approve: ["wrong", "stranger", "own", "late", "over"],
  deny: ["wrong", "stranger", "own", "late", "over"],
  withdraw: ["wrong", "stranger", "over"],
  cancel: ["wrong", "stranger", "over"],
  break_glass: ["wrong", "stranger", "late", "over", "frozen", "often"],
  acknowledge: ["wrong", "stranger", "own", "over"],
  freeze: ["wrong", "stranger", "over"],
  attend: ["wrong"],
};

/** Lists all that speaks against somebody trying something, by what is known of them and of the plans. */
export function flawsOf(
  what: Try,
  plan: KnownPlan,
  who: Inhabitant,
  { town, breaks }: { readonly town: Town; readonly breaks: readonly Break[] },
): readonly Flaw[] {
  const present: Readonly<Record<Flaw, boolean>> = {
    wrong: isWrong(what, plan, who),
    stranger: !(who.linked && who.active),
    own: what === "acknowledge" ? plan.broken?.by === who.name : isOwn(plan, who),
    late: !isOver(plan) && isLate(plan, town),
    over: isPast(what, plan, town),
    frozen: town.frozen && plan.action === "rebalance.apply",
    often: breaks.filter(({ by, at }) => by === who.name && town.now - at < DAY_MS).length >= 2,
  };
  return FLAWS_OF[what].filter((flaw) => present[flaw]);
}

/** Whether there is anything to try it on, as long as it is in time. */
export function fits(what: Try, plan: KnownPlan): boolean {
  switch (what) {
    case "request":
      return plan.state === "draft";
    case "approve":
    case "deny":
    case "break_glass":
      return plan.state === "pending";
    case "withdraw":
      return plan.state === "pending" || plan.state === "approved";
    case "cancel":
      return plan.state === "executing" && plan.run !== undefined;
    case "acknowledge":
      return plan.broken !== undefined && plan.isAcknowledged !== true;
    case "freeze":
    case "attend":
      return true;
  }
}

/** Whether there is anything at all that it could be tried on. */
export function isKnown(what: Try, plan: KnownPlan): boolean {
  if (what === "freeze" || what === "attend" || what === "request") return true;
  return what === "cancel" ? plan.run !== undefined : plan.approval !== undefined;
}

function isWrong(what: Try, plan: KnownPlan, who: Inhabitant): boolean {
  switch (what) {
    case "request":
    case "approve":
    case "deny":
      return rank(who) < plan.needs;
    case "withdraw":
    case "cancel":
      return !mayStop(plan, who);
    case "break_glass":
      return plan.shown >= 4 || rank(who) < Math.max(2, plan.needs);
    case "acknowledge":
    case "freeze":
      return rank(who) < 2;
    case "attend":
      return true;
  }
}

function isPast(what: Try, plan: KnownPlan, town: Town): boolean {
  if (what === "acknowledge") return plan.broken === undefined || plan.isAcknowledged === true;
  return what === "freeze" ? town.frozen : isOver(plan);
}
