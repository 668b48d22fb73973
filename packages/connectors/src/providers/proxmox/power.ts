import type { CallInfo } from "./api.ts";
import { guestPath, type PlacedGuest, type ProxmoxContext } from "./context.ts";
import { guestStatusPayload } from "./guest-payloads.ts";

/** Whether a guest runs, as its own node says right now. */
export type GuestState = "running" | "paused" | "stopped";

/** Asks the guest's node; fresher than the list of resources, which lags by up to half a minute. */
export async function readGuestState(
  { api }: ProxmoxContext,
  guest: PlacedGuest,
  info: CallInfo,
): Promise<GuestState> {
  const answer = await api.get(`${guestPath(guest)}/status/current`, guestStatusPayload, info);
  if (answer.status !== "running") return "stopped";
  return ["paused", "suspended", "prelaunch"].includes(answer.qmpstatus ?? "")
    ? "paused"
    : "running";
}
