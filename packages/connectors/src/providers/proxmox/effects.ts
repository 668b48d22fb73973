import type { ChangeResult } from "../../contract/capabilities.ts";
import type { Effect } from "./change-follow.ts";
import { findGuest, guestPath, type ProxmoxContext, sidOf } from "./context.ts";
import { configPayload, snapshotListPayload } from "./payloads.ts";
import { readGuestState } from "./power.ts";
import type { TaskRequest } from "./send.ts";
import type { ChangeTicket, NewGuestTicket, SnapshotTicket } from "./ticket.ts";

const CHANGED: ChangeResult = { changed: true };
const SETTLE_MS = 60_000;

/** How a change of a guest's state shows: asked of the node the guest is on by then. */
export function changeEffect(context: ProxmoxContext, ticket: ChangeTicket): Effect<ChangeResult> {
  const { verb, vmid, settleMs } = ticket;
  return {
    target: sidOf(ticket),
    isProof: verb !== "restart",
    settleMs,
    async find(info) {
      const guest = await findGuest(context, vmid, info);
      if (verb === "delete") return guest === undefined ? CHANGED : undefined;
      if (guest === undefined) return undefined;
      const state = await readGuestState(context, guest, info);
      return state === (verb === "stop" ? "stopped" : "running") ? CHANGED : undefined;
    },
  };
}

/** How a new guest shows: it has a configuration with the name asked for, and no lock of its making any more. */
export function newGuestEffect(
  context: ProxmoxContext,
  ticket: NewGuestTicket,
): Effect<{ readonly id: number }> {
  const { newid, type } = ticket;
  return {
    target: sidOf({ vmid: newid, type }),
    isProof: true,
    settleMs: SETTLE_MS,
    async find(info) {
      const guest = await findGuest(context, newid, info);
      if (guest === undefined) return undefined;
      const config = await context.api.get(`${guestPath(guest)}/config`, configPayload, info);
      const isOurs = config[type === "qemu" ? "name" : "hostname"] === ticket.name;
      const isInTheMaking = ["create", "clone"].includes(String(config.lock));
      return isOurs && !isInTheMaking ? { id: newid } : undefined;
    },
  };
}

/** How work on snapshots shows: in the list of names; going back to one shows in its task alone. */
export function snapshotEffect(
  context: ProxmoxContext,
  ticket: SnapshotTicket,
): Effect<ChangeResult> {
  return {
    target: `${sidOf(ticket)} (${ticket.name})`,
    isProof: ticket.verb !== "restore",
    settleMs: SETTLE_MS,
    async find(info) {
      const guest = await findGuest(context, ticket.vmid, info);
      if (guest === undefined) return undefined;
      const path = `${guestPath(guest)}/snapshot`;
      const list = await context.api.get(path, snapshotListPayload, info);
      const entry = list.find(({ name }) => name === ticket.name);
      if (ticket.verb === "delete-snapshot") return entry === undefined ? CHANGED : undefined;
      if (ticket.verb === "snapshot") return entry === undefined ? undefined : CHANGED;
      const current = list.find(({ name }) => name === "current");
      return current?.parent === ticket.name ? CHANGED : undefined;
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
