import { watchedNodes } from "../failover/coverage.ts";
import { reportFailover } from "../failover/failover.ts";
import { amountsOf, loadsOf, spreadOf } from "../measure.ts";
import type { Model } from "../model/model.ts";
import type { Outcome } from "../order/outcome.ts";
import type { BlockedGuest, Conflict } from "../plan.ts";
import { brokenRules, undrained } from "../rules/violations.ts";
import { unfollowedWishes } from "../search/merit.ts";
import { fitsSomewhere, ruleConflicts } from "./conflicts-rules.ts";
import { nameOf, percent, points, some } from "./words.ts";

/** Lists rules and targets that do not hold at the end of a plan, or cannot, and why. */
export function listConflicts(
  outcome: Outcome,
  blocked: readonly BlockedGuest[],
): readonly Conflict[] {
  const { model, placement } = outcome;
  const known = [...model.problems, ...ruleConflicts(model, placement.problem.units)];
  // What wants a bundle together that had to be taken apart is broken for the reason that is told of the bundle.
  const torn = placement.problem.units.broken.flatMap(({ bundle }) =>
    bundle.rules.map(({ id }) => id),
  );
  return [
    ...known,
    ...nothingActive(model),
    ...offlineNodes(model),
    ...ownBalancer(outcome),
    ...drainConflicts(outcome),
    ...tooLargeGuests(outcome),
    ...brokenConflicts(outcome, new Set([...known.flatMap(({ rules }) => rules), ...torn])),
    ...limitConflicts(outcome),
    ...failoverConflicts(outcome),
    ...targetConflicts(outcome, blocked),
    ...wishConflicts(outcome),
  ];
}

function nothingActive(model: Model): readonly Conflict[] {
  if (model.active.includes(1)) return [];
  const message =
    "No node is online, out of maintenance and not ignored, so no guest can move; bring a node back.";
  return [{ code: "no-active-node", rules: [], guests: [], message }];
}

/** Offline nodes; one that is to be emptied cannot be, unless it is empty already. */
function offlineNodes(model: Model): readonly Conflict[] {
  return model.nodes.flatMap(({ name, status }, n): readonly Conflict[] => {
    if (status === "online") return [];
    const guests = model.guests.filter((_, g) => model.home[g] === n).map(({ id }) => id);
    const count = guests.length === 1 ? "1 guest there is" : `${guests.length} guests there are`;
    const state = guests.length === 0 ? "is offline" : `is offline, and ${count} unknown`;
    const about = { rules: [], guests, node: name };
    if (model.draining[n] !== 1 || guests.length === 0) {
      return [{ ...about, code: "node-offline", message: `${name} ${state}.` }];
    }
    const message = `${name} cannot be emptied: it ${state}; bring it back first.`;
    return [{ ...about, code: "drain-blocked", message }];
  });
}

/** The guests that the cluster's own balancer looks after: they are in the figures, and in no move that only levels. */
function ownBalancer({ model, levels }: Outcome): readonly Conflict[] {
  const left = model.unlevelled.flatMap((bar, g) =>
    bar?.code === "ha-managed" && model.counts[g] === 1 ? [model.guests[g]?.id ?? ""] : [],
  );
  if (!levels || left.length === 0) return [];
  const them = left.length === 1 ? "1 HA guest" : `${left.length} HA guests`;
  const message = `The cluster itself balances ${them}: counted, and moved by rules and drains only.`;
  return [{ code: "own-balancer", rules: [], guests: left, message }];
}

function drainConflicts({ model, at, stoppedLeft }: Outcome): readonly Conflict[] {
  const left = [...undrained(model, at), ...stoppedLeft].sort((a, b) => a - b);
  return model.nodes.flatMap(({ name, status }, n): readonly Conflict[] => {
    if (status !== "online") return [];
    const here = left.filter((g) => at[g] === n);
    if (here.length === 0) return [];
    const names = some(here.map((g) => model.guests[g]?.name ?? ""));
    const message = `${name} cannot be emptied: ${names} cannot leave; the reason is given for each guest.`;
    const guests = here.map((g) => model.guests[g]?.id ?? "");
    return [{ code: "drain-blocked", rules: [], guests, node: name, message }];
  });
}

function tooLargeGuests({ model, at, placement }: Outcome): readonly Conflict[] {
  const { units } = placement.problem;
  return undrained(model, at).flatMap((g): readonly Conflict[] => {
    const u = units.of[g] ?? -1;
    if (units.all[u]?.members.length !== 1 || model.fixed[g] !== undefined) return [];
    if (!units.all[u]?.mask.includes(1) || fitsSomewhere(model, units, u)) return [];
    const name = model.guests[g]?.name ?? "";
    const message = `${name} is larger than any node that may take it, even an empty one; make it smaller or add a node.`;
    return [{ code: "guest-too-large", rules: [], guests: [model.guests[g]?.id ?? ""], message }];
  });
}

