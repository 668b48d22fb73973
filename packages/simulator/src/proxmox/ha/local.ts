import type { Cluster } from "../state/cluster.ts";
import type { Guest } from "../state/types.ts";
import { startMove } from "../work/move.ts";
import { startPower } from "../work/power.ts";
import type { HaResource } from "./stack.ts";

const WORKERS_PER_NODE = 4;
const ROOT = "root@pam";

/** One round of the managers on the nodes: what the cluster's manager decided is done, as root@pam. */
export function localManagers(cluster: Cluster): void {
  const busy = new Map<string, number>();
  for (const service of cluster.ha.resources.values()) {
    if (service.busy) busy.set(service.node, (busy.get(service.node) ?? 0) + 1);
  }
  for (const service of cluster.ha.resources.values()) {
    const guest = cluster.guests.get(service.vmid);
    const node = cluster.nodes.get(service.node);
    if (!guest || !node?.online || service.busy || service.requested === "ignored") continue;
    // Someone else's tools moved it: the manager follows the configuration.
    if (guest.node !== service.node) service.node = guest.node;
    const running = busy.get(node.name) ?? 0;
    if (running < WORKERS_PER_NODE && work(cluster, service, guest)) {
      busy.set(node.name, running + 1);
    }
  }
}

function work(cluster: Cluster, service: HaResource, guest: Guest): boolean {
  switch (service.state) {
    case "started":
      return keepRunning(cluster, service, guest);
    case "request_stop":
      return stop(cluster, service, guest);
    case "migrate":
      return guest.kind === "qemu" || !guest.running
        ? move(cluster, service, guest)
        : stopThenMove(cluster, service, guest);
    case "relocate":
      return guest.running ? stopThenMove(cluster, service, guest) : move(cluster, service, guest);
    default:
      return false;
  }
}

function keepRunning(cluster: Cluster, service: HaResource, guest: Guest): boolean {
  if (guest.running || guest.config.get("template") === 1) return false;
  service.busy = true;
  startPower(cluster, guest, "start", { user: ROOT }, (exitstatus) => {
    service.busy = false;
    service.failures = exitstatus === "OK" ? 0 : service.failures + 1;
    if (service.failures > service.maxRestart + service.maxRelocate) service.state = "error";
  });
  return true;
}

function stop(cluster: Cluster, service: HaResource, guest: Guest): boolean {
  if (!guest.running) {
    service.state = "stopped";
    return false;
  }
  service.busy = true;
  startPower(cluster, guest, "shutdown", { user: ROOT }, (exitstatus) => {
    service.busy = false;
    if (exitstatus === "OK") service.state = "stopped";
  });
  return true;
}

// Containers cannot move while they run, and a relocation is meant to be cold.
function stopThenMove(cluster: Cluster, service: HaResource, guest: Guest): boolean {
  service.busy = true;
  startPower(cluster, guest, "shutdown", { user: ROOT }, (exitstatus) => {
    service.busy = false;
    if (exitstatus !== "OK") return stay(service);
    move(cluster, service, guest);
  });
  return true;
}

function move(cluster: Cluster, service: HaResource, guest: Guest): boolean {
  const { target } = service;
  if (target === undefined || target === guest.node) {
    stay(service);
    return false;
  }
  service.busy = true;
  const options = {
    target,
    user: ROOT,
    online: guest.running,
    restart: false,
    timeoutSeconds: 180,
    withLocalDisks: true,
    limitBytesPerSecond: undefined,
    force: true,
    storages: new Map<string, string>(),
  };
  startMove(cluster, guest, options, () => {
    service.busy = false;
    service.node = guest.node;
    stay(service);
  });
  return true;
}

function stay(service: HaResource): void {
  service.target = undefined;
  service.state = service.requested === "started" ? "started" : "stopped";
}
