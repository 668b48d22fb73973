import type { Transfer } from "../order/traffic.ts";
import { compareTexts } from "./compare.ts";
import type { Model } from "./model.ts";

/** Where stopped guests of draining nodes go, and those that have nowhere to go. */
export interface OfflineTransfers {
  readonly transfers: readonly Transfer[];
  readonly left: readonly number[];
}

/**
 * Sends the stopped guests of draining nodes away. They carry no load, so they are spread by what they are
 * configured with, as if they were started tomorrow.
 */
export function planOffline(model: Model): OfflineTransfers {
  const leaving = stoppedOnDraining(model);
  if (leaving.length === 0) return { transfers: [], left: [] };
  const configured = new Float64Array(model.nodes.length);
  model.guests.forEach((guest, g) => {
    const n = model.home[g] ?? -1;
    if (n >= 0) configured[n] = (configured[n] ?? 0) + guest.memory.total;
  });
  const room = Float64Array.from(
    model.resources.storages.limit,
    (limit, s) => limit - (model.resources.storages.initial[s] ?? 0),
  );
  const transfers: Transfer[] = [];
  const left: number[] = [];
  for (const guest of leaving) {
    const to = bestNode(model, guest, configured, room, model.pins.get(guest)?.allowed);
    if (to < 0) {
      left.push(guest);
      continue;
    }
    transfers.push({ guest, from: model.home[guest] ?? -1, to });
    configured[to] = (configured[to] ?? 0) + (model.guests[guest]?.memory.total ?? 0);
    for (const { store, bytes } of storesOn(model, guest, to)) {
      room[store] = (room[store] ?? 0) - bytes;
    }
  }
  return { transfers, left };
}

/** Numbers of the stopped guests on draining nodes, templates left out. */
function stoppedOnDraining(model: Model): readonly number[] {
  const found: number[] = [];
  model.guests.forEach((guest, g) => {
    const draining = model.draining[model.home[g] ?? -1] === 1;
    if (draining && guest.status === "stopped" && guest.template !== true) found.push(g);
  });
  return found;
}

function bestNode(
  model: Model,
  guest: number,
  configured: Float64Array,
  room: Float64Array,
  pinned: Uint8Array | undefined,
): number {
  if (model.fixed[guest] !== undefined) return -1;
  const mask = model.reach.masks[model.reach.classOf[guest] ?? -1];
  const load = (n: number): number => (configured[n] ?? 0) / (model.nodes[n]?.memory.total || 1);
  const [best] = model.nodes
    .map(({ name }, n) => ({ name, n }))
    .filter(({ n }) => model.active[n] === 1 && mask?.[n] === 1 && pinned?.[n] !== 0)
    .filter(({ n }) =>
      storesOn(model, guest, n).every(({ store, bytes }) => bytes <= (room[store] ?? 0)),
    )
    .sort((a, b) => load(a.n) - load(b.n) || compareTexts(a.name, b.name));
  return best?.n ?? -1;
}

function storesOn(model: Model, guest: number, node: number) {
  const { storages } = model.resources;
  return (storages.volumes[guest] ?? []).flatMap(({ storage, bytes }) => {
    const store = storages.at[node]?.get(storage);
    return store === undefined ? [] : [{ store, bytes }];
  });
}
