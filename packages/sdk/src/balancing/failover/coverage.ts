import type { PlacementRule } from "@kappa4/connectors";
import { hardLimit } from "../model/hard-limit.ts";
import type { Model } from "../model/model.ts";
import type { Resource } from "../model/resources.ts";
import { findOutcome, type Outcome } from "../order/outcome.ts";
import { collectPins } from "../rules/pins.ts";
import { Placement } from "../search/placement.ts";
import { readTargets } from "../search/targets.ts";
import { type Candidate, isBetter, judged } from "./candidate.ts";
import { type Failure, failingNodes, findFailures } from "./failover.ts";
import type { RestartPlaces } from "./restart-places.ts";

/** How much of the largest node all nodes keep free, where a plan leaves guests of a failed node without a place. */
const SHARES = [1, 2] as const;
/** How often room is reserved for one more guest that finds no place. */
const RESERVATIONS = 4;

/** By resource and node: room that is kept free. */
type Reserved = ReadonlyMap<Resource, Float64Array>;

/**
 * Finds a plan as {@link findOutcome} does, and minds what becomes of the guests if a node fails (N+1) where that is
 * asked for: it counts less than hard rules and limits, and more than targets and wishes. Where the first plan leaves
 * guests without a place, others are made: with room kept free on all nodes, with room for such a guest on one node,
 * and without levelling. The best of them is taken. As the last of these moves nothing but for hard rules and drains,
 * no plan gives up for a target or a wish what held before.
 */
export function findCovered(model: Model): Outcome {
  const first = findOutcome(model);
  if (!mindsFailures(model)) return first;
  const watched = watchedNodes(model);
  const judge = (outcome: Outcome): Candidate => judged(model, watched, outcome);
  let best = judge(first);
  const consider = (variant: Model): Candidate => {
    const found = judge(adopted(model, findOutcome(variant)));
    if (isBetter(found, best)) best = found;
    return found;
  };
  for (const share of SHARES) {
    if (best.uncovered === 0) return best.outcome;
    consider(withReserve(model, evenly(model, share)));
  }
  let reserved: Reserved = new Map();
  for (let round = 0; round < RESERVATIONS && best.uncovered > 0; round++) {
    reserved = reserveMore(model, watched, best.outcome.at, reserved);
    const variant = withReserve(model, reserved);
    if (consider(variant).uncovered > 0) consider(withoutTargets(variant));
  }
  consider(withHardRulesOnly(model));
  return best.outcome;
}

/** Whether a plan has to mind what becomes of the guests if a node fails. */
export function mindsFailures({ settings }: Model): boolean {
  return settings.failover === "keep" || settings.failover === "restore";
}

/** Nodes whose failure must stay covered: those for which it is now, or all where it is to be restored. */
export function watchedNodes(model: Model): readonly number[] {
  const nodes = failingNodes(model);
  if (model.settings.failover !== "keep") return nodes;
  const { failures } = findFailures(model, model.home, nodes);
  return failures.filter(({ restart }) => restart.left === 0).map(({ node }) => node);
}

/** What was found in a variant, told as a plan for the cluster as it is. */
function adopted(model: Model, outcome: Outcome): Outcome {
  const { problem } = outcome.placement;
  const placement = new Placement({ ...problem, model, hard: hardOf(model, problem.dims) });
  outcome.placement.at.forEach((node, u) => {
    placement.move(u, node);
  });
  return { ...outcome, model, placement, targets: readTargets(model), covers: true };
}

function hardOf({ resources, nodes }: Model, dims: readonly Resource[]): Float64Array {
  const hard = new Float64Array(nodes.length * dims.length);
  dims.forEach(({ name }, d) => {
    const dim = resources.all.find((resource) => resource.name === name);
    for (let n = 0; n < nodes.length; n++) {
      hard[n * dims.length + d] = hardLimit(dim?.limit[n] ?? 0, dim?.initial[n] ?? 0);
    }
  });
  return hard;
}

