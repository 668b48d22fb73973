import type { Guest, SnapshotNode } from "@kappa4/connectors";
import { compareTexts } from "./compare.ts";
import type { Bar } from "./mobility.ts";

/** Which nodes can run which guest at all: storages, networks, processors, the provider's own refusals. */
export interface Reach {
  /** Class of each guest; guests of one class can run on the same nodes. */
  readonly classOf: Int32Array;
  /** By class: 1 for each node that can run the guest. */
  readonly masks: readonly Uint8Array[];
}

interface Placed {
  readonly nodes: readonly SnapshotNode[];
  readonly guests: readonly Guest[];
  readonly home: Int32Array;
}

/** Sorts guests into classes, so that each node is asked once per class and not once per guest. */
export function buildReach({ nodes, guests, home }: Placed): Reach {
  const classes = new Map<string, number>();
  const masks: Uint8Array[] = [];
  const classOf = Int32Array.from(guests, (guest, g) => {
    const from = nodes[home[g] ?? -1];
    const signature = signatureOf(guest, from);
    const known = classes.get(signature);
    if (known !== undefined) return known;
    classes.set(signature, masks.length);
    return masks.push(Uint8Array.from(nodes, (to) => (obstacle(guest, from, to) ? 0 : 1))) - 1;
  });
  return { classOf, masks };
}

/** Says what a node lacks to run a guest that is on another node now; undefined when it lacks nothing. */
export function obstacle(
  guest: Guest,
  from: SnapshotNode | undefined,
  to: SnapshotNode,
): Bar | undefined {
  const storage = guest.volumes?.find(
    (volume) => !to.storages.some((offered) => offered.id === volume.storage),
  )?.storage;
  if (storage !== undefined) {
    return { code: "storage-missing", message: `${to.name} does not have the storage ${storage}` };
  }
  const bridge = guest.bridges?.find((name) => to.bridges?.includes(name) === false);
  if (bridge !== undefined) {
    return { code: "network-missing", message: `${to.name} does not have the network ${bridge}` };
  }
  if (travelsLive(guest) && differ(from?.cpuGroup, to.cpuGroup)) {
    const message = `${to.name} has processors of another group (${to.cpuGroup}, not ${from?.cpuGroup})`;
    return { code: "cpu-incompatible", message };
  }
  const refusal = guest.refusedNodes?.[to.name];
  if (refusal !== undefined) {
    return { code: "provider-refuses", message: `the provider refuses ${to.name}: ${refusal}` };
  }
  return undefined;
}

function travelsLive(guest: Guest): boolean {
  return guest.type === "qemu" && (guest.status === "running" || guest.status === "paused");
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function signatureOf(guest: Guest, from: SnapshotNode | undefined): string {
  const storages = [...new Set(guest.volumes?.map((volume) => volume.storage))].sort(compareTexts);
  const bridges = [...new Set(guest.bridges)].sort(compareTexts);
  const refused = Object.keys(guest.refusedNodes ?? {}).sort(compareTexts);
  const cpu = travelsLive(guest) ? (from?.cpuGroup ?? "") : "";
  return JSON.stringify([storages, bridges, refused, cpu]);
}
