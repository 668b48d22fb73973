import { failure } from "../errors.ts";
import { type Cluster, requireNode } from "../state/cluster.ts";
import type { HaCommand } from "./stack.ts";

/** Asks the HA manager to move a service; it looks at the request in its next round. Throws what it refuses at once. */
export function queueMove(
  cluster: Cluster,
  kind: HaCommand["kind"],
  sid: string,
  node: string,
): void {
  const resource = cluster.ha.resources.get(sid);
  if (!resource) throw failure(`no such resource '${sid}'`);
  if (resource.state === "error") {
    throw failure(`service '${sid}' in error state, must be disabled and fixed first`);
  }
  requireNode(cluster, node);
  const vmid = resource.vmid;
  if (cluster.faults.takeWork("ha-refuses", "hamigrate", vmid, "prepare")) return;
  cluster.ha.queue.push({ kind, sid, node });
}
