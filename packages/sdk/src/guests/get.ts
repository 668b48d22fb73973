import type { Guest, GuestId } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type ConnectionInput, connectionField, guestField } from "../actions/inputs.ts";
import { onConnection } from "../actions/scopes.ts";
import { getGuest } from "../rebalance/get-guest.ts";
import { withDetails } from "../rebalance/plan-cluster.ts";

/** A guest by id or name. */
export interface GetGuestInput extends ConnectionInput {
  readonly guest: GuestId;
}

/** `guests.get` */
export const get: ReadAction<GetGuestInput, Guest> = defineAction<GetGuestInput, Guest>({
  name: "guests.get",
  description: "Shows one guest with its disks, networks and locks.",
  kind: "read",
  risk: 0,
  permission: "guests.read",
  input: z.strictObject({ connection: connectionField, guest: guestField }),
  ...onConnection,
  async run({ systems, signal }, { connection, guest }) {
    const cluster = await systems.cluster(connection);
    const snapshot = await cluster.snapshot({ signal });
    const { id } = getGuest(snapshot, guest);
    const details = await cluster.describeGuests([id], { signal, snapshot });
    return getGuest(withDetails(snapshot, details), id);
  },
});
