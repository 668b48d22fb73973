import type { ClusterSnapshot, Guest, GuestId, SnapshotNode } from "@kappa4/connectors";
import type { GuestRequest } from "../explanation.ts";
import { newGuest } from "../failover/applicant.ts";
import type { NodeFailover } from "../failover/failover-report.ts";
import { compareTexts } from "../model/compare.ts";
import { relocate } from "../model/relocate.ts";
import { resolveSettings } from "../model/settings.ts";
import type { RebalanceOptions } from "../options.ts";
import { prepareCluster } from "../prepare.ts";
import type { Impossible, WhatIf, WhatIfChange } from "./what-if-report.ts";

/** A cluster while changes are made to it, and what was found on the way. */
export interface WhatIfState {
  readonly snapshot: ClusterSnapshot;
  readonly options: RebalanceOptions;
  readonly failover: WhatIf["failover"];
  readonly homes: WhatIf["homes"];
  readonly impossible: readonly Impossible[];
}

/** Makes one change. */
export function withChange(state: WhatIfState, change: WhatIfChange): WhatIfState {
  const { options } = state;
  switch (change.kind) {
    case "node-fails":
      return withFailure(state, change.node);
    case "node-added":
      return withNode(state, change);
    case "drain":
      return withDrain(state, change.node);
    case "guest-added":
      return withGuest(state, change.guest, change.name ?? "new-guest");
    case "rule-added": {
      const others = options.rules?.filter(({ id }) => id !== change.rule.id) ?? [];
      return { ...state, options: { ...options, rules: [...others, change.rule] } };
    }
    case "target":
      return withTarget(state, change.balanciness);
  }
}

/** What had to be started elsewhere is running there; what finds no place is gone with its node. */
function withFailure(state: WhatIfState, name: string): WhatIfState {
  const [report] = prepareCluster(state.snapshot, state.options).failover([name]).nodes;
  if (report === undefined) return refused(state, unknownNode(name));
  const to = new Map(report.restarts.map(({ guest, to: node }) => [guest, node]));
  const moved = relocate(state.snapshot, to);
  const nodes = moved.nodes.map((node) => (node.name === name ? dead(node) : node));
  const guests = moved.guests.map(
    (guest): Guest => (guest.node === name ? { ...guest, status: "unknown" } : guest),
  );
  return {
    ...state,
    snapshot: { ...moved, nodes, guests },
    failover: [...state.failover, report],
    impossible: [...state.impossible, ...outage(report)],
  };
}

function dead(node: SnapshotNode): SnapshotNode {
  return {
    ...node,
    status: "offline",
    cpu: { ...node.cpu, used: 0 },
    memory: { ...node.memory, used: 0 },
  };
}

function outage({ node, unplaced, lost }: NodeFailover): readonly Impossible[] {
  return [
    ...unplaced.map(({ guest, name, code, message, rule }): Impossible => {
      const rules = rule === undefined ? [] : [rule];
      const sentence = `${name} would not start again: ${message}.`;
      return { code, rules, guests: [guest], node, message: sentence };
    }),
    ...lost.map(({ guest, name, message }): Impossible => {
      const sentence = `${name} would be lost with ${node}: ${message}.`;
      return { code: "lost", rules: [], guests: [guest], node, message: sentence };
    }),
  ];
}

function withNode(
  state: WhatIfState,
  change: Extract<WhatIfChange, { kind: "node-added" }>,
): WhatIfState {
  const { nodes } = state.snapshot;
  if (nodes.some(({ name }) => name === change.node)) {
    const message = `There is a node called ${change.node} already; give the new one another name.`;
    return refused(state, {
      code: "node-exists",
      rules: [],
      guests: [],
      node: change.node,
      message,
    });
  }
  if (!("like" in change)) {
    return { ...state, snapshot: { ...state.snapshot, nodes: [...nodes, sized(nodes, change)] } };
  }
  const model = nodes.find(({ name }) => name === change.like);
  if (model === undefined) return refused(state, unknownNode(change.like));
  const node = emptied(model, change.node);
  return { ...state, snapshot: { ...state.snapshot, nodes: [...nodes, node] } };
}

