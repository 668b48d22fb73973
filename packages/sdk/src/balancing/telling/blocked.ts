import { amountsOf, loadsOf, spreadOf } from "../measure.ts";
import type { Bar } from "../model/mobility.ts";
import { barFromLevelling, type Model } from "../model/model.ts";
import type { Outcome } from "../order/outcome.ts";
import type { BlockedGuest, MoveReasonCode } from "../plan.ts";
import { brokenRules, undrained } from "../rules/violations.ts";
import { whyItStays, wishBar } from "./hindrance.ts";

/** Lists guests that should move and do not, each once, with the weightiest reason for moving. */
export function listBlocked(outcome: Outcome): readonly BlockedGuest[] {
  const moved = new Set(outcome.waves.flat().map(({ guest }) => guest));
  const wanted = new Map<number, { readonly code: MoveReasonCode; readonly rule?: string }>();
  const want = (g: number, code: MoveReasonCode, rule?: string): void => {
    if (!wanted.has(g) && !moved.has(g))
      wanted.set(g, rule === undefined ? { code } : { code, rule });
  };
  for (const g of undrained(outcome.model, outcome.at)) want(g, "drain-maintenance");
  for (const g of outcome.stoppedLeft) want(g, "drain-maintenance");
  const codes = {
    pin: "enforce-pin",
    together: "join-affinity",
    apart: "split-anti-affinity",
  } as const;
  for (const { rule, guests } of brokenRules(outcome.model, outcome.at)) {
    if (!rule.hard || rule.kind === "ignore") continue;
    for (const g of guests) want(g, codes[rule.kind], rule.id);
  }
  for (const g of onOverloadedNodes(outcome)) want(g, "relieve-overload");
  for (const g of heldOnFullNodes(outcome)) want(g, "level-load");
  return [...wanted]
    .sort(([a], [b]) => a - b)
    .map(([g, { code, rule }]) => blockedGuest(outcome, g, code, rule));
}

function blockedGuest(
  outcome: Outcome,
  g: number,
  wanted: MoveReasonCode,
  rule: string | undefined,
): BlockedGuest {
  const { model, at } = outcome;
  const guest = model.guests[g];
  const levelling = wanted === "level-load" || wanted === "relieve-overload";
  const bar: Bar = (levelling ? levelBar(model, g) : undefined) ?? whyItStays(outcome, g);
  const name = guest?.name ?? "";
  const by = bar.rule ?? rule;
  return {
    guest: guest?.id ?? "",
    name,
    node: model.nodes[at[g] ?? -1]?.name ?? guest?.node ?? "",
    code: bar.code,
    wanted,
    message: `${name} stays: ${bar.message}.`,
    ...(by === undefined ? {} : { rule: by }),
  };
}

/** Guests that cannot leave a node that is over a limit. */
function onOverloadedNodes({ model, at }: Outcome): readonly number[] {
  if (model.settings.goal !== "all") return [];
  const over = new Set<number>();
  for (const resource of model.resources.all) {
    amountsOf(resource, model, at).forEach((amount, n) => {
      if (model.active[n] === 1 && amount > (resource.limit[n] ?? 0)) over.add(n);
    });
  }
  return held(model, at, over);
}

/** Guests that cannot leave a node that is too full, where a target was missed, and not for want of an allowance. */
function heldOnFullNodes({ model, at, targets, usedUp }: Outcome): readonly number[] {
  if (usedUp !== undefined) return [];
  const full = new Set<number>();
  for (const [resource, target] of targets.wanted) {
    const loads = loadsOf(resource, model, at);
    if (spreadOf(model, loads) <= target + 1e-9) continue;
    const active = loads.filter((_, n) => model.active[n] === 1);
    const middle = active.reduce((sum, load) => sum + load, 0) / active.length;
    loads.forEach((load, n) => {
      if (model.active[n] === 1 && load > middle + target / 2) full.add(n);
    });
  }
  return held(model, at, full);
}

function held(model: Model, at: Int32Array, nodes: ReadonlySet<number>): readonly number[] {
  const found: number[] = [];
  at.forEach((n, g) => {
    const bar = model.fixed[g] ?? levelBar(model, g);
    if (nodes.has(n) && model.counts[g] === 1 && bar !== undefined) found.push(g);
  });
  return found;
}

function levelBar(model: Model, g: number): Bar | undefined {
  return barFromLevelling(model, g) ?? wishBar(model, g);
}
