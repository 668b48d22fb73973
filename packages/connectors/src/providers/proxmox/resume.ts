import type { Operation } from "../../contract/operation.ts";
import { followTask } from "./change-follow.ts";
import { unchanged } from "./compute.ts";
import type { ProxmoxContext } from "./context.ts";
import { changeEffect, newGuestEffect, snapshotEffect } from "./effects.ts";
import { followMigration } from "./migrate-follow.ts";
import { readToken } from "./token.ts";

/** Goes on following what another process started; sends nothing. */
export function resumeOperation(context: ProxmoxContext, text: string): Operation<unknown> {
  const token = readToken(text, context.connection);
  switch (token.verb) {
    case "nothing":
      return unchanged(context);
    case "migrate":
      return followMigration(context, token);
    case "create":
    case "clone":
      return followTask(context, token, newGuestEffect(context, token));
    case "snapshot":
    case "restore":
    case "delete-snapshot":
      return followTask(context, token, snapshotEffect(context, token));
    default:
      return followTask(context, token, changeEffect(context, token));
  }
}
