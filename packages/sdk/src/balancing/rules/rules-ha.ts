import type { GuestId, HaRule, PlacementRule } from "@kappa4/connectors";
import { compareIds } from "../model/compare.ts";
import { type FindGuests, unknownGuest } from "../model/named-guests.ts";
import type { Conflict } from "../plan.ts";
import { unknownNode } from "./rules-tags.ts";

/**
 * Reads HA rules as Proxmox VE 9 means them: resource affinity always holds, node affinity holds when
 * `strict` and is a wish otherwise, and among the nodes of a rule those with the highest priority come first.
 */
export function rulesFromHa(
  haRules: readonly HaRule[],
  find: FindGuests,
  nodeNames: ReadonlyMap<string, string>,
  problems: Conflict[],
): readonly PlacementRule[] {
  return haRules
    .filter((rule) => rule.disabled !== true)
    .flatMap((rule) => {
      const guests = knownGuests(rule, find, problems);
      if (rule.type === "node-affinity") return nodeRules(rule, guests, nodeNames, problems);
      if (guests.length < 2) return [];
      const kind = rule.affinity === "negative" ? "apart" : "together";
      return [{ id: `ha:${rule.id}`, kind, guests, hard: true, source: "ha" } as const];
    });
}

function knownGuests(rule: HaRule, find: FindGuests, problems: Conflict[]): readonly GuestId[] {
  const known: GuestId[] = [];
  for (const resource of rule.resources) {
    const name = resource.slice(resource.indexOf(":") + 1);
    const id = find(name).find((found) => String(found) === name);
    if (id === undefined) problems.push(unknownGuest(`ha:${rule.id}`, name));
    else known.push(id);
  }
  return known.sort(compareIds);
}

function nodeRules(
  rule: HaRule,
  guests: readonly GuestId[],
  nodeNames: ReadonlyMap<string, string>,
  problems: Conflict[],
): readonly PlacementRule[] {
  const id = `ha:${rule.id}`;
  const priorities: Record<string, number> = {};
  for (const [name, priority] of Object.entries(rule.nodes ?? {})) {
    const node = nodeNames.get(name.toLowerCase());
    if (node === undefined) problems.push(unknownNode(id, guests, name, `HA rule ${rule.id}`));
    else priorities[node] = priority;
  }
  const nodes = Object.keys(priorities);
  if (nodes.length === 0) return [];
  const hard = rule.strict === true;
  return guests.map((guest) => ({
    id: `${id}:${guest}`,
    kind: "pin",
    guests: [guest],
    nodes,
    priorities,
    hard,
    source: "ha",
  }));
}
