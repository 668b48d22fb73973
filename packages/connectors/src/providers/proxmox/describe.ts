import type { DescribeGuestsOptions, GuestDetail } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Guest, GuestId } from "../../contract/snapshot.ts";
import { isLineError } from "../../transport/retry.ts";
import type { CallInfo } from "./api.ts";
import { bridgesOf, localDevicesOf, volumesOf } from "./config.ts";
import {
  getGuest,
  guestNotFound,
  guestPath,
  guestsOf,
  type PlacedGuest,
  type ProxmoxContext,
  readResources,
  sidOf,
  toVmid,
} from "./context.ts";
import { configPayload } from "./guest-payloads.ts";
import { describeHardware, type Preconditions, readPreconditions } from "./preconditions.ts";

const AT_A_TIME = 16;

/** What was found out about guests, and what could not be. */
export interface Descriptions {
  readonly found: readonly GuestDetail[];
  readonly warnings: readonly string[];
}

/**
 * Describes some guests: two requests for each VM, one for each container, and one for where they are, unless a
 * snapshot tells that. Throws `not_found`.
 */
export async function describeGuests(
  context: ProxmoxContext,
  ids: readonly GuestId[],
  { signal, snapshot }: DescribeGuestsOptions = {},
): Promise<readonly GuestDetail[]> {
  if (ids.length === 0) return [];
  const info: CallInfo = { operation: "describe guests", signal };
  const vmids = ids.map((id) => toVmid(id, context.connection));
  const told = new Map(snapshot?.guests.map((guest) => [Number(guest.id), placedGuest(guest)]));
  const isTold = vmids.every((vmid) => told.has(vmid));
  const seen = isTold ? told : await readPlaces(context, info);
  const guests = vmids.map((vmid) => {
    const guest = seen.get(vmid);
    if (guest === undefined) throw guestNotFound(context, vmid, info.operation);
    return guest;
  });
  return mapSome(guests, (guest) => describeGuest(context, guest, info));
}

async function readPlaces(
  context: ProxmoxContext,
  info: CallInfo,
): Promise<ReadonlyMap<number, PlacedGuest>> {
  const guests = guestsOf(await readResources(context, info));
  return new Map(guests.map((guest) => [guest.vmid, guest]));
}

function placedGuest({ id, type, node }: Guest): PlacedGuest {
  return { vmid: Number(id), type, node };
}

/**
 * Describes the guests of a snapshot. One that vanished, moved or cannot be read becomes a warning, and a node that
 * does not answer is not asked again: neither may cost what the others tell.
 */
export async function describeAll(
  context: ProxmoxContext,
  guests: readonly Guest[],
  info: CallInfo,
): Promise<Descriptions> {
  const warnings: string[] = [];
  const silent = new Map<string, number>();
  const found = await mapSome(guests, async (guest) => {
    const { id, node } = guest;
    const missed = silent.get(node);
    if (missed !== undefined) {
      silent.set(node, missed + 1);
      return [];
    }
    try {
      return await describeOrAskAgain(context, placedGuest(guest), info, () => !silent.has(node));
    } catch (error) {
      // Without a login or a line nothing can be read at all.
      if (!Kappa4Error.is(error) || error.code.startsWith("auth")) throw error;
      if (isLineError(error) && error.code !== "unavailable") throw error;
      if (error.code === "unavailable") silent.set(node, (silent.get(node) ?? 0) + 1);
      else warnings.push(`Guest ${id} could not be described (${error.code}).`);
      return [];
    }
  });
  const lost = [...silent].sort(([a], [b]) => (a < b ? -1 : 1));
  warnings.push(
    ...lost.map(
      ([node, count]) => `${node} does not answer: ${count} of its guests could not be described.`,
    ),
  );
  return { found: found.flat(), warnings };
}

/**
 * Asks once without repeating. A line that stumbles is then given its usual patience; a node that cannot be reached
 * gets one more request, because the next one may go over another entry point, unless it is known to be away by then.
 */
async function describeOrAskAgain(
  context: ProxmoxContext,
  guest: PlacedGuest,
  info: CallInfo,
  isHopeful: () => boolean,
): Promise<GuestDetail> {
  try {
    return await describeGuest(context, guest, { ...info, retries: 0 });
  } catch (error) {
    if (!isLineError(error) || !isHopeful()) throw error;
    const patience = error.code === "unavailable" ? { retries: 0 } : {};
    return describeGuest(context, guest, { ...info, ...patience });
  }
}

async function describeGuest(
  context: ProxmoxContext,
  guest: PlacedGuest,
  info: CallInfo,
): Promise<GuestDetail> {
  const named = { ...info, target: sidOf(guest) };
  try {
    return await describePlaced(context, guest, named);
  } catch (error) {
    // It moved between two requests: ask again where it is now, once.
    if (!Kappa4Error.is(error, "not_found")) throw error;
    return describePlaced(context, await getGuest(context, guest.vmid, named), named);
  }
}

async function describePlaced(
  context: ProxmoxContext,
  guest: PlacedGuest,
  info: CallInfo,
): Promise<GuestDetail> {
  const [config, conditions] = await Promise.all([
    context.api.get(`${guestPath(guest)}/config`, configPayload, info),
    readConditions(context, guest, info),
  ]);
  const sizes = new Map(conditions?.localDisks.map(({ volid, size }) => [volid, size]));
  const lock = config.lock;
  return {
    id: guest.vmid,
    volumes: volumesOf(guest.type, config, sizes),
    bridges: bridgesOf(config),
    localResources: conditions?.blockingResources ?? localDevicesOf(guest.type, config),
    lock: typeof lock === "string" ? lock : null,
    refusedNodes: refusedNodesOf(conditions),
  };
}

async function readConditions(
  context: ProxmoxContext,
  guest: PlacedGuest,
  info: CallInfo,
): Promise<Preconditions | undefined> {
  // For containers the call tells of HA rules only, which the snapshot has anyway.
  if (guest.type === "lxc") return undefined;
  try {
    return await readPreconditions(context, guest, info);
  } catch (error) {
    // A locked guest has no preconditions, and who may only look needs none.
    if (Kappa4Error.is(error, "permission") || Kappa4Error.is(error, "conflict")) return undefined;
    throw error;
  }
}

function refusedNodesOf(
  conditions: Preconditions | undefined,
): Readonly<Record<string, string>> | undefined {
  const refused = Object.entries(conditions?.refused ?? {}).flatMap(([node, blockers]) => {
    const why = describeHardware(blockers);
    return why === undefined ? [] : [[node, why] as const];
  });
  return refused.length === 0 ? undefined : Object.fromEntries(refused.sort());
}

/** Like `Promise.all` over a map, but with few at a time: a request's own deadline counts from when it is asked for. */
async function mapSome<T, R>(
  items: readonly T[],
  transform: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const rest = items.entries();
  let isOver = false;
  const work = async (): Promise<void> => {
    for (const [index, item] of rest) {
      if (isOver) return;
      try {
        results[index] = await transform(item);
      } catch (error) {
        isOver = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return results;
}