/** A node as another one would be without guests. */
function emptied(model: SnapshotNode, name: string): SnapshotNode {
  const { psi: _psi, ...rest } = model;
  return {
    ...rest,
    name,
    status: "online",
    maintenance: false,
    ignored: false,
    cpu: { ...model.cpu, used: model.base.cpu },
    memory: { ...model.memory, used: model.base.memory },
    storages: model.storages.map((storage) => (storage.shared ? storage : { ...storage, used: 0 })),
  };
}

/** A node of which only the size is known has what all can have: shared storages, and any network. */
function sized(
  nodes: readonly SnapshotNode[],
  { node, memoryBytes, cores }: { node: string; memoryBytes: number; cores: number },
): SnapshotNode {
  const shared = nodes.flatMap(({ storages }) => storages.filter((storage) => storage.shared));
  const byId = new Map(shared.map((storage) => [storage.id, storage]));
  return {
    name: node,
    status: "online",
    maintenance: false,
    ignored: false,
    cpu: { cores, used: 0 },
    memory: { total: memoryBytes, used: 0 },
    disk: { total: 0, used: 0 },
    base: { cpu: 0, memory: 0 },
    storages: [...byId.values()].sort((a, b) => compareTexts(a.id, b.id)),
  };
}

function withDrain(state: WhatIfState, name: string): WhatIfState {
  const { nodes } = state.snapshot;
  if (nodes.every((node) => node.name !== name)) return refused(state, unknownNode(name));
  return {
    ...state,
    options: { ...state.options, goal: state.options.goal ?? "rules" },
    snapshot: {
      ...state.snapshot,
      nodes: nodes.map((node) => (node.name === name ? { ...node, maintenance: true } : node)),
    },
  };
}

/** Who asks for a target wants it reached, whatever else is asked; a second target for the same would win over it. */
function withTarget(state: WhatIfState, balanciness: number): WhatIfState {
  const { method, mode, targets } = resolveSettings(state.snapshot, state.options);
  const options = { ...state.options, balanciness, goal: "all" } as const;
  if (mode !== "used" || !targets.has(method)) return { ...state, options };
  return {
    ...state,
    options: { ...options, targets: { ...options.targets, [method]: balanciness } },
  };
}

function withGuest(state: WhatIfState, request: GuestRequest, name: string): WhatIfState {
  const { snapshot, options } = state;
  const choices = prepareCluster(snapshot, options).bestNode(request);
  const homes = [...state.homes, { name, choices }];
  const [best] = choices;
  if (best?.fits !== true) {
    const why = best === undefined ? "there is none" : best.message;
    const message = `No node can take ${name}; of the least loaded one: ${why}.`;
    const impossible = { code: "no-target", rules: [], guests: [], message } as const;
    return { ...refused(state, impossible), homes };
  }
  const guest = { ...newGuest(request), id: freeId(snapshot, name), name, node: best.node };
  const { cpu, memory } = guest;
  const nodes = snapshot.nodes.map((node) =>
    node.name === best.node
      ? {
          ...node,
          memory: { ...node.memory, used: node.memory.used + memory.used },
          cpu: { ...node.cpu, used: node.cpu.used + cpu.used * cpu.cores },
        }
      : node,
  );
  return { ...state, homes, snapshot: { ...snapshot, nodes, guests: [...snapshot.guests, guest] } };
}

function freeId({ guests }: ClusterSnapshot, name: string): GuestId {
  const taken = new Set(guests.map(({ id }) => String(id)));
  let id = name;
  for (let number = 2; taken.has(id); number++) id = `${name}-${number}`;
  return id;
}

function unknownNode(name: string): Impossible {
  const message = `There is no node called ${name}; correct the name.`;
  return { code: "unknown-node", rules: [], guests: [], node: name, message };
}

function refused(state: WhatIfState, impossible: Impossible): WhatIfState {
  return { ...state, impossible: [...state.impossible, impossible] };
}
