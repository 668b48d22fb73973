import type { Dice } from "../../balancing/dice.ts";
import type { Inhabitant, Town } from "../town.ts";
import type { Break, KnownPlan } from "./known-plan.ts";
import type { RealFuzzReport } from "./report.ts";
import type { TownCall } from "./town.ts";
import { FLAWS_OF, type Flaw, fits, flawsOf, isKnown, TRIES, type Try } from "./trials.ts";

/** What somebody attempts. */
export interface Attempt extends TownCall {
  readonly what: Try;
  readonly who: Inhabitant;
  /** Undefined for what makes its own plan. */
  readonly plan: KnownPlan | undefined;
  readonly hash: string;
  readonly reason: string;
  readonly ticket: string;
  readonly incident?: string | undefined;
}

/** What an attempt is invented from. */
export interface Inventing {
  readonly dice: Dice;
  readonly town: Town;
  readonly people: readonly Inhabitant[];
  readonly plans: readonly KnownPlan[];
  readonly breaks: readonly Break[];
  /** What was tried so far. */
  readonly tries: RealFuzzReport["tries"];
}

const REASON = "the node is about to fail";
const RECENT = 24;
const LOOKS = 4;
/** Of so many things that speak against somebody, one is tried. */
const CHOICES = 12;
/** How often each thing is tried by somebody who may. */
const USUAL: readonly Try[] = [
  ...Array<Try>(8).fill("request"),
  ...Array<Try>(14).fill("approve"),
  ...Array<Try>(3).fill("break_glass"),
  ...Array<Try>(3).fill("acknowledge"),
  ...(["deny", "withdraw", "cancel", "cancel", "cancel", "cancel", "freeze"] as const),
];

/** Thinks of something that somebody tries: half of the time what they may, else what speaks one thing against. */
export function invent(inventing: Inventing): Omit<Attempt, "requestKey" | "isSchedule"> {
  const { dice, plans, people } = inventing;
  let found: Found | undefined;
  for (let look = 0; found === undefined && look < LOOKS; look += 1) found = think(inventing);
  const anything = { what: dice.pick(TRIES), plan: dice.pick(plans.slice(-RECENT)) };
  const { what, plan, who } = found ?? { ...anything, who: dice.pick(people) };
  const shown = dice.chance(0.93) ? plan.hash : dice.pick(plans).hash;
  const hash = what === "break_glass" ? shown.slice(0, dice.pick([7, 8, 8, 64])) : shown;
  const reason = dice.chance(0.94) ? REASON : dice.pick(["", "soon"]);
  const ticket = dice.chance(0.96) ? "INC-7" : "";
  const incident = dice.chance(0.15) ? "INC-7" : undefined;
  const approval = plan.approval ?? "A-0000";
  const inputs: Readonly<Record<Try, readonly [string, object]>> = {
    request: ["rebalance.apply", { plan: plan.id, reason: REASON }],
    approve: ["approvals.approve", { approval, hash }],
    deny: ["approvals.deny", { approval, reason }],
    withdraw: ["approvals.withdraw", { approval }],
    cancel: ["runs.cancel", { run: plan.run ?? "R-0000", reason, incident }],
    break_glass: ["approvals.breakGlass", { approval, reason, ticket, hash }],
    acknowledge: ["approvals.acknowledge", { approval }],
    freeze: ["service.stop", { reason: REASON }],
    attend: ["approvals.attend", {}],
  };
  const [action, input] = inputs[what];
  return { what, who, plan, hash, reason, ticket, incident, action, input };
}

interface Found {
  readonly what: Try;
  readonly plan: KnownPlan;
  readonly who: Inhabitant;
}

/** Picks something, and a plan and somebody of whom exactly that is true; undefined where there are none. */
function think(inventing: Inventing): Found | undefined {
  const { dice, tries } = inventing;
  if (dice.chance(0.5)) return findFor(inventing, dice.pick(USUAL), undefined);
  // Of several, what was tried least often comes first: nothing is to become rare.
  const some = Array.from({ length: CHOICES }, () => {
    const what = dice.pick(TRIES);
    const flaw = dice.pick(FLAWS_OF[what]);
    return { what, flaw, count: tries[what].flaws[flaw] };
  });
  for (const { what, flaw } of some.sort((one, other) => one.count - other.count)) {
    const found = findFor(inventing, what, flaw);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findFor(inventing: Inventing, what: Try, flaw: Flaw | undefined): Found | undefined {
  const { dice, people, plans } = inventing;
  const recent = plans.slice(-RECENT);
  const some = recent.filter((plan) => (flaw === "over" ? isKnown(what, plan) : fits(what, plan)));
  for (const plan of dice.shuffled(some)) {
    for (const who of dice.shuffled(people)) {
      const flaws = flawsOf(what, plan, who, inventing);
      if (flaws.length === (flaw === undefined ? 0 : 1) && flaws[0] === flaw) {
        return { what, plan, who };
      }
    }
  }
  return undefined;
}
