import type { RichText, View } from "../../view/model.ts";
import type { CommandContext, RunRecord, Stopper } from "../context.ts";
import { applyProgressView } from "./progress-view.ts";

/** How long after its start a run can still be stopped from its message. */
const STOP_BUTTON_MS = 24 * 60 * 60 * 1000;
/** Moves that the message of a run lists. */
export const MOST_MOVES_IN_CHAT = 12;

/** Draws the message of a run under way; one that nobody has stopped yet has a button for that. */
export function runMessage(
  context: Pick<CommandContext, "issue" | "clock">,
  run: RunRecord,
  note?: RichText,
): View {
  const { id, planId, moves, startedAt, stoppedBy } = run;
  const now = new Date(context.clock.now());
  const isStoppable = stoppedBy === undefined && note === undefined;
  return applyProgressView(
    { moves, startedAt, now },
    {
      run: id,
      plan: planId,
      stopping: stoppedBy !== undefined,
      most: MOST_MOVES_IN_CHAT,
      note: note ?? (stoppedBy === undefined ? undefined : [...stopWords(stoppedBy), "."]),
      ...(isStoppable ? { actions: [stopAction(context, run)] } : {}),
    },
  );
}

/** Says who or what stopped a run. */
export function stopWords(by: Stopper | undefined): Exclude<RichText, string> {
  if (by === undefined) return ["Stopped on request"];
  return by === "shutdown" ? ["Stopped as Kappa4 is shut down"] : ["Stopped by ", by];
}

function stopAction({ issue }: Pick<CommandContext, "issue">, { id, startedAt }: RunRecord) {
  const expiresAt = new Date(startedAt.getTime() + STOP_BUTTON_MS);
  const token = issue({ command: "rebalance", verb: "cancel", input: { run: id }, expiresAt });
  return { label: "Stop after current moves", token, command: `/rebalance cancel ${id}` };
}
