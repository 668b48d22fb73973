import type { Cluster } from "./cluster.ts";
import { guestsOn } from "./cluster.ts";

/** Options of {@link loseNode}. */
export interface LoseNodeOptions {
  /** The node lost its network and nothing else: its guests run on. Default false, it lost its power. */
  readonly guestsSurvive?: boolean | undefined;
}

/** A node goes away: its workers with it, and the others see that it is offline. */
export function loseNode(cluster: Cluster, name: string, options: LoseNodeOptions = {}): void {
  const node = cluster.nodes.get(name);
  if (!node?.online) return;
  node.online = false;
  node.offlineSince = cluster.clock.now();
  cluster.tasks.loseNode(name);
  if (!options.guestsSurvive) {
    for (const guest of guestsOn(cluster, name)) {
      guest.running = false;
      guest.paused = false;
    }
  }
  cluster.quorate = hasMajority(cluster);
}

/** A node is back; what ran there before a loss of power has to be started again. */
export function returnNode(cluster: Cluster, name: string): void {
  const node = cluster.nodes.get(name);
  if (!node || node.online) return;
  node.online = true;
  node.offlineSince = undefined;
  const survived = guestsOn(cluster, name).some((guest) => guest.running);
  if (!survived) node.bootedAt = cluster.clock.now();
  cluster.tasks.recoverNode(name);
  for (const guest of guestsOn(cluster, name)) {
    if (guest.running || Number(guest.config.get("onboot") ?? 0) !== 1) continue;
    guest.running = true;
    guest.startedAt = cluster.clock.now();
  }
  cluster.quorate = hasMajority(cluster);
}

/** Whether more than half of the nodes are up. */
export function hasMajority(cluster: Cluster): boolean {
  const up = [...cluster.nodes.values()].filter((node) => node.online).length;
  return up * 2 > cluster.nodes.size;
}
