import type { Operation } from "../../contract/operation.ts";
import { followTask } from "./change-follow.ts";
import { unchanged } from "./compute.ts";
import type { ProxmoxContext } from "./context.ts";
import { changeEffect, newGuestEffect, snapshotEffect } from "./effects.ts";
import { followMigration } from "./migrate-follow.ts";
import { readTicket } from "./ticket.ts";

/** Goes on following what another process started; sends nothing. */
export function resumeOperation(context: ProxmoxContext, token: string): Operation<unknown> {
  const ticket = readTicket(token, context.connection);
  switch (ticket.verb) {
    case "nothing":
      return unchanged(context);
    case "migrate":
      return followMigration(context, ticket);
    case "create":
    case "clone":
      return followTask(context, ticket, newGuestEffect(context, ticket));
    case "snapshot":
    case "restore":
    case "delete-snapshot":
      return followTask(context, ticket, snapshotEffect(context, ticket));
    default:
      return followTask(context, ticket, changeEffect(context, ticket));
  }
}
