import { type ApartGroup, buildApartGroups } from "./apart.ts";
import { type BrokenBundle, fitsAlone } from "./bundle-parts.ts";
import { runningMembers } from "./bundles.ts";
import { whyInactive } from "./hindrance.ts";
import type { Model } from "./model.ts";
import type { Conflict } from "./plan.ts";
import { obstacle } from "./reach.ts";
import type { Units } from "./units.ts";
import { some } from "./words.ts";

/** Finds rules that cannot hold whatever is moved, each with the smallest set of rules and guests that shows it. */
export function ruleConflicts(model: Model, units: Units): readonly Conflict[] {
  const groups = buildApartGroups(model, units);
  return [
    ...pinConflicts(model),
    ...units.broken
      .filter(({ bundle }) => !standTogether(model, bundle.members))
      .map((broken) => bundleConflict(model, units, broken)),
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
      const pair = contradiction(hard);
      const message = `${name} is pinned by rules without a common node; change one of them.`;
      found.push({ code: "pins-contradict", rules: pair.map(({ id }) => id), guests, message });
      continue;
    }
    if (model.fixed[g] !== undefined && allowed[model.home[g] ?? -1] === 1) continue;
    const why = [...allowed].flatMap((bit, n) => (bit === 1 ? [whyUnusable(model, g, n)] : []));
    if (why.includes(undefined)) continue;
    const message = `${name} has no node to be on: ${some(why.filter((reason) => reason !== undefined))}; bring one back or widen the pin.`;
    found.push({ code: "pin-no-node", rules: hard.map(({ id }) => id), guests, message });
  }
  return found;
}

/** Why a node cannot have a guest; undefined when it can. */
function whyUnusable(model: Model, g: number, n: number): string | undefined {
  const [guest, node] = [model.guests[g], model.nodes[n]];
  if (guest === undefined || node === undefined) return undefined;
  if (model.active[n] !== 1) return whyInactive(model, n);
  if (model.home[g] === n) return undefined;
  return obstacle(guest, model.nodes[model.home[g] ?? -1], node)?.message;
}

/** Two rules without a common node, or all where only the whole has none. */
function contradiction<Rule extends { readonly id: string; readonly nodes: readonly string[] }>(
  rules: readonly Rule[],
): readonly Rule[] {
  for (const [index, a] of rules.entries()) {
    for (const b of rules.slice(index + 1)) {
      if (!a.nodes.some((node) => b.nodes.includes(node))) return [a, b];
    }
  }
  return rules;
}

function bundleConflict(model: Model, units: Units, { bundle, cause }: BrokenBundle): Conflict {
  const rules = bundle.rules.map(({ id }) => id);
  if (cause === "too-large") {
    const names = some(bundle.members.map((g) => nameOf(model, g)));
    const message = `No node is large enough for ${names} together; give them less or split the rule.`;
    return { code: "together-too-large", rules, guests: idsOf(model, bundle.members), message };
  }
  if (cause === "apart") return togetherAndApart(model, bundle.members, rules);
  const pair = incompatible(model, units, bundle.members);
  const names = some(pair.map((g) => nameOf(model, g)));
  const guests = idsOf(model, pair);
  if (pair.every((g) => model.fixed[g] !== undefined)) {
    const message = `${names} are to be on one node, and neither of them can move.`;
    return { code: "together-immovable", rules, guests, message };
  }
  const held = pair.find(
    (g) => model.fixed[g] !== undefined && model.active[model.home[g] ?? -1] !== 1,
  );
  if (held !== undefined) {
    const why = whyInactive(model, model.home[held] ?? -1);
    const message = `${names} are to be on one node; ${nameOf(model, held)} cannot move, and ${why}.`;
    return { code: "rule-unrepairable", rules, guests, message };
  }
  const pins = pair.flatMap((g) => model.pins.get(g)?.rules.filter(({ hard }) => hard) ?? []);
  const message = `${names} are to be on one node, and no node can run them all; change their pins or give a node what they need.`;
  return {
    code: pins.length > 0 ? "together-split-by-pins" : "rule-unrepairable",
    rules: [...rules, ...new Set(pins.map(({ id }) => id))],
    guests,
    message,
  };
}

function togetherAndApart(
  model: Model,
  members: readonly number[],
  together: readonly string[],
): Conflict {
  const inside = model.rules.flatMap((rule) => {
    if (rule.kind !== "apart" || !rule.hard) return [];
    const both = runningMembers(model, rule.guests).filter((g) => members.includes(g));
    return both.length < 2 ? [] : [{ rule, both }];
  });
  const both = inside[0]?.both ?? members;
  const names = some(both.map((g) => nameOf(model, g)));
  return {
    code: "together-and-apart",
    rules: [...inside.map(({ rule }) => rule.id), ...together],
    guests: idsOf(model, both),
    message: `${names} are to be on one node and not on one node; they stay as they are until one of the rules is removed.`,
  };
}

/** Guests that cannot move and are on one node keep their rule, whatever becomes of that node. */
function standTogether({ fixed, home }: Model, members: readonly number[]): boolean {
  return members.every((g) => fixed[g] !== undefined && home[g] === home[members[0] ?? -1]);
}

function incompatible(model: Model, units: Units, members: readonly number[]): readonly number[] {
  for (const [index, a] of members.entries()) {
    for (const b of members.slice(index + 1)) {
      if (standTogether(model, [a, b])) continue;
      if (!units.masks[a]?.some((bit, n) => bit === 1 && units.masks[b]?.[n] === 1)) return [a, b];
    }
  }
  return members;
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
    const message = `${group.units.length} guests are to be apart on ${active} nodes; they are spread as evenly as possible.`;
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
  const pins = members.flatMap((g) => model.pins.get(g)?.rules.filter(({ hard }) => hard) ?? []);
  const nodes = some(narrow.nodes.map((n) => model.nodes[n]?.name ?? ""));
  const message = `${names} are to be apart and can only be on ${nodes === "" ? "no node" : nodes}; give them more nodes.`;
  const rules = [group.rule.id, ...new Set(pins.map(({ id }) => id))];
  return [{ code: "apart-too-narrow", rules, guests, message }];
}

/** Matches units with nodes; where one finds none, the units and nodes that were tried are too few for each other. */
function tooNarrow(
  units: Units,
  group: ApartGroup,
): { readonly units: readonly number[]; readonly nodes: readonly number[] } | undefined {
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
  const unitOn = new Map<number, number>();
  const placesOf = (u: number): readonly number[] => {
    const unit = units.all[u];
    if (unit === undefined) return [];
    if (!unit.movable) return unit.home >= 0 ? [unit.home] : [];
    return [...unit.mask.keys()].filter((n) => unit.mask[n] === 1);
  };
  for (const start of group.units) {
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
