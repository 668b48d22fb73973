import type { ChangeResult } from "../../contract/capabilities.ts";
import type { CallInfo } from "./api.ts";
import type { Effect, Sight } from "./change-follow.ts";
import type { GuestConfig } from "./config.ts";
import {
  findGuest,
  guestPath,
  isFreeId,
  type ProxmoxContext,
  type SeenGuest,
  sidOf,
} from "./context.ts";
import { keyOf } from "./guest-key.ts";
import { configPayload, snapshotListPayload } from "./guest-payloads.ts";
import { readGuestState } from "./power.ts";
import type { TaskRequest } from "./send.ts";
import type { ChangeToken, NewGuestToken, SnapshotToken } from "./token.ts";

const CHANGED: ChangeResult = { changed: true };
const SETTLE_MS = 60_000;
/** Locks of guests in the making. */
const MAKING = ["create", "clone"];
const LOCKS = { snapshot: "snapshot", "delete-snapshot": "snapshot-delete", restore: "rollback" };
/** The name of the entry in a list of snapshots that is none. */
export const PRESENT_STATE = "current";

/** How a change of a guest's state shows: asked of the node the guest is on by then. */
export function changeEffect(context: ProxmoxContext, token: ChangeToken): Effect<ChangeResult> {
  const { verb, vmid, settleMs } = token;
  return {
    target: sidOf(token),
    isProof: verb !== "restart",
    settleMs,
    async look(info) {
      const guest = await findGuest(context, vmid, info);
      // A guest that is hidden from us is missing from the list just the same.
      if (guest === undefined) {
        const isGone = verb === "delete" && (await isFreeId(context, vmid, info));
        return isGone ? { kind: "there", value: CHANGED } : { kind: "hidden" };
      }
      if (verb === "delete") return leftover(guest, ["destroyed"]) ?? { kind: "absent" };
      const state = await readGuestState(context, guest, info);
      const isAsWanted = state === (verb === "stop" ? "stopped" : "running");
      return isAsWanted ? { kind: "there", value: CHANGED } : { kind: "absent" };
    },
  };
}

/** How a new guest shows: it has a configuration with the name asked for, and no lock of its making any more. */
export function newGuestEffect(
  context: ProxmoxContext,
  token: NewGuestToken,
): Effect<{ readonly id: number }> {
  const { newid, type } = token;
  return {
    target: sidOf({ vmid: newid, type }),
    isProof: true,
    settleMs: SETTLE_MS,
    async look(info) {
      const guest = await findGuest(context, newid, info);
      if (guest === undefined) {
        return { kind: (await isFreeId(context, newid, info)) ? "absent" : "hidden" };
      }
      const config = await context.api.get(`${guestPath(guest)}/config`, configPayload, info);
      if (isOthers(config, token)) return { kind: "absent" };
      const begun = leftover(guest, MAKING);
      if (begun !== undefined) return begun;
      return isOurs(config, token) ? { kind: "there", value: { id: newid } } : { kind: "absent" };
    },
  };
}

/** Whether the guest of that number was made by this call; undefined while there is none. */
export async function carriesKey(
  context: ProxmoxContext,
  token: NewGuestToken,
  info: CallInfo,
): Promise<boolean | undefined> {
  const guest = await findGuest(context, token.newid, info);
  if (guest === undefined) return undefined;
  const config = await context.api.get(`${guestPath(guest)}/config`, configPayload, info);
  // At first there is nothing but the lock.
  if (config.lock === "create" && keyOf(config) === undefined) return undefined;
  return isOurs(config, token);
}

function isOurs(config: GuestConfig, token: NewGuestToken): boolean {
  const { found, wanted } = marksOf(config, token);
  return found === wanted;
}

/** Surely not ours: at first there is nothing but the lock. */
function isOthers(config: GuestConfig, token: NewGuestToken): boolean {
  const { found, wanted } = marksOf(config, token);
  return found !== undefined && found !== wanted;
}

/** What a guest is known by: two calls may want the same name, but a key has only one of them. */
function marksOf(config: GuestConfig, { type, name, key }: NewGuestToken) {
  if (key !== null) return { found: keyOf(config), wanted: key };
  return { found: config[type === "qemu" ? "name" : "hostname"], wanted: name };
}

/** What work that did not end leaves on a guest: its lock. */
function leftover(guest: SeenGuest, locks: readonly string[]): Sight<never> | undefined {
  const { lock } = guest.row;
  if (lock === undefined || !locks.includes(lock)) return undefined;
  return { kind: "begun", left: `${sidOf(guest)} is left on ${guest.node}, locked (${lock})` };
}

/** How work on snapshots shows: in the list of names; going back to one shows in its task alone. */
export function snapshotEffect(
  context: ProxmoxContext,
  token: SnapshotToken,
): Effect<ChangeResult> {
  return {
    target: `${sidOf(token)} (${token.name})`,
    isProof: token.verb !== "restore",
    settleMs: SETTLE_MS,
    async look(info) {
      const guest = await findGuest(context, token.vmid, info);
      if (guest === undefined) return { kind: "hidden" };
      const path = `${guestPath(guest)}/snapshot`;
      const list = await context.api.get(path, snapshotListPayload, info);
      const has = list.some(({ name }) => name === token.name && name !== PRESENT_STATE);
      const current = list.find(({ name }) => name === PRESENT_STATE);
      const isThere = {
        snapshot: has,
        "delete-snapshot": !has,
        restore: current?.parent === token.name,
      }[token.verb];
      const begun = leftover(guest, [LOCKS[token.verb]]);
      return begun ?? (isThere ? { kind: "there", value: CHANGED } : { kind: "absent" });
    },
  };
}

/**
 * Gives the search after a lost answer a way to see the effect, if seeing it proves anything. A restart, or going
 * back to the snapshot that was the last one anyway, shows nowhere but in its task.
 */
export function searchOf<Result>(effect: Effect<Result>): Pick<TaskRequest, "isVisible"> {
  if (!effect.isProof) return {};
  return {
    isVisible: async (info) => {
      const { kind } = await effect.look(info);
      // What has been begun may have been begun by somebody else.
      return kind === "there" ? true : kind === "absent" ? false : undefined;
    },
  };
}
