import type { ChangeResult } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import { instancePath, type LxdApi } from "./api.ts";
import { clean } from "./errors.ts";
import { judgeChange } from "./judge.ts";
import { submit } from "./submit.ts";
import { type ChangeToken, tokenBase } from "./token.ts";

/** How an instance changes its state. */
export interface PowerChange {
  readonly verb: "start" | "stop" | "restart";
  /** Pulls the plug instead of asking. Default false. */
  readonly force?: boolean | undefined;
  /** How long the instance may take. Default 180 000 ms. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 180_000;

/** Asks for another state of an instance. */
export function changePower(
  api: LxdApi,
  name: string,
  change: PowerChange,
): Promise<Operation<ChangeResult>> {
  const { verb, force = false, timeoutMs = TIMEOUT_MS, signal } = change;
  const token: ChangeToken = { ...tokenBase(api.connection, api.project), verb, guest: name };
  return submit(api, {
    method: "PUT",
    path: `${instancePath(name)}/state`,
    json: { action: verb, timeout: Math.max(1, Math.ceil(timeoutMs / 1000)), force },
    token,
    judge: (complete) => judgeChange(api, complete),
    description: DESCRIPTIONS[verb],
    signal,
  });
}

/** Changes the state for the sake of something greater; returns what went wrong, or undefined. */
export async function setPower(
  api: LxdApi,
  name: string,
  verb: "start" | "stop",
  signal?: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const operation = await changePower(api, name, { verb, signal });
    await operation.done({ signal });
    return undefined;
  } catch (error) {
    // A change that failed is the answer here; an abort is not.
    if (Kappa4Error.is(error)) return clean(error.message);
    throw error;
  }
}

const DESCRIPTIONS: Readonly<Record<PowerChange["verb"], RegExp>> = {
  start: /starting/i,
  stop: /stopping/i,
  restart: /restarting/i,
};
