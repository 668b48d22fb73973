import { Kappa4Error } from "../../contract/errors.ts";
import {
  FORGOTTEN_MS,
  LOST_MS,
  type Move,
  type MoveLook,
  type MovePhase,
} from "./migrate-phase.ts";
import { failedLook, runningLook, succeeded } from "./operation.ts";
import { type GuestState, readGuestState } from "./power.ts";
import { isInHaMotion, isMoving } from "./signs.ts";

/** After its task a guest shows up on its node within the rounds of the status daemon, which take 10 s. */
const ARRIVAL_MS = 120_000;
const ONLY_THE_GUEST = "only the guest itself can be seen";

/** Follows a guest when there is no task to watch: what counts is where it comes to rest. */
export function guestPhase(move: Move): MovePhase {
  const { token, errors } = move;
  return {
    async look() {
      const guest = await move.findGuest();
      if (guest?.node === token.target) return { phase: "arrival" };
      if (guest !== undefined && guest.node !== token.node && !isInHaMotion(guest)) {
        return failedLook(errors.endedElsewhere(guest));
      }
      const isSeenMoving = guest !== undefined && isMoving(guest) && !move.isStuck();
      if (guest === undefined || guest.row.status === "unknown" || isSeenMoving) {
        // A guest that moves for hours is well; one that nobody reports is not.
        if (isSeenMoving) move.heard();
        if (move.silentFor() < LOST_MS) return runningLook("unknown", ONLY_THE_GUEST);
        return failedLook(errors.vanished("lost", guest));
      }
      if (move.silentFor() < FORGOTTEN_MS) return runningLook("unknown", ONLY_THE_GUEST);
      const why = `it is still on ${token.node} and nothing moves it`;
      return failedLook(errors.failed(why, "not_applied"));
    },
    cancel: async () => "not_supported",
  };
}

/** Waits until the guest is on the target, and runs there if it ran. */
export function arrivalPhase(move: Move): MovePhase {
  const { context, token, info, errors } = move;
  const { vmid, type, target, ran } = token;

  function waiting(): MoveLook {
    return runningLook("running", `waiting for it on ${target}`, 0.99);
  }

  /** What the target itself says; undefined when it does not answer. */
  async function stateOnTarget(): Promise<GuestState | undefined> {
    try {
      return await readGuestState(context, { vmid, type, node: target }, info);
    } catch (error) {
      if (Kappa4Error.is(error)) return undefined;
      throw error;
    }
  }

  return {
    // The list is up to ten seconds old, so what it says is confirmed by the target itself.
    async look() {
      const guest = await move.findGuest();
      const silentMs = move.silentFor();
      if (guest?.node !== target) {
        if (silentMs < ARRIVAL_MS) return waiting();
        const why = `its task ended, but it is seen on ${guest?.node ?? "no node"}`;
        return failedLook(errors.failed(why, "unknown"));
      }
      const { lock, status } = guest.row;
      const isShown = lock !== "migrate" && (!ran || status === "running" || status === "paused");
      if (!isShown && silentMs < FORGOTTEN_MS) return waiting();
      const state = ran ? await stateOnTarget() : undefined;
      if (!ran || state === "running" || state === "paused") return arrived(move);
      if (silentMs < ARRIVAL_MS) return waiting();
      const why =
        state === "stopped"
          ? `it is on ${target} but does not run; start it`
          : `it is on ${target}, but whether it runs cannot be read; look at it there`;
      return failedLook(errors.failed(why, "applied"));
    },
    cancel: async () => "too_late",
  };
}

function arrived({ token, warnings }: Move): MoveLook {
  const { target, along } = token;
  const others =
    along.length === 0
      ? []
      : [`HA rules keep it together with ${along.join(", ")}, which HA moves to ${target} as well`];
  const all = [...warnings, ...others];
  return { status: succeeded(all), result: { value: { node: target, warnings: all } } };
}
