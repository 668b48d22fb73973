import type { Cluster } from "../state/cluster.ts";
import type { HaRule } from "./stack.ts";

/** A service that keeps another one off a node. */
export interface Blocking {
  readonly sid: string;
  readonly cause: "resource-affinity" | "node-affinity";
}

/** What a move of a service would mean for others. */
export interface Motion {
  /** Services that would move along. */
  readonly dependent: readonly string[];
  /** Services because of which the move would not happen. */
  readonly blocking: readonly Blocking[];
}

/** Works out what a move of a service to a node would mean. Before version 9 there are no such rules. */
export function motionOf(cluster: Cluster, sid: string, node: string): Motion {
  const { ha, version } = cluster;
  if (!version.atLeast("9.0")) return { dependent: [], blocking: [] };
  const dependent = togetherWith(cluster, sid);
  const moving = [sid, ...dependent];
  const blocking: Blocking[] = [];
  for (const member of moving) {
    for (const other of apartFrom(cluster, member)) {
      const service = ha.resources.get(other);
      const isThere = service?.node === node || service?.target === node;
      if (isThere && !moving.includes(other)) {
        blocking.push({ sid: other, cause: "resource-affinity" });
      }
    }
    const places = nodeRuleOf(cluster, member);
    const isOff = places?.strict === true && !places.nodes.has(node);
    if (version.atLeast("9.2") && isOff && node !== "") {
      blocking.push({ sid: member, cause: "node-affinity" });
    }
  }
  return { dependent, blocking };
}

/** The other services that must be on the same node, directly or through a third one. */
export function togetherWith(cluster: Cluster, sid: string): readonly string[] {
  const found = new Set([sid]);
  const rules = activeRules(cluster).filter(
    (rule) => rule.type === "resource-affinity" && rule.affinity === "positive",
  );
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const rule of rules) {
      if (!rule.resources.some((member) => found.has(member))) continue;
      for (const member of rule.resources) if (cluster.ha.resources.has(member)) found.add(member);
    }
  }
  found.delete(sid);
  return [...found];
}

/** The services that must not be on the same node. */
export function apartFrom(cluster: Cluster, sid: string): readonly string[] {
  const others = activeRules(cluster)
    .filter((rule) => rule.type === "resource-affinity" && rule.affinity === "negative")
    .filter((rule) => rule.resources.includes(sid))
    .flatMap((rule) => rule.resources);
  return [...new Set(others)].filter((other) => other !== sid && cluster.ha.resources.has(other));
}

/** The nodes that a service belongs on, with their priorities: a rule of version 9 or a group of version 8. */
export function nodeRuleOf(
  cluster: Cluster,
  sid: string,
): { readonly nodes: ReadonlyMap<string, number>; readonly strict: boolean } | undefined {
  if (!cluster.version.atLeast("9.0")) {
    const group = cluster.ha.groups.get(cluster.ha.resources.get(sid)?.group ?? "");
    return group && { nodes: group.nodes, strict: group.restricted };
  }
  for (const rule of activeRules(cluster)) {
    if (rule.type === "node-affinity" && rule.resources.includes(sid)) return rule;
  }
  return undefined;
}

function activeRules(cluster: Cluster): readonly HaRule[] {
  return [...cluster.ha.rules.values()].filter((rule) => !rule.disable);
}
