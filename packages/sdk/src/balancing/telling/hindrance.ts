import type { Bar } from "../model/mobility.ts";
import type { Model } from "../model/model.ts";
import { obstacle } from "../model/reach.ts";
import type { Outcome } from "../order/outcome.ts";
import type { Placement } from "../search/placement.ts";
import { shortageOf } from "./shortage.ts";
import { some } from "./words.ts";

/** Says what keeps a guest from leaving for any other node, as things are at the end of a plan. */
export function whyItStays(outcome: Outcome, g: number): Bar {
  const { model, placement, stranded } = outcome;
  const fixed = model.fixed[g];
  if (fixed !== undefined) return fixed;
  const targets = targetsOf(placement, g);
  if (targets.length === 0) return whyNoTarget(outcome, g);
  if (stranded.has(g)) {
    const message =
      "no order of moves is safe for it; free memory on the nodes involved and plan again";
    return { code: "no-safe-order", message };
  }
  const hindrances = targets.map((n) => hindranceAt(placement, g, n));
  const [first] = hindrances;
  if (first === undefined || hindrances.includes(undefined)) {
    const crowd = crowdOf(placement, g);
    if (crowd !== undefined) {
      const message = `rule ${crowd} keeps more guests apart than there are nodes for them`;
      return { code: "rule", message, rule: crowd };
    }
    return { code: "rule", message: "the guests it must stay with cannot go where it could" };
  }
  return hindrances.find((bar) => bar?.code === "no-capacity") ?? first;
}

/** The rule, by its id, of which a guest's group is too large for the nodes. */
function crowdOf({ problem }: Placement, g: number): string | undefined {
  const groups = problem.groupsOf[problem.units.of[g] ?? -1] ?? [];
  for (const number of groups) {
    const { rule, share = 1 } = problem.groups[number] ?? {};
    if (rule?.hard === true && share > 1) return rule.id;
  }
  return undefined;
}

/** Why a node takes no guests. */
export function whyInactive(model: Model, n: number): string {
  const node = model.nodes[n];
  if (node === undefined) return "the node does not exist";
  if (node.status !== "online") return `${node.name} is ${node.status}`;
  return `${node.name} is ${node.maintenance ? "in maintenance" : "set to be ignored"}`;
}

function targetsOf({ problem, at }: Placement, g: number): readonly number[] {
  const u = problem.units.of[g] ?? -1;
  const targets: number[] = [];
  problem.units.all[u]?.mask.forEach((bit, n) => {
    if (bit === 1 && n !== at[u]) targets.push(n);
  });
  return targets;
}

function whyNoTarget({ model, placement }: Outcome, g: number): Bar {
  const guest = model.guests[g];
  if (guest === undefined || !model.active.includes(1)) {
    const message = "no node takes guests; bring one online or out of maintenance";
    return { code: "no-target", message };
  }
  if (placement.problem.units.masks[g]?.includes(1) === true) {
    const message = "no node can run all guests that must be on one node with it";
    return { code: "rule", message };
  }
  const allowed = model.pins.get(g)?.allowed;
  const wanted = [...model.nodes.keys()].filter((n) => allowed?.[n] !== 0);
  const active = wanted.filter((n) => model.active[n] === 1);
  if (allowed !== undefined && active.length === 0) return pinned(model, g);
  for (const n of active) {
    const node = model.nodes[n];
    const lack = node && obstacle(guest, model.nodes[model.home[g] ?? -1], node);
    if (lack === undefined) continue;
    const only = allowed === undefined ? "" : " and it is pinned there";
    return { ...lack, message: `${lack.message}${only}` };
  }
  return { code: "no-target", message: "there is no other node for it" };
}

/** What the hard pins of a guest leave it with. */
export function pinned(model: Model, g: number): Bar {
  const rules = model.pins.get(g)?.rules.filter(({ hard }) => hard) ?? [];
  const nodes = [...new Set(rules.flatMap((rule) => rule.nodes))];
  const states = nodes.map((name) => {
    const n = model.nodeIndex.get(name) ?? -1;
    return model.active[n] === 1 ? name : whyInactive(model, n).replace(" is ", ", which is ");
  });
  return {
    code: "pinned",
    message: `it is pinned to ${some(states)}; change the pin if it is to go elsewhere`,
    rule: rules[0]?.id,
  };
}

/** What keeps a guest from being levelled that is where it wishes to be, and nowhere else as much. */
export function wishBar({ pins, home, active }: Model, g: number): Bar | undefined {
  const { unwished, rules = [] } = pins.get(g) ?? {};
  const here = home[g] ?? -1;
  if (unwished?.some((wish, n) => n !== here && active[n] === 1 && wish <= (unwished[here] ?? 0))) {
    return undefined;
  }
  const rule = rules.find(({ hard, priorities }) => !hard || priorities !== undefined)?.id;
  if (rule === undefined) return undefined;
  const message = `rule ${rule} prefers its node to all others, and a wish comes before the target`;
  return { code: "pinned", message, rule };
}

/** Why a guest cannot be on a node at the end of a plan; undefined when it could. */
export function whyNot(placement: Placement, g: number, n: number): Bar | undefined {
  const { model, units } = placement.problem;
  if (placement.mayBe(units.of[g] ?? -1, n)) return hindranceAt(placement, g, n);
  if (model.active[n] !== 1) return { code: "no-target", message: whyInactive(model, n) };
  for (const member of units.all[units.of[g] ?? -1]?.members ?? []) {
    const [guest, to] = [model.guests[member], model.nodes[n]];
    if (guest === undefined || to === undefined) continue;
    const lack = obstacle(guest, model.nodes[model.home[member] ?? -1], to);
    const bar = model.pins.get(member)?.allowed?.[n] === 0 ? pinned(model, member) : lack;
    if (bar !== undefined)
      return member === g ? bar : { ...bar, message: `${bar.message} (${guest.name})` };
  }
  return { code: "rule", message: "a guest that it must be with cannot go there" };
}

/** Whether a guest could not be on a node it may be on, at the end of a plan: for want of room, or for a rule. */
export function isCrowdedOut(placement: Placement, g: number, n: number): boolean {
  const hasUnit = (placement.problem.units.of[g] ?? -1) >= 0;
  return hasUnit && hindranceAt(placement, g, n) !== undefined;
}

/** Room and apart-rules on one node, as things are in the placement. */
function hindranceAt(placement: Placement, g: number, n: number): Bar | undefined {
  const { problem } = placement;
  const u = problem.units.of[g] ?? -1;
  const node = problem.model.nodes[n]?.name ?? "";
  if (!placement.crowds.allows(u, placement.at[u] ?? -1, n)) {
    for (const number of problem.groupsOf[u] ?? []) {
      const { rule, units = [] } = problem.groups[number] ?? {};
      const partner = units.find((other) => other !== u && placement.at[other] === n);
      if (rule?.hard !== true || partner === undefined) continue;
      const name = problem.model.guests[problem.units.all[partner]?.members[0] ?? -1]?.name;
      return { code: "rule", message: `it must not share ${node} with ${name}`, rule: rule.id };
    }
  }
  const short = shortage(placement, u, n);
  if (short !== undefined || placement.loads.hasStorage(u, n)) return short;
  return { code: "no-capacity", message: `${node} has not enough room on its own storage` };
}

function shortage({ problem, loads }: Placement, u: number, n: number): Bar | undefined {
  return shortageOf(
    problem,
    loads.load,
    (d) => problem.weight[u * problem.dims.length + d] ?? 0,
    n,
  );
}
