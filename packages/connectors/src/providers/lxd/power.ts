import { Kappa4Error } from "../../contract/errors.ts";
import type { CallInfo, LxdApi } from "./api.ts";
import { clean, isAlreadyInState } from "./errors.ts";
import type { OperationLook } from "./look.ts";

/** How long a guest may take to stop by itself before a move, in seconds. */
const STOP_SECONDS = 180;

/** Starts an instance and waits for it; returns what went wrong, or undefined. */
export async function powerOn(
  api: LxdApi,
  name: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return setPower(api, name, { action: "start", timeout: 60 }, { operation: "start", signal });
}

/** Asks an instance to stop and waits for it; returns what went wrong, or undefined. */
export async function powerOff(
  api: LxdApi,
  name: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const state = { action: "stop", timeout: STOP_SECONDS, force: false };
  return setPower(api, name, state, { operation: "stop", signal });
}

async function setPower(
  api: LxdApi,
  name: string,
  state: object,
  call: Pick<CallInfo, "operation" | "signal">,
): Promise<string | undefined> {
  const info = { ...call, target: name };
  try {
    const path = `/1.0/instances/${encodeURIComponent(name)}/state`;
    const url = await api.change("PUT", path, { ...info, json: state });
    if (url === undefined) return undefined;
    let look: OperationLook;
    do {
      look = await api.wait(url, 10, info);
    } while (look.state === "running");
    if (look.state === "gone") return undefined;
    const { error } = look;
    return error === undefined || isAlreadyInState(error) ? undefined : clean(error);
  } catch (error) {
    // A change that failed is the answer here; an abort is not.
    if (Kappa4Error.is(error)) return clean(error.message);
    throw error;
  }
}
