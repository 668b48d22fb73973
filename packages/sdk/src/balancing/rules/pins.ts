import type { PinRule } from "@kappa4/connectors";
import type { BareModel } from "../model/model.ts";

/** What pins say about one guest. */
export interface GuestPins {
  /** By node: 1 where every hard pin allows the guest; undefined without hard pins. */
  readonly allowed: Uint8Array | undefined;
  /** By node: how many pins are not followed there as far as they could be; undefined where none asks. */
  readonly unwished: Float64Array | undefined;
  readonly rules: readonly PinRule[];
}

/** A lower priority class is a smaller wish than a node outside of the rule. */
const LOWER_CLASS = 0.5;

/** Collects the pins of each guest. */
export function collectPins(model: BareModel): ReadonlyMap<number, GuestPins> {
  const byGuest = new Map<number, PinRule[]>();
  for (const rule of model.rules) {
    if (rule.kind !== "pin") continue;
    for (const id of rule.guests) {
      const g = model.guestIndex.get(id);
      if (g !== undefined) byGuest.set(g, [...(byGuest.get(g) ?? []), rule]);
    }
  }
  return new Map([...byGuest].map(([g, rules]) => [g, combine(model, g, rules)]));
}

function combine(model: BareModel, g: number, rules: readonly PinRule[]): GuestPins {
  const size = model.nodes.length;
  const hard = rules.filter((rule) => rule.hard);
  const allowed = hard.length > 0 ? new Uint8Array(size).fill(1) : undefined;
  for (const rule of hard) {
    const nodes = new Set(rule.nodes);
    model.nodes.forEach(({ name }, n) => {
      if (allowed !== undefined && !nodes.has(name)) allowed[n] = 0;
    });
  }
  const wishes = rules.filter((rule) => !rule.hard || rule.priorities !== undefined);
  if (wishes.length === 0) return { allowed, unwished: undefined, rules };
  const unwished = new Float64Array(size);
  for (const rule of wishes) addWish(model, g, rule, allowed, unwished);
  return { allowed, unwished, rules };
}

/** Among the nodes that can take the guest, those of the highest priority are wished; without any, no wish is left. */
function addWish(
  model: BareModel,
  g: number,
  rule: PinRule,
  allowed: Uint8Array | undefined,
  unwished: Float64Array,
): void {
  const mask = model.reach.masks[model.reach.classOf[g] ?? -1];
  const usable = (name: string): boolean => {
    const n = model.nodeIndex.get(name) ?? -1;
    return model.active[n] === 1 && allowed?.[n] !== 0 && (mask?.[n] === 1 || model.home[g] === n);
  };
  const ranked = rule.nodes.filter(usable);
  if (ranked.length === 0) return;
  const priority = (name: string): number => rule.priorities?.[name] ?? 0;
  const best = Math.max(...ranked.map(priority));
  const nodes = new Set(rule.nodes);
  model.nodes.forEach(({ name }, n) => {
    if (nodes.has(name) && priority(name) >= best) return;
    unwished[n] = (unwished[n] ?? 0) + (nodes.has(name) ? LOWER_CLASS : 1);
  });
}
