import type { Cluster } from "../state/cluster.ts";
import { localManagers } from "./local.ts";
import { motionOf } from "./motion.ts";
import { selectNode } from "./selection.ts";
import type { HaCommand, HaResource } from "./stack.ts";

const ROUND_MS = 10_000;
const LOCAL_ROUND_MS = 5000;
const FENCE_AFTER_MS = 60_000;

/** Starts the rounds of the cluster's manager (10 s) and of the nodes' own ones (5 s). */
export function startHaManager(cluster: Cluster): void {
  const repeat = (ms: number, run: (cluster: Cluster) => void): void => {
    cluster.clock.after(ms, () => {
      if (cluster.ha.isActive && cluster.quorate) run(cluster);
      repeat(ms, run);
    });
  };
  repeat(ROUND_MS, round);
  repeat(LOCAL_ROUND_MS, localManagers);
}

function round(cluster: Cluster): void {
  if (cluster.ha.disarmed) return;
  for (const service of cluster.ha.resources.values()) take(service);
  for (const command of cluster.ha.queue.splice(0)) obey(cluster, command);
  for (const service of cluster.ha.resources.values()) next(cluster, service);
}

function take(service: HaResource): void {
  if (service.state !== "queued") return;
  service.state = service.requested === "started" ? "started" : "request_stop";
}

// A request that cannot be met is dropped without a word: no task appears.
function obey(cluster: Cluster, command: HaCommand): void {
  const { ha } = cluster;
  const service = ha.resources.get(command.sid);
  const target = cluster.nodes.get(command.node);
  if (!service || !canMove(service) || service.node === command.node) return;
  if (!target?.online || ha.maintenance.has(command.node)) return;
  const { dependent, blocking } = motionOf(cluster, command.sid, command.node);
  if (blocking.length > 0) return;
  send(service, command.kind, command.node);
  for (const sid of dependent) {
    const other = ha.resources.get(sid);
    if (other && canMove(other) && other.node !== command.node) {
      send(other, command.kind, command.node);
    }
  }
}

function next(cluster: Cluster, service: HaResource): void {
  const node = cluster.nodes.get(service.node);
  const isGone = node !== undefined && !node.online;
  if (isGone && service.busy) service.busy = false;
  switch (service.state) {
    case "started":
    case "migrate":
    case "relocate":
      if (isGone) suspect(cluster, service);
      else if (service.state === "started") settle(cluster, service);
      return;
    case "fence":
      service.state = "recovery";
      return;
    case "recovery":
      recover(cluster, service);
      return;
    case "stopped":
      if (service.requested === "started") service.state = "started";
      return;
    case "error":
      if (service.requested === "disabled") service.state = "stopped";
      return;
    default:
  }
}

function suspect(cluster: Cluster, service: HaResource): void {
  const since = cluster.nodes.get(service.node)?.offlineSince ?? 0;
  if (cluster.clock.now() - since < FENCE_AFTER_MS) return;
  service.state = "fence";
  service.target = undefined;
}

// A guest of a fenced node is taken over as it was: its configuration moves, then it is started.
function recover(cluster: Cluster, service: HaResource): void {
  const guest = cluster.guests.get(service.vmid);
  const node = selectNode(cluster, { ...service, node: "" });
  if (!guest || node === undefined) return;
  if (guest.config.get("lock") === "backup") guest.config.delete("lock");
  guest.node = node;
  guest.running = false;
  service.node = node;
  service.state = service.requested === "started" ? "started" : "stopped";
}

function settle(cluster: Cluster, service: HaResource): void {
  if (service.busy) return;
  if (service.requested !== "started") {
    service.state = "request_stop";
    return;
  }
  const home = service.leftForMaintenance;
  const isHomeBack =
    home !== undefined &&
    !cluster.ha.maintenance.has(home) &&
    cluster.nodes.get(home)?.online === true;
  if (isHomeBack) {
    service.leftForMaintenance = undefined;
    if (home !== service.node) {
      send(service, "migrate", home);
      return;
    }
  }
  const node = selectNode(cluster, service);
  if (node === undefined || node === service.node) return;
  if (cluster.ha.maintenance.has(service.node)) service.leftForMaintenance ??= service.node;
  send(service, "migrate", node);
}

function canMove(service: HaResource): boolean {
  return !service.busy && (service.state === "started" || service.state === "stopped");
}

function send(service: HaResource, kind: HaCommand["kind"], node: string): void {
  service.state = kind;
  service.target = node;
}
