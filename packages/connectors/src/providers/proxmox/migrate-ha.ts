import { isLineError } from "../../transport/retry.ts";
import { guestsOf, readResources } from "./context.ts";
import { haRefusal } from "./migrate-errors.ts";
import { LOST_MS, type Move, type MoveLook, type MovePhase } from "./migrate-phase.ts";
import { failedLook, runningLook } from "./operation.ts";
import { isInHaMotion, isMoving, isOnline } from "./signs.ts";
import { listTasks, type Upid } from "./tasks.ts";

/** The HA manager acts in rounds of 10 s; after this many without a sign it has refused. */
const HA_SILENCE_MS = 60_000;

/** Waits for the real task after the request: it comes later, from root@pam, and only those with Sys.Audit see it. */
export function haPhase(move: Move, request: Upid): MovePhase {
  const { context, token, info, errors } = move;
  const { node, vmid, type, target } = token;

  async function findTask(): Promise<Upid | undefined> {
    const real = type === "qemu" ? "qmigrate" : "vzmigrate";
    const tasks = await listTasks(context, node, vmid, { ...info, retries: 1 }).catch(
      (error: unknown) => {
        // Its node may be gone; then the guest itself has to tell.
        if (isLineError(error)) return [];
        throw error;
      },
    );
    // Both tasks start on the source, so their times are of one clock.
    return tasks
      .filter((task) => task.type === real && task.startedAt >= request.startedAt)
      .sort((a, b) => b.startedAt - a.startedAt)[0];
  }

  async function refused(): Promise<MoveLook> {
    return failedLook(await haRefusal(context, token, info, []));
  }

  return {
    async look() {
      const found = await findTask();
      if (found !== undefined) {
        // What was stopped was the request, and it came too late.
        move.isCancelled = false;
        return { phase: "task", upid: found };
      }
      const rows = await readResources(context, info);
      const guest = guestsOf(rows).find((candidate) => candidate.vmid === vmid);
      if (guest?.node === target) return { phase: "arrival" };
      const isSourceUp = isOnline(rows, node);
      if (guest !== undefined && guest.node !== node && !isInHaMotion(guest)) {
        return isSourceUp ? refused() : failedLook(errors.endedElsewhere(guest));
      }
      if (!isSourceUp) {
        if (move.silentFor() < LOST_MS) return runningLook("unknown", `${node} does not answer`);
        return failedLook(errors.vanished("lost", guest));
      }
      if (guest !== undefined && isMoving(guest) && !move.isStuck()) {
        move.heard();
        return runningLook("running", "the HA manager moves it");
      }
      if (move.silentFor() < HA_SILENCE_MS) {
        return runningLook("pending", "the HA manager has been asked");
      }
      if (!move.isCancelled) return refused();
      const why = `it was cancelled; it is still on ${node}`;
      return failedLook(errors.failed(why, "not_applied"), "cancelled");
    },
    cancel: async () => "not_supported",
  };
}
