import { cancelTask } from "./cancel.ts";
import { haRefusal } from "./migrate-errors.ts";
import {
  FORGOTTEN_MS,
  LOST_MS,
  type Move,
  type MoveLook,
  type MovePhase,
  type NextPhase,
} from "./migrate-phase.ts";
import { failedLook, runningLook } from "./operation.ts";
import { type TaskSight, type Upid, watchTask } from "./tasks.ts";

/** Follows the task of a move, or of the request that the HA manager make one. */
export function taskPhase(move: Move, upid: Upid): MovePhase {
  const { context, token, info, errors } = move;
  const watch = watchTask(context, upid, info, upid.type === "qmigrate");
  const isRequest = upid.type === "hamigrate";

  async function ended(
    sight: Extract<TaskSight, { kind: "ended" }>,
  ): Promise<MoveLook | NextPhase> {
    // A request that was stopped may have reached the HA manager before.
    if (isRequest && (sight.ok || move.isCancelled)) return { phase: "ha", request: upid };
    move.warnings.push(...sight.warnings);
    if (sight.ok) return { phase: "arrival" };
    const guest = await move.findGuest();
    if (guest?.node === token.target) {
      move.warnings.push(`the task ended with "${sight.exit}" although the guest arrived`);
      return { phase: "arrival" };
    }
    if (isRequest) return failedLook(await haRefusal(context, token, info, sight.log));
    const state = move.isCancelled ? "cancelled" : "failed";
    return failedLook(errors.taskFailed(sight, upid, guest, move.isCancelled), state);
  }

  return {
    async look() {
      const sight = await watch.look(undefined);
      if (sight.kind === "running") {
        move.heard();
        const progress = sight.progress === null ? null : Math.min(0.99, sight.progress);
        const startedAt = new Date(upid.startedAt * 1000);
        return runningLook("running", sight.stage ?? "migrating", progress, startedAt);
      }
      if (sight.kind === "ended") return ended(sight);
      const limit = sight.kind === "lost" ? LOST_MS : FORGOTTEN_MS;
      const guest = await move.findGuest();
      if (guest?.node === token.target) return { phase: "arrival" };
      if (guest !== undefined && guest.node !== token.node) {
        return failedLook(errors.endedElsewhere(guest));
      }
      if (move.silentFor() < limit) return runningLook("unknown", `the task is ${sight.kind}`);
      return failedLook(errors.vanished(sight.kind, guest));
    },
    async cancel(signal) {
      const answer = await cancelTask(context, upid, { ...info, signal });
      if (answer === "requested") move.isCancelled = true;
      return answer;
    },
  };
}
