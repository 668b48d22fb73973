import type { Cluster } from "../state/cluster.ts";
import type { HaResource } from "./stack.ts";

/** The state of a service as lists show it. */
export function serviceRowState(service: HaResource): string {
  if (service.state === "queued") return "queued";
  if (service.state === "stopped") return service.requested === "disabled" ? "disabled" : "stopped";
  return service.state;
}

/** The state of a node as the HA manager sees it. */
export function nodeStateWord(cluster: Cluster, name: string): string {
  const node = cluster.nodes.get(name);
  if (!node) return "gone";
  const isFencing = [...cluster.ha.resources.values()].some(
    (service) => service.state === "fence" && service.node === name,
  );
  if (isFencing) return "fence";
  if (!node.online) return "unknown";
  return cluster.ha.maintenance.has(name) ? "maintenance" : "online";
}

/** The node whose manager leads: the first that is up. */
export function masterNode(cluster: Cluster): string {
  for (const node of cluster.nodes.values()) if (node.online) return node.name;
  return [...cluster.nodes.keys()][0] ?? "";
}
