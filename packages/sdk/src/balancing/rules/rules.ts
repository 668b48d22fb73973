import type { ClusterSnapshot, Guest, GuestId, PlacementRule, PoolRule } from "@kappa4/connectors";
import { compareIds, compareTexts } from "../model/compare.ts";
import { type FindGuests, guestFinder, unknownGuest } from "../model/named-guests.ts";
import { resolveSettings, type Settings } from "../model/settings.ts";
import type { RebalanceOptions } from "../options.ts";
import type { Conflict } from "../plan.ts";
import { rulesFromHa } from "./rules-ha.ts";
import { rulesFromTags, unknownNode } from "./rules-tags.ts";

/**
 * Reads every placement rule of a cluster into one form: ProxLB tags, pools, HA rules, the snapshot's own
 * normalised rules and those of the options. Sorted by id, each id once: the options win over what tags,
 * pools and HA rules say, and these over the snapshot's list. Different rules that one of them gives the same id
 * all count: the second is called `id#2`.
 */
export function readRules(
  snapshot: ClusterSnapshot,
  options: RebalanceOptions = {},
): readonly PlacementRule[] {
  return readRuleBook(snapshot, resolveSettings(snapshot, options)).rules;
}

/** All rules, and what is wrong with the text they were read from. */
export interface RuleBook {
  readonly rules: readonly PlacementRule[];
  readonly problems: readonly Conflict[];
}

/** {@link readRules} with the problems met on the way. */
export function readRuleBook(
  snapshot: Pick<ClusterSnapshot, "nodes" | "guests" | "rules" | "haRules">,
  settings: Pick<Settings, "pools" | "ignoreGuests" | "rules">,
): RuleBook {
  const problems: Conflict[] = [];
  const guests = snapshot.guests
    .filter((guest) => guest.template !== true)
    .sort((a, b) => compareIds(a.id, b.id));
  const find = guestFinder(snapshot.guests);
  const nodeNames = new Map(snapshot.nodes.map(({ name }) => [name.toLowerCase(), name]));
  const byId = new Map<string, PlacementRule>();
  const sources = [
    snapshot.rules.map((rule) => cleaned(rule, find, nodeNames, problems)),
    rulesFromTags(guests, nodeNames, problems),
    rulesFromPools(guests, settings.pools, nodeNames, problems),
    rulesFromHa(snapshot.haRules, find, nodeNames, problems),
    settings.ignoreGuests.flatMap(find).map(ignoreRule),
    settings.rules.map((rule) => cleaned(rule, find, nodeNames, problems)),
  ];
  for (const source of sources) {
    for (const rule of withOwnIds(source)) byId.set(rule.id, rule);
  }
  return {
    rules: [...byId.values()].sort((a, b) => compareTexts(a.id, b.id)),
    problems: deduplicated(problems),
  };
}

function rulesFromPools(
  guests: readonly Guest[],
  pools: Readonly<Record<string, PoolRule>>,
  nodeNames: ReadonlyMap<string, string>,
  problems: Conflict[],
): readonly PlacementRule[] {
  return Object.entries(pools).flatMap(([name, pool]) => {
    const ids = guests.filter((guest) => guest.pool === name).map((guest) => guest.id);
    const rules: PlacementRule[] = [];
    if (pool.type !== undefined && ids.length > 1) {
      const kind = pool.type === "affinity" ? "together" : "apart";
      rules.push({ id: `pool:${name}`, kind, guests: ids, hard: true, source: "pool" });
    }
    const nodes: string[] = [];
    for (const pin of pool.pin ?? []) {
      const node = nodeNames.get(pin.toLowerCase());
      if (node !== undefined) nodes.push(node);
      else problems.push(unknownNode(`pool:${name}:pin`, ids, pin, `Pool ${name}`));
    }
    if (nodes.length === 0) return rules;
    const hard = pool.strict !== false;
    for (const id of ids) {
      const pin = { id: `pool:${name}:pin:${id}`, guests: [id], nodes, hard } as const;
      rules.push({ ...pin, kind: "pin", source: "pool" });
    }
    return rules;
  });
}

function ignoreRule(guest: GuestId): PlacementRule {
  const id = `ignore:${guest}`;
  return { id, kind: "ignore", guests: [guest], hard: true, source: "config" };
}

/** Puts ids where guests are named. Drops guests and nodes that the cluster does not have, and says so. */
function cleaned(
  rule: PlacementRule,
  find: FindGuests,
  nodeNames: ReadonlyMap<string, string>,
  problems: Conflict[],
): PlacementRule {
  const guests: GuestId[] = [];
  for (const guest of rule.guests) {
    const found = find(guest);
    const isClear = found.length === 1 || (found.length > 1 && rule.kind === "ignore");
    if (isClear) guests.push(...found);
    else problems.push(unknownGuest(rule.id, guest, found));
  }
  guests.sort(compareIds);
  if (rule.kind !== "pin") return { ...rule, guests };
  const nodes: string[] = [];
  for (const name of rule.nodes) {
    const node = nodeNames.get(name.toLowerCase());
    if (node !== undefined) nodes.push(node);
    else problems.push(unknownNode(rule.id, guests, name, `Rule ${rule.id}`));
  }
  return { ...rule, nodes, guests: nodes.length > 0 ? guests : [] };
}

/** Rules of one origin, each with an id of its own; none is lost, and none counts twice. */
function withOwnIds(rules: readonly PlacementRule[]): readonly PlacementRule[] {
  const distinct = new Map(
    rules
      .filter(({ guests }) => guests.length > 0)
      .map(sorted)
      .map((rule) => [contentOf(rule), rule]),
  );
  const ordered = [...distinct].sort(
    ([a, one], [b, other]) => compareTexts(one.id, other.id) || compareTexts(a, b),
  );
  const taken = new Set<string>();
  return ordered.map(([, rule]) => {
    let { id } = rule;
    for (let number = 2; taken.has(id); number++) id = `${rule.id}#${number}`;
    taken.add(id);
    return { ...rule, id };
  });
}

function contentOf(rule: PlacementRule): string {
  const { id, kind, guests, hard } = rule;
  const pin = rule.kind === "pin" ? [rule.nodes, rule.priorities ?? null] : [];
  return JSON.stringify([id, kind, hard, guests, ...pin]);
}

function sorted(rule: PlacementRule): PlacementRule {
  const guests = [...new Set(rule.guests)].sort(compareIds);
  if (rule.kind !== "pin") return { ...rule, guests };
  const nodes = [...new Set(rule.nodes)].sort(compareTexts);
  if (rule.priorities === undefined) return { ...rule, guests, nodes };
  const { priorities } = rule;
  const ordered = Object.keys(priorities).sort(compareTexts);
  return {
    ...rule,
    guests,
    nodes,
    priorities: Object.fromEntries(ordered.map((node) => [node, priorities[node] ?? 0])),
  };
}

function deduplicated(problems: readonly Conflict[]): readonly Conflict[] {
  const seen = new Map(problems.map((problem) => [problem.message, problem]));
  return [...seen.values()].sort((a, b) => compareTexts(a.message, b.message));
}
