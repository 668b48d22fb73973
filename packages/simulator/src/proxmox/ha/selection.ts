import type { Cluster } from "../state/cluster.ts";
import { apartFrom, nodeRuleOf, togetherWith } from "./motion.ts";
import type { HaResource } from "./stack.ts";

/** The node that a service should be on, or undefined when there is none. Stays where it is unless a rule says otherwise. */
export function selectNode(cluster: Cluster, service: HaResource): string | undefined {
  const usable = [...cluster.nodes.values()]
    .filter((node) => node.online && !cluster.ha.maintenance.has(node.name))
    .map((node) => node.name);
  const preferred = byPriority(cluster, service.sid, usable);
  const apart = new Set(apartFrom(cluster, service.sid).map((sid) => placeOf(cluster, sid)));
  const free = preferred.filter((node) => !apart.has(node));
  const fit = nearOthers(cluster, service, free);
  const isAllowed = allowedNodes(cluster, service.sid, usable).includes(service.node);
  if (fit.includes(service.node)) return service.node;
  if (!hasFailback(cluster, service) && isAllowed && !apart.has(service.node)) return service.node;
  return [...fit].sort((a, b) => load(cluster, a) - load(cluster, b) || (a < b ? -1 : 1))[0];
}

// The highest priority that is available wins; nodes that are not listed come last, or never when it is strict.
function byPriority(cluster: Cluster, sid: string, usable: readonly string[]): readonly string[] {
  const allowed = allowedNodes(cluster, sid, usable);
  const rule = nodeRuleOf(cluster, sid);
  if (!rule) return allowed;
  const priority = (node: string): number => rule.nodes.get(node) ?? -1;
  const best = Math.max(...allowed.map(priority));
  return allowed.filter((node) => priority(node) === best);
}

function allowedNodes(cluster: Cluster, sid: string, usable: readonly string[]): readonly string[] {
  const rule = nodeRuleOf(cluster, sid);
  return rule?.strict ? usable.filter((node) => rule.nodes.has(node)) : usable;
}

function nearOthers(
  cluster: Cluster,
  service: HaResource,
  nodes: readonly string[],
): readonly string[] {
  const members = togetherWith(cluster, service.sid);
  if (members.length === 0) return nodes;
  const count = (node: string): number =>
    [service.sid, ...members].filter((sid) => placeOf(cluster, sid) === node).length;
  const most = Math.max(0, ...nodes.map(count));
  return most === 0 ? nodes : nodes.filter((node) => count(node) === most);
}

function placeOf(cluster: Cluster, sid: string): string | undefined {
  const service = cluster.ha.resources.get(sid);
  return service?.target ?? service?.node;
}

function hasFailback(cluster: Cluster, service: HaResource): boolean {
  const group = cluster.ha.groups.get(service.group ?? "");
  return group ? !group.nofailback : service.failback;
}

function load(cluster: Cluster, node: string): number {
  return [...cluster.ha.resources.values()].filter(
    (service) => service.node === node || service.target === node,
  ).length;
}
