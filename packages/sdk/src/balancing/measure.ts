import type { ClusterSnapshot, SnapshotNode } from "@kappa4/connectors";
import { buildModel, type Model } from "./model/model.ts";
import type { Resource } from "./model/resources.ts";
import type { RebalanceOptions } from "./options.ts";
import type { Balance, NodeLoad } from "./plan.ts";
import { countViolations } from "./rules/violations.ts";

/**
 * Measures how level a cluster is right now: load of every node, spread over the active nodes, and guests
 * that break a hard rule.
 *
 * @example
 * const { spread } = measureBalance(snapshot, { method: "memory" });
 */
export function measureBalance(snapshot: ClusterSnapshot, options: RebalanceOptions = {}): Balance {
  const model = buildModel(snapshot, options);
  return balanceOf(model, model.home);
}

/** Measures a placement of guests, given by the number of each guest's node. */
export function balanceOf(model: Model, at: Int32Array): Balance {
  const { level, memory, cpu, disk } = model.resources;
  const loads = { level: loadsOf(level, model, at), memory: loadsOf(memory, model, at) };
  const more = { cpu: loadsOf(cpu, model, at), disk: loadsOf(disk, model, at) };
  const guests = new Int32Array(model.nodes.length);
  at.forEach((n, g) => {
    if (model.counts[g] === 1 && n >= 0) guests[n] = (guests[n] ?? 0) + 1;
  });
  const nodes = model.nodes.map(
    (node, n): NodeLoad => ({
      name: node.name,
      active: model.active[n] === 1,
      ...stateOf(node),
      load: rounded(loads.level[n]),
      memory: rounded(loads.memory[n]),
      cpu: rounded(more.cpu[n]),
      disk: rounded(more.disk[n]),
      guests: guests[n] ?? 0,
    }),
  );
  return {
    spread: points(spreadOf(model, loads.level)),
    cpuSpread: points(spreadOf(model, more.cpu)),
    violations: countViolations(model, at),
    nodes,
  };
}

function stateOf({ status, maintenance, ignored }: SnapshotNode): Pick<NodeLoad, "state"> {
  if (status !== "online") return { state: "offline" };
  if (maintenance) return { state: "maintenance" };
  return ignored ? { state: "ignored" } : {};
}

/** Load of every node as a fraction. */
export function loadsOf(resource: Resource, model: Model, at: Int32Array): Float64Array {
  const amounts = amountsOf(resource, model, at);
  return amounts.map((amount, n) => amount / (resource.capacity[n] ?? 1));
}

/** Amount in use on every node. */
export function amountsOf(resource: Resource, model: Model, at: Int32Array): Float64Array {
  const amounts = resource.initial.slice();
  at.forEach((n, g) => {
    const home = model.home[g] ?? -1;
    if (n === home) return;
    const weight = resource.weight[g] ?? 0;
    if (home >= 0) amounts[home] = (amounts[home] ?? 0) - weight;
    amounts[n] = (amounts[n] ?? 0) + weight;
  });
  return amounts;
}

/** Difference between the fullest and the emptiest active node, as a fraction; 0 without active nodes. */
export function spreadOf(model: Model, loads: Float64Array): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  loads.forEach((load, n) => {
    if (model.active[n] !== 1) return;
    lowest = Math.min(lowest, load);
    highest = Math.max(highest, load);
  });
  return highest >= lowest ? highest - lowest : 0;
}

function rounded(fraction: number | undefined): number {
  return Math.round((fraction ?? 0) * 1e6) / 1e6;
}

function points(fraction: number): number {
  return Math.round(fraction * 1e6) / 1e4;
}
