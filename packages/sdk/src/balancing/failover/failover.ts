import type { Bar } from "../model/mobility.ts";
import type { Model } from "../model/model.ts";
import { obstacle } from "../model/reach.ts";
import { some } from "../telling/words.ts";
import type { FailedGuest, FailoverReport, NodeFailover } from "./failover-report.ts";
import { RestartPlaces, type RestartUnit } from "./restart-places.ts";
import { clear, placeExactly, placeGreedily, type Restart } from "./restart-search.ts";

/** Steps of the exact search, shared by all nodes for which placing the largest first is not enough, and at least. */
const EXACT_STEPS = 200_000;
const LEAST_STEPS = 2000;

/** A node that fails, in numbers. */
export interface Failure {
  readonly node: number;
  readonly units: readonly RestartUnit[];
  readonly restart: Restart;
  /** Guests whose disks or devices are the node's own. */
  readonly lost: readonly number[];
}

/** Finds out, for each of some nodes alone, where its guests would be started if it failed. */
export function findFailures(
  model: Model,
  at: Int32Array,
  nodes: readonly number[],
): { readonly places: RestartPlaces; readonly failures: readonly Failure[] } {
  const places = new RestartPlaces(model, at);
  const guests = guestsByNode(model, at);
  const order = [...model.nodes.keys()]
    .filter((n) => model.active[n] === 1)
    .sort((a, b) => places.fullness(a) - places.fullness(b) || a - b);
  const found = nodes.map((node): Failure => {
    const here = guests[node] ?? [];
    const lost = here.filter((g) => whyLost(model, g) !== undefined);
    const units = places.unitsOf(
      here.filter((g) => !lost.includes(g)),
      node,
    );
    const others = order.filter((n) => n !== node);
    return { node, units, restart: placeGreedily(places, units, others), lost };
  });
  const open = found.filter(({ restart }) => !restart.proven).length;
  const steps = Math.max(LEAST_STEPS, Math.floor(EXACT_STEPS / Math.max(1, open)));
  const failures = found.map((failure) => {
    const { node, units, restart } = failure;
    if (restart.proven) return failure;
    const others = order.filter((n) => n !== node);
    return { ...failure, restart: placeExactly(places, units, others, restart, steps) };
  });
  return { places, failures };
}

/** Puts into words what becomes of the guests when nodes fail. */
export function reportFailover(
  model: Model,
  at: Int32Array,
  nodes: readonly number[],
): FailoverReport {
  const { places, failures } = findFailures(model, at, nodes);
  const written = failures.map((failure) => writeFailure(places, failure));
  return { holds: written.every(({ holds }) => holds), unknown: [], nodes: written };
}

/** Nodes that can fail: all that are online. */
export function failingNodes(model: Model): readonly number[] {
  return [...model.nodes.keys()].filter((n) => model.nodes[n]?.status === "online");
}

function guestsByNode(model: Model, at: Int32Array): readonly (readonly number[])[] {
  const lists: number[][] = model.nodes.map(() => []);
  at.forEach((n, g) => {
    if (model.counts[g] === 1) lists[n]?.push(g);
  });
  return lists;
}

/** Why a guest cannot be started on any other node once its own is gone. */
function whyLost(
  { guests, resources }: Model,
  g: number,
): { readonly code: "local-storage" | "local-device"; readonly message: string } | undefined {
  const volumes = resources.storages.volumes[g];
  if (volumes !== undefined) {
    const names = some([...new Set(volumes.map(({ storage }) => storage))]);
    return {
      code: "local-storage",
      message: `its disks lie on storage of the node's own (${names})`,
    };
  }
  const devices = guests[g]?.localResources ?? [];
  if (devices.length === 0) return undefined;
  return { code: "local-device", message: `it uses devices of its node (${some(devices)})` };
}

