import type { Guest, GuestId, PlacementRule } from "@kappa4/connectors";
import { compareTexts } from "../model/compare.ts";
import type { Conflict } from "../plan.ts";

const TOGETHER = "plb_affinity";
const APART = "plb_anti_affinity";
const IGNORE = "plb_ignore";
const PIN = "plb_pin_";

/** Reads ProxLB's tags. Tags are compared without case, because Proxmox VE may lower-case them. */
export function rulesFromTags(
  guests: readonly Guest[],
  nodeNames: ReadonlyMap<string, string>,
  problems: Conflict[],
): readonly PlacementRule[] {
  const groups = new Map<string, GuestId[]>();
  const single: PlacementRule[] = [];
  for (const guest of guests) {
    const tags = [...new Set(guest.tags.map((tag) => tag.toLowerCase()))].sort(compareTexts);
    for (const tag of tags) {
      if (!tag.startsWith(TOGETHER) && !tag.startsWith(APART)) continue;
      groups.set(tag, [...(groups.get(tag) ?? []), guest.id]);
    }
    const pins = tags.filter((tag) => tag.startsWith(PIN));
    const pin = pinOf(guest, pins, nodeNames, problems);
    if (pin !== undefined) single.push(pin);
    if (tags.some((tag) => tag.startsWith(IGNORE))) {
      const id = `ignore:${guest.id}`;
      single.push({ id, kind: "ignore", guests: [guest.id], hard: true, source: "tag" });
    }
  }
  return [...groupRules(groups), ...single];
}

function groupRules(groups: ReadonlyMap<string, readonly GuestId[]>): readonly PlacementRule[] {
  const rules: PlacementRule[] = [];
  for (const [tag, guests] of groups) {
    if (guests.length < 2) continue;
    const kind = tag.startsWith(APART) ? "apart" : "together";
    rules.push({ id: tag, kind, guests, hard: true, source: "tag" });
  }
  return rules;
}

function pinOf(
  guest: Guest,
  tags: readonly string[],
  nodeNames: ReadonlyMap<string, string>,
  problems: Conflict[],
): PlacementRule | undefined {
  const id = `pin:${guest.id}`;
  const nodes: string[] = [];
  for (const tag of tags) {
    const node = nodeNames.get(tag.slice(PIN.length));
    if (node === undefined) problems.push(unknownNode(id, [guest.id], tag.slice(PIN.length), tag));
    else nodes.push(node);
  }
  if (nodes.length === 0) return undefined;
  return { id, kind: "pin", guests: [guest.id], nodes, hard: true, source: "tag" };
}

/** Reports a pin to a node that the cluster does not have. */
export function unknownNode(
  rule: string,
  guests: readonly GuestId[],
  node: string,
  origin: string,
): Conflict {
  return {
    code: "pin-unknown-node",
    rules: [rule],
    guests,
    message: `${origin} names the node "${node}", which the cluster does not have; correct the name or remove it.`,
  };
}
