import type { MigrateResult } from "../../contract/capabilities.ts";
import type { Operation } from "../../contract/operation.ts";
import { guestContext, type ProxmoxContext, sidOf } from "./context.ts";
import { arrivalPhase, guestPhase } from "./migrate-arrival.ts";
import { haPhase } from "./migrate-ha.ts";
import { createMove, type Move, type MovePhase, type NextPhase } from "./migrate-phase.ts";
import { taskPhase } from "./migrate-task.ts";
import { followedOperation } from "./operation.ts";
import { parseUpid } from "./tasks.ts";
import { type MigrateToken, writeToken } from "./token.ts";

/**
 * Follows a move to the truth: the guest is on the target, and runs if it ran. It watches the task; with HA
 * the task is only the request, and the real one is found by guest and start time; without any task, or when its
 * node is lost, it watches the guest.
 */
export function followMigration(
  context: ProxmoxContext,
  token: MigrateToken,
): Operation<MigrateResult> {
  const names = {
    id: token.upid ?? "unknown",
    token: writeToken(token),
    name: `migrate of ${sidOf(token)} on "${context.connection}"`,
    context: guestContext(context, "migrate", token),
  };
  const move = createMove(context, token);
  const upid = parseUpid(token.upid);
  let phase = enter(move, upid === undefined ? { phase: "guest" } : { phase: "task", upid });
  return followedOperation(context, names, {
    async look() {
      for (;;) {
        const seen = await phase.look();
        if ("status" in seen) return seen;
        move.heard();
        phase = enter(move, seen);
      }
    },
    cancel: (signal) => phase.cancel(signal),
  });
}

function enter(move: Move, next: NextPhase): MovePhase {
  switch (next.phase) {
    case "task":
      return taskPhase(move, next.upid);
    case "ha":
      return haPhase(move, next.request);
    case "guest":
      return guestPhase(move);
    case "arrival":
      return arrivalPhase(move);
  }
}