function writeFailure(places: RestartPlaces, failure: Failure): NodeFailover {
  const { model } = places;
  const { node, units, restart, lost } = failure;
  const restarts: NodeFailover["restarts"][number][] = [];
  const unplaced: NodeFailover["unplaced"][number][] = [];
  // What stands in the way is told as things are once all others have been started.
  units.forEach((unit, u) => {
    const n = restart.to[u] ?? -1;
    if (n < 0) return;
    places.shift(unit, n, 1);
    const to = model.nodes[n]?.name ?? "";
    for (const g of unit.members) restarts.push({ ...guestOf(model, g), to });
  });
  units.forEach((unit, u) => {
    if (restart.to[u] !== -1) return;
    const { code, message, rule } = whyNowhere(places, unit, node);
    for (const g of unit.members) {
      const guest = guestOf(model, g);
      unplaced.push({ ...guest, code, message, ...(rule === undefined ? {} : { rule }) });
    }
  });
  clear(places, units, restart.to);
  return {
    node: model.nodes[node]?.name ?? "",
    holds: unplaced.length === 0,
    proven: restart.proven,
    restarts,
    unplaced,
    lost: lost.flatMap((g) => {
      const why = whyLost(model, g);
      return why === undefined ? [] : [{ ...guestOf(model, g), ...why }];
    }),
  };
}

function guestOf({ guests }: Model, g: number): FailedGuest {
  const guest = guests[g];
  return { guest: guest?.id ?? "", name: guest?.name ?? "", ha: (guest?.ha ?? null) !== null };
}

/** What keeps a unit from every node: what is most easily cleared, room before rules before what nodes lack. */
function whyNowhere(places: RestartPlaces, unit: RestartUnit, failed: number): Bar {
  const { model, rooms } = places;
  const nodes = [...model.nodes.keys()].filter((n) => n !== failed && model.active[n] === 1);
  if (nodes.length === 0) return { code: "no-target", message: "no other node takes guests" };
  const able = nodes.filter((n) => places.mayBe(unit, n));
  if (able.length === 0) return whyUnable(model, unit, nodes);
  const free = able.filter((n) => places.enemyOn(unit, n) === undefined);
  const roomiest = free.toSorted((a, b) => places.fullness(a) - places.fullness(b) || a - b);
  for (const n of roomiest) {
    const short = rooms.shortage({ amounts: unit.amounts, volumes: [] }, n);
    if (short === undefined) continue;
    const others = free.length > 1 ? `; the other ${free.length - 1} have no more` : "";
    const needs = unit.members.length > 1 ? " for it and those it must be with" : "";
    return { ...short, message: `${short.message}${needs}${others}` };
  }
  const [n = -1] = able;
  const enemy = places.enemyOn(unit, n);
  const name = model.guests[enemy?.guest ?? -1]?.name ?? "another guest";
  const where = `${model.nodes[n]?.name}${able.length > 1 ? ", and likewise on the other nodes" : ""}`;
  const message = `it must not share a node with ${name} on ${where}`;
  return { code: "rule", message, rule: enemy?.rule };
}

function whyUnable(model: Model, { members }: RestartUnit, nodes: readonly number[]): Bar {
  for (const g of members) {
    const { allowed, rules = [] } = model.pins.get(g) ?? {};
    if (allowed === undefined || nodes.some((n) => allowed[n] === 1)) continue;
    const pins = rules.filter(({ hard }) => hard);
    const names = some([...new Set(pins.flatMap((rule) => rule.nodes))]);
    return {
      code: "pinned",
      message: `it is pinned to ${names}; widen the pin`,
      rule: pins[0]?.id,
    };
  }
  for (const g of members) {
    const guest = model.guests[g];
    for (const n of nodes) {
      const node = model.nodes[n];
      if (guest === undefined || node === undefined || model.pins.get(g)?.allowed?.[n] === 0)
        continue;
      const lack = obstacle({ ...guest, status: "stopped" }, undefined, node);
      if (lack !== undefined) return lack;
    }
  }
  return { code: "rule", message: "no node can run all guests that must be on one node with it" };
}