/** Each node keeps free its part of what the largest one holds at most. */
function evenly({ resources, active }: Model, share: number): Reserved {
  const reserved = new Map<Resource, Float64Array>();
  for (const resource of resources.all) {
    const limits = resource.limit.map((limit, n) => (active[n] === 1 ? Math.max(0, limit) : 0));
    const total = limits.reduce((sum, limit) => sum + limit, 0);
    if (!(total > 0 && total < Number.POSITIVE_INFINITY)) continue;
    const part = Math.min(1, (share * Math.max(...limits)) / total);
    reserved.set(
      resource,
      limits.map((limit) => limit * part),
    );
  }
  return reserved;
}

/** Keeps room for one more guest that finds no place, on the node that has most, beside those that would start there. */
function reserveMore(
  model: Model,
  watched: readonly number[],
  at: Int32Array,
  known: Reserved,
): Reserved {
  const { places, failures } = findFailures(model, at, watched);
  const failure = failures.find(({ restart }) => restart.left > 0);
  const u = failure?.restart.to.indexOf(-1) ?? -1;
  const unit = failure?.units[u];
  if (failure === undefined || unit === undefined) return known;
  const taken = takenBy(model, failure);
  const [node] = [...model.nodes.keys()]
    .filter((n) => n !== failure.node && places.mayBe(unit, n))
    .filter((n) => places.enemyOn(unit, n) === undefined)
    .sort((a, b) => roomOn(places, a, taken) - roomOn(places, b, taken) || a - b)
    .reverse();
  if (node === undefined) return known;
  const reserved = new Map(known);
  places.rooms.dims.forEach((dim, d) => {
    const amounts = (reserved.get(dim) ?? new Float64Array(model.nodes.length)).slice();
    const wanted = (unit.amounts[d] ?? 0) + (taken[node * places.rooms.dims.length + d] ?? 0);
    amounts[node] = Math.max(amounts[node] ?? 0, wanted);
    reserved.set(dim, amounts);
  });
  return reserved;
}

/** [node * dims + dim]: what the guests of a failed node take of others. */
function takenBy(model: Model, { units, restart }: Failure): Float64Array {
  const dims = units[0]?.amounts.length ?? 0;
  const taken = new Float64Array(model.nodes.length * dims);
  units.forEach(({ amounts }, u) => {
    const n = restart.to[u] ?? -1;
    if (n < 0) return;
    amounts.forEach((amount, d) => {
      taken[n * dims + d] = (taken[n * dims + d] ?? 0) + amount;
    });
  });
  return taken;
}

function roomOn({ rooms }: RestartPlaces, n: number, taken: Float64Array): number {
  const i = n * rooms.dims.length;
  return (rooms.hard[i] ?? 0) - (rooms.load[i] ?? 0) - (taken[i] ?? 0);
}

function withReserve(model: Model, reserved: Reserved): Model {
  const { resources } = model;
  const changed = new Map(
    resources.all.map((resource) => {
      const room = reserved.get(resource);
      const limit = resource.limit.map((one, n) => Math.max(0, one - (room?.[n] ?? 0)));
      return [resource, room === undefined ? resource : { ...resource, limit }];
    }),
  );
  const of = (resource: Resource): Resource => changed.get(resource) ?? resource;
  return {
    ...model,
    resources: {
      ...resources,
      all: resources.all.map(of),
      memory: of(resources.memory),
      cpu: of(resources.cpu),
      disk: of(resources.disk),
      level: of(resources.level),
    },
  };
}

/** Room alone counts; how even the nodes are does not. */
function withoutTargets(model: Model): Model {
  const settings = {
    ...model.settings,
    goal: "all",
    balanciness: 100,
    threshold: 0,
    targets: new Map(),
  } as const;
  return { ...model, settings };
}

/** Nothing moves but for hard rules and drains. */
function withHardRulesOnly(model: Model): Model {
  const rules = model.rules.flatMap((rule): readonly PlacementRule[] => {
    if (!rule.hard) return [];
    return rule.kind === "pin" ? [{ ...rule, priorities: undefined }] : [rule];
  });
  const variant = { ...model, settings: { ...model.settings, goal: "rules" }, rules } as const;
  return { ...variant, pins: collectPins(variant) };
}
