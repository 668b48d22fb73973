import type { ChangeResult } from "../../contract/capabilities.ts";
import type { CallInfo } from "./api.ts";
import type { Effect } from "./change-follow.ts";
import type { GuestConfig } from "./config.ts";
import { findGuest, guestPath, isFreeId, type ProxmoxContext, sidOf } from "./context.ts";
import { keyOf } from "./guest-key.ts";
import { configPayload, snapshotListPayload } from "./guest-payloads.ts";
import { readGuestState } from "./power.ts";
import type { TaskRequest } from "./send.ts";
import type { ChangeToken, NewGuestToken, SnapshotToken } from "./token.ts";

const CHANGED: ChangeResult = { changed: true };
const SETTLE_MS = 60_000;
/** The name of the entry in a list of snapshots that is none. */
export const PRESENT_STATE = "current";

/** How a change of a guest's state shows: asked of the node the guest is on by then. */
export function changeEffect(context: ProxmoxContext, token: ChangeToken): Effect<ChangeResult> {
  const { verb, vmid, settleMs } = token;
  return {
    target: sidOf(token),
    isProof: verb !== "restart",
    settleMs,
    async find(info) {
      const guest = await findGuest(context, vmid, info);
      if (verb === "delete") {
        // A guest that is hidden from us is missing from the list just the same.
        const isGone = guest === undefined && (await isFreeId(context, vmid, info));
        return isGone ? CHANGED : undefined;
      }
      if (guest === undefined) return undefined;
      const state = await readGuestState(context, guest, info);
      return state === (verb === "stop" ? "stopped" : "running") ? CHANGED : undefined;
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
    async find(info) {
      const guest = await findGuest(context, newid, info);
      if (guest === undefined) return undefined;
      const config = await context.api.get(`${guestPath(guest)}/config`, configPayload, info);
      const isInTheMaking = ["create", "clone"].includes(String(config.lock));
      return isOurs(config, token) && !isInTheMaking ? { id: newid } : undefined;
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

function isOurs(config: GuestConfig, { type, name, key }: NewGuestToken): boolean {
  // Two calls may want the same name; a key has only one of them.
  if (key !== null) return keyOf(config) === key;
  return config[type === "qemu" ? "name" : "hostname"] === name;
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
    async find(info) {
      const guest = await findGuest(context, token.vmid, info);
      if (guest === undefined) return undefined;
      const path = `${guestPath(guest)}/snapshot`;
      const list = await context.api.get(path, snapshotListPayload, info);
      const entry = list.find(({ name }) => name === token.name && name !== PRESENT_STATE);
      if (token.verb === "delete-snapshot") return entry === undefined ? CHANGED : undefined;
      if (token.verb === "snapshot") return entry === undefined ? undefined : CHANGED;
      const current = list.find(({ name }) => name === PRESENT_STATE);
      return current?.parent === token.name ? CHANGED : undefined;
    },
  };
}

/**
 * Gives the search after a lost answer a way to see the effect, if seeing it proves anything. A restart, or going
 * back to the snapshot that was the last one anyway, shows nowhere but in its task.
 */
export function searchOf<Result>(effect: Effect<Result>): Pick<TaskRequest, "isVisible"> {
  if (!effect.isProof) return {};
  return { isVisible: async (info) => (await effect.find(info)) !== undefined };
}