/** Broken rules that no other conflict explains. */
function brokenConflicts(
  { model, at }: Outcome,
  explained: ReadonlySet<string>,
): readonly Conflict[] {
  return brokenRules(model, at).flatMap(({ rule, guests }): readonly Conflict[] => {
    if (!rule.hard || explained.has(rule.id)) return [];
    const names = some(guests.map((g) => model.guests[g]?.name ?? ""));
    const message = `Rule ${rule.id} stays broken: ${names} cannot go where it wants them.`;
    return [
      {
        code: "rule-unrepairable",
        rules: [rule.id],
        guests: guests.map((g) => model.guests[g]?.id ?? ""),
        message,
      },
    ];
  });
}

function limitConflicts({ model, at }: Outcome): readonly Conflict[] {
  return model.resources.all.flatMap((resource) => {
    const amounts = amountsOf(resource, model, at);
    return model.nodes.flatMap(({ name }, n): readonly Conflict[] => {
      const limit = resource.limit[n] ?? 0;
      const amount = amounts[n] ?? 0;
      if (amount <= limit || model.active[n] !== 1) return [];
      const capacity = resource.capacity[n] ?? 1;
      const figures = `${percent(amount / capacity)} ${nameOf(resource)}, limit ${percent(limit / capacity)}`;
      const remedy = resource.name.startsWith("storage ")
        ? "delete what is not needed"
        : "stop guests";
      const message = `${name} stays over its limit (${figures}); add capacity or ${remedy}.`;
      return [{ code: "limit-exceeded", rules: [], guests: [], node: name, message }];
    });
  });
}

/** Nodes whose guests would not all find a place if they failed. */
function failoverConflicts({ model, at }: Outcome): readonly Conflict[] {
  if (model.settings.failover === "ignore") return [];
  const { nodes } = reportFailover(model, at, watchedNodes(model));
  return nodes.flatMap(({ node, unplaced }): readonly Conflict[] => {
    const [first] = unplaced;
    if (first === undefined) return [];
    const names = some(unplaced.map(({ name }) => name));
    const message = `If ${node} fails, ${names} would find no place: of ${first.name}, ${first.message}.`;
    const rules = [...new Set(unplaced.flatMap(({ rule }) => rule ?? []))];
    const guests = unplaced.map(({ guest }) => guest);
    return [{ code: "failover-uncovered", rules, guests, node, message }];
  });
}

function targetConflicts(outcome: Outcome, blocked: readonly BlockedGuest[]): readonly Conflict[] {
  const { model, at, targets, usedUp, isTooLittle = false } = outcome;
  const { settings } = model;
  if (model.resources.pressureMissing && settings.goal === "all") {
    const message =
      "The snapshot has no pressure figures to level by; read them too, or choose another mode.";
    return [{ code: "pressure-missing", rules: [], guests: [], message }];
  }
  const held = blocked.filter(({ wanted }) => wanted === "level-load").map(({ guest }) => guest);
  const nothing = isTooLittle
    ? "what could be moved brings them closer by too little"
    : "no allowed move brings them closer";
  const why = usedUp ?? nothing;
  return [...targets.wanted].flatMap(([resource, width]): readonly Conflict[] => {
    const spread = spreadOf(model, loadsOf(resource, model, at));
    if (spread <= width + 1e-9) return [];
    const what = nameOf(resource, settings.method, settings.mode);
    const figures = `${points(100 * spread)} points apart, the target is ${points(100 * width)}`;
    return [
      {
        code: usedUp === undefined ? "target-unreachable" : "allowance-used",
        rules: [],
        guests: held,
        message: `The ${what} of the nodes stays ${figures}: ${why}.`,
      },
    ];
  });
}

/** Wishes that would be followed if more were allowed. */
function wishConflicts({ model, at, usedUp, wishesApart }: Outcome): readonly Conflict[] {
  if (usedUp === undefined || wishesApart === undefined) return [];
  const left = Math.ceil(unfollowedWishes(model, at) - wishesApart);
  if (left <= 0) return [];
  const stay = left === 1 ? "1 wish stays" : `${left} wishes stay`;
  const message = `${stay} unfollowed: ${usedUp}.`;
  return [{ code: "allowance-used", rules: [], guests: [], message }];
}
