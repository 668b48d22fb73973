import type { PinRule } from "@kappa4/connectors";
import { type ApartGroup, buildApartGroups } from "../model/apart.ts";
import { fitsAlone } from "../model/bundle-parts.ts";
import type { Model } from "../model/model.ts";
import { obstacle } from "../model/reach.ts";
import type { Units } from "../model/units.ts";
import type { Conflict } from "../plan.ts";
import { smallestSet } from "../rules/smallest-set.ts";
import { bundleConflicts, couldBe, hardPins } from "./conflicts-bundles.ts";
import { whyInactive } from "./hindrance.ts";
import { some } from "./words.ts";

/** Finds rules that cannot hold whatever is moved, each with the smallest set of rules and guests that shows it. */
export function ruleConflicts(model: Model, units: Units): readonly Conflict[] {
  const groups = buildApartGroups(model, units);
  return [
    ...pinConflicts(model),
    ...bundleConflicts(model, units),
    ...groups.flatMap((group) => groupConflicts(model, units, group)),
  ];
}

function pinConflicts(model: Model): readonly Conflict[] {
  const found: Conflict[] = [];
  for (const [g, { allowed, rules }] of model.pins) {
    if (allowed === undefined || model.counts[g] !== 1) continue;
    const hard = rules.filter((rule) => rule.hard);
    const name = nameOf(model, g);
    const guests = idsOf(model, [g]);
    if (!allowed.includes(1)) {
      const pair = smallestSet(hard, (rest) => !isOpen(model, rest, () => true));
      const message = `${name} is pinned by rules without a common node; change one of them.`;
      found.push({ code: "pins-contradict", rules: pair.map(({ id }) => id), guests, message });
      continue;
    }
    if (model.fixed[g] !== undefined && allowed[model.home[g] ?? -1] === 1) continue;
    const usable = (n: number): boolean => whyUnusable(model, g, n) === undefined;
    if (allowed.some((bit, n) => bit === 1 && usable(n))) continue;
    const why = [...allowed].flatMap((bit, n) =>
      bit === 1 ? [whyUnusable(model, g, n) ?? ""] : [],
    );
    const message = `${name} has no node to be on: ${some(why)}; widen the pin, or let it run there again.`;
    const needed = smallestSet(hard, (rest) => !isOpen(model, rest, usable));
    found.push({ code: "pin-no-node", rules: needed.map(({ id }) => id), guests, message });
  }
  return found;
}

/** Whether pins leave a node, of those that count. */
function isOpen(model: Model, pins: readonly PinRule[], counts: (n: number) => boolean): boolean {
  return model.nodes.some(
    ({ name }, n) => counts(n) && pins.every(({ nodes }) => nodes.includes(name)),
  );
}

/** Why a node cannot have a guest; undefined when it can. */
function whyUnusable(model: Model, g: number, n: number): string | undefined {
  const [guest, node] = [model.guests[g], model.nodes[n]];
  if (guest === undefined || node === undefined) return undefined;
  if (model.active[n] !== 1) return whyInactive(model, n);
  if (model.home[g] === n) return undefined;
  return obstacle(guest, model.nodes[model.home[g] ?? -1], node)?.message;
}

function groupConflicts(model: Model, units: Units, group: ApartGroup): readonly Conflict[] {
  if (!group.rule.hard) return [];
  const narrow = tooNarrow(units, group);
  if (narrow === undefined) return [];
  const members = narrow.units.map((u) => units.all[u]?.members[0] ?? -1);
  const names = some(members.map((g) => nameOf(model, g)));
  const guests = idsOf(model, members);
  const active = model.active.reduce((sum, bit) => sum + bit, 0);
  const fixed = narrow.units.every((u) => units.all[u]?.movable === false);
  if (fixed) {
    const message = `${names} must not share a node; they do, and none of them can move.`;
    return [{ code: "apart-immovable", rules: [group.rule.id], guests, message }];
  }
  if (group.units.length > active) {
    const nodes = active === 1 ? "1 node" : `${active} nodes`;
    const message = `${group.units.length} guests cannot all be apart on ${nodes}; add nodes or name fewer guests in the rule.`;
    return [
      {
        code: "apart-too-many",
        rules: [group.rule.id],
        guests: idsOf(
          model,
          group.units.map((u) => units.all[u]?.members[0] ?? -1),
        ),
        message,
      },
    ];
  }
  const pins = smallestSet(hardPins(model, members), (rest) => {
    const placesOf = (u: number): readonly number[] => placesWith(model, units, u, rest);
    return unmatched(narrow.units, placesOf) !== undefined;
  });
  const nodes = some(narrow.nodes.map((n) => model.nodes[n]?.name ?? ""));
  const message = `${names} are to be apart and can only be on ${nodes === "" ? "no node" : nodes}; give them more nodes.`;
  const rules = [group.rule.id, ...pins.map(({ id }) => id)];
  return [{ code: "apart-too-narrow", rules, guests, message }];
}

/** Units of a group that are too many for the nodes they may be on, and these nodes. */
function tooNarrow(units: Units, group: ApartGroup): Narrow | undefined {
  // As many places for each as there are units: nobody can be left without one.
  const isRoomy = group.units.every((u) => {
    const unit = units.all[u];
    let left = group.units.length;
    for (let n = 0; unit?.movable === true && left > 0 && n < unit.mask.length; n++) {
      left -= unit.mask[n] ?? 0;
    }
    return left === 0;
  });
  if (isRoomy) return undefined;
  return unmatched(group.units, (u) => {
    const unit = units.all[u];
    if (unit === undefined) return [];
    if (!unit.movable) return unit.home >= 0 ? [unit.home] : [];
    return [...unit.mask.keys()].filter((n) => unit.mask[n] === 1);
  });
}

/** Where a unit could be if these were all pins there are. */
function placesWith(
  model: Model,
  units: Units,
  u: number,
  pins: readonly PinRule[],
): readonly number[] {
  const unit = units.all[u];
  if (unit === undefined) return [];
  const open = [...model.nodes.keys()].filter((n) =>
    unit.members.every((g) => couldBe(model, g, n, pins)),
  );
  return open.length === 0 && unit.home >= 0 ? [unit.home] : open;
}

interface Narrow {
  readonly units: readonly number[];
  readonly nodes: readonly number[];
}

/** Matches units with nodes; where one finds none, the units and nodes that were tried are too few for each other. */
function unmatched(
  group: readonly number[],
  placesOf: (u: number) => readonly number[],
): Narrow | undefined {
  const unitOn = new Map<number, number>();
  for (const start of group) {
    const tried = new Set<number>();
    const seen = new Set([start]);
    const place = (u: number): boolean => {
      seen.add(u);
      for (const n of placesOf(u)) {
        if (tried.has(n)) continue;
        tried.add(n);
        const holder = unitOn.get(n);
        if (holder === undefined || place(holder)) {
          unitOn.set(n, u);
          return true;
        }
      }
      return false;
    };
    if (!place(start)) {
      return { units: [...seen].sort((a, b) => a - b), nodes: [...tried].sort((a, b) => a - b) };
    }
  }
  return undefined;
}

/** Whether some node that may take a unit is large enough for it alone. */
export function fitsSomewhere(model: Model, units: Units, u: number): boolean {
  const unit = units.all[u];
  return unit?.mask.some((bit, n) => bit === 1 && fitsAlone(model, unit.members, n)) === true;
}

function nameOf(model: Model, g: number): string {
  return model.guests[g]?.name ?? "";
}

function idsOf(model: Model, guests: readonly number[]): readonly (number | string)[] {
  return guests.map((g) => model.guests[g]?.id ?? "");
}
