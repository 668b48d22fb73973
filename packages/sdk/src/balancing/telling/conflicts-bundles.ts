import type { ApartRule, PinRule, TogetherRule } from "@kappa4/connectors";
import { type BrokenBundle, commonMask, fitsAlone } from "../model/bundle-parts.ts";
import { runningMembers } from "../model/bundles.ts";
import type { Model } from "../model/model.ts";
import type { Units } from "../model/units.ts";
import type { Conflict } from "../plan.ts";
import { smallestSet } from "../rules/smallest-set.ts";
import { whyInactive } from "./hindrance.ts";
import { some } from "./words.ts";

/** Says why guests that are to be together cannot be, with the fewest of them and of their rules that show it. */
export function bundleConflicts(model: Model, units: Units): readonly Conflict[] {
  return units.broken
    .filter(({ bundle }) => !standTogether(model, bundle.members))
    .map((broken) => bundleConflict(model, units, broken));
}

function bundleConflict(model: Model, units: Units, { bundle, cause }: BrokenBundle): Conflict {
  if (cause === "too-large") return tooLarge(model, units, bundle.members, bundle.rules);
  if (cause === "apart") return togetherAndApart(model, bundle.members, bundle.rules);
  return nowhere(model, units, bundle.members, bundle.rules);
}

function tooLarge(
  model: Model,
  units: Units,
  all: readonly number[],
  rules: readonly TogetherRule[],
): Conflict {
  const isTooLarge = (members: readonly number[]): boolean => {
    const mask = commonMask(units.masks, members);
    return !mask.some((bit, n) => bit === 1 && fitsAlone(model, members, n));
  };
  // The smallest guests are left out first: they matter least.
  const { weight } = model.resources.memory;
  const bySize = all.toSorted((a, b) => (weight[b] ?? 0) - (weight[a] ?? 0) || a - b);
  const members = smallestSet(bySize, (rest) => rest.length > 1 && isTooLarge(rest));
  const message = `No node is large enough for ${namesOf(model, members)} together; give them less or split the rule.`;
  return conflict(model, "together-too-large", connecting(model, rules, members), members, message);
}

function togetherAndApart(
  model: Model,
  members: readonly number[],
  rules: readonly TogetherRule[],
): Conflict {
  const inside = model.rules.flatMap(
    (rule): readonly { rule: ApartRule; pair: readonly number[] }[] => {
      if (rule.kind !== "apart" || !rule.hard) return [];
      const [a, b] = runningMembers(model, rule.guests).filter((g) => members.includes(g));
      return a === undefined || b === undefined ? [] : [{ rule, pair: [a, b] }];
    },
  );
  const [first] = inside;
  const pair = first?.pair ?? members;
  const named = [...(first === undefined ? [] : [first.rule]), ...connecting(model, rules, pair)];
  const message = `${namesOf(model, pair)} are to be on one node and not on one node; they stay as they are until one of the rules is removed.`;
  return conflict(model, "together-and-apart", named, pair, message);
}

function nowhere(
  model: Model,
  units: Units,
  all: readonly number[],
  rules: readonly TogetherRule[],
): Conflict {
  const members = smallestSet(all, (rest) => {
    if (rest.length < 2 || standTogether(model, rest)) return false;
    return !commonMask(units.masks, rest).includes(1);
  });
  const together = connecting(model, rules, members);
  const names = namesOf(model, members);
  if (members.every((g) => model.fixed[g] !== undefined)) {
    const message = `${names} are to be on one node, and neither of them can move.`;
    return conflict(model, "together-immovable", together, members, message);
  }
  const held = members.find(
    (g) => model.fixed[g] !== undefined && model.active[model.home[g] ?? -1] !== 1,
  );
  if (held !== undefined) {
    const why = whyInactive(model, model.home[held] ?? -1);
    const message = `${names} are to be on one node; ${nameOf(model, held)} cannot move, and ${why}.`;
    return conflict(model, "rule-unrepairable", together, members, message);
  }
  const pins = smallestSet(
    hardPins(model, members),
    (rest) => !model.nodes.some((_, n) => members.every((g) => couldBe(model, g, n, rest))),
  );
  const message = `${names} are to be on one node, and no node can run them all; change their pins or give a node what they need.`;
  const code = pins.length > 0 ? "together-split-by-pins" : "rule-unrepairable";
  return conflict(model, code, [...together, ...pins], members, message);
}

/** Guests that cannot move and are on one node keep their rule, whatever becomes of that node. */
function standTogether({ fixed, home }: Model, members: readonly number[]): boolean {
  return members.every((g) => fixed[g] !== undefined && home[g] === home[members[0] ?? -1]);
}

/** The fewest of a bundle's rules that want some of its members on one node, directly or through others. */
function connecting(
  model: Model,
  rules: readonly TogetherRule[],
  members: readonly number[],
): readonly TogetherRule[] {
  return smallestSet(rules, (rest) => {
    const reached = new Set(members.slice(0, 1));
    for (let before = 0; before < reached.size; ) {
      before = reached.size;
      for (const { guests } of rest) {
        const numbers = runningMembers(model, guests);
        if (numbers.some((g) => reached.has(g))) for (const g of numbers) reached.add(g);
      }
    }
    return members.every((g) => reached.has(g));
  });
}

/** The hard pins of guests, each once. */
export function hardPins(model: Model, guests: readonly number[]): readonly PinRule[] {
  const pins = guests.flatMap((g) => model.pins.get(g)?.rules.filter(({ hard }) => hard) ?? []);
  return [...new Set(pins)];
}

/** Whether a guest could be on a node if these were all pins there are. */
export function couldBe(model: Model, g: number, n: number, pins: readonly PinRule[]): boolean {
  if (model.active[n] !== 1) return false;
  const isHome = model.home[g] === n;
  if (model.fixed[g] !== undefined) return isHome;
  if (!isHome && model.reach.masks[model.reach.classOf[g] ?? -1]?.[n] !== 1) return false;
  const id = model.guests[g]?.id ?? "";
  const name = model.nodes[n]?.name ?? "";
  return pins.every(({ guests, nodes }) => !guests.includes(id) || nodes.includes(name));
}

function conflict(
  model: Model,
  code: Conflict["code"],
  rules: readonly { readonly id: string }[],
  members: readonly number[],
  message: string,
): Conflict {
  const guests = members.toSorted((a, b) => a - b).map((g) => model.guests[g]?.id ?? "");
  return { code, rules: rules.map(({ id }) => id), guests, message };
}

function namesOf(model: Model, members: readonly number[]): string {
  return some(members.toSorted((a, b) => a - b).map((g) => nameOf(model, g)));
}

function nameOf({ guests }: Model, g: number): string {
  return guests[g]?.name ?? "";
}
