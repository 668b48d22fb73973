import type { ChangeResult } from "../../contract/capabilities.ts";
import { type ErrorContext, Kappa4Error, type Outcome } from "../../contract/errors.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import { type CallInfo, instancePath, type LxdApi } from "./api.ts";
import { clean, errorFromOperation, isAlreadyInState } from "./errors.ts";
import type { OperationLook } from "./look.ts";
import { mapInstanceStatus } from "./mapping.ts";
import { type Instance, savedStateSchema } from "./payloads.ts";
import type { ChangeToken, CreationToken, SnapshotToken, Token } from "./token.ts";

/** How an operation ended, as far as the server still knows. */
export type OperationEnd = Exclude<OperationLook, { readonly state: "running" }>;

/** What the outside system shows after the end of an operation. */
export type Verdict<Result> =
  | { readonly value: Result; readonly error?: undefined }
  | { readonly error: Kappa4Error };

/** Options of {@link Judge}. */
export interface JudgeOptions {
  readonly signal?: AbortSignal | undefined;
  /** May start an instance again that a move left stopped. */
  readonly mayRepair: boolean;
}

/** Decides from the resource, not from the operation alone, what came of a change. Throws when it cannot look. */
export type Judge<Result> = (end: OperationEnd, options: JudgeOptions) => Promise<Verdict<Result>>;

/** The mark on an instance by which its maker knows it again. */
export const KEY_CONFIG = "user.kappa4.key";

/** Judges `start`, `stop`, `restart` and `delete`. */
export function judgeChange(api: LxdApi, token: ChangeToken): Judge<ChangeResult> {
  return async (end, { signal }) => {
    if (token.unchanged === true) return { value: { changed: false } };
    const text = errorOf(end);
    if (text !== undefined && token.verb !== "delete" && isAlreadyInState(text)) {
      return { value: { changed: false } };
    }
    const instance = await findInstance(api, token.guest, callInfo(token, signal));
    const state = instance === undefined ? "gone" : mapInstanceStatus(instance);
    if (text !== undefined) {
      const found = `It is ${state}`;
      return failed(api, token, text, { outcome: outcomeOf(token, state), found });
    }
    if (WANTED[token.verb].includes(state)) return { value: { changed: true } };
    return notSeen(api, token, end, `it is ${state}`);
  };
}

/** Judges `create` and `clone`: the instance is there and carries this call's mark. */
export function judgeCreation(api: LxdApi, token: CreationToken): Judge<{ readonly id: GuestId }> {
  return async (end, { signal }) => {
    const instance = await findInstance(api, token.guest, callInfo(token, signal));
    const isOurs = instance?.config[KEY_CONFIG] === token.key;
    const text = errorOf(end);
    if (text !== undefined) {
      const found = `It is left on ${instance?.location ?? "some member"}; delete it`;
      return failed(api, token, text, isOurs ? { outcome: "applied", found } : NOTHING);
    }
    if (isOurs) return { value: { id: token.guest } };
    return notSeen(api, token, end, instance === undefined ? "it is not there" : "it is another");
  };
}

/** Judges what is done to snapshots. */
export function judgeSnapshot(api: LxdApi, token: SnapshotToken): Judge<ChangeResult> {
  return async (end, { signal }) => {
    if (token.unchanged === true) return { value: { changed: false } };
    const text = errorOf(end);
    // Nothing on an instance shows that it was restored, so only the operation itself can tell.
    if (token.verb === "restore") {
      if (text !== undefined) return failed(api, token, text, { outcome: "unknown" });
      if (end.state === "ended") return { value: { changed: true } };
      return notSeen(api, token, end, "a restore leaves no trace");
    }
    const there = await hasSnapshot(api, token.guest, token.snapshot, callInfo(token, signal));
    const found = there ? "The snapshot is there" : "The snapshot is not there";
    const isAsWanted = there === (token.verb === "snapshot");
    if (text !== undefined) {
      return failed(api, token, text, isAsWanted ? { outcome: "applied", found } : NOTHING);
    }
    if (isAsWanted) return { value: { changed: true } };
    return notSeen(api, token, end, there ? "the snapshot is still there" : "there is none");
  };
}

/** Reads an instance; undefined when there is none of that name. */
async function findInstance(
  api: LxdApi,
  name: string,
  info: CallInfo,
): Promise<Instance | undefined> {
  return unlessMissing(api.instance(name, info));
}

/** Whether a guest has a snapshot of that name. */
export async function hasSnapshot(
  api: LxdApi,
  guest: string,
  name: string,
  info: CallInfo,
): Promise<boolean> {
  const path = `${instancePath(guest)}/snapshots/${encodeURIComponent(name)}`;
  return (await unlessMissing(api.get(path, savedStateSchema, info))) !== undefined;
}

/** Names the work of a token for people: `migrate of c1 on "lab"`. */
export function nameOf(api: LxdApi, token: Pick<Token, "verb" | "guest">): string {
  return `${token.verb} of ${token.guest} on "${api.connection}"`;
}

/** The error context of a token. */
export function contextOfToken(api: LxdApi, token: Pick<Token, "verb" | "guest">): ErrorContext {
  return { connector: api.connection, operation: token.verb, target: token.guest };
}

/** The call information of the reads that follow a token. */
export function callInfo(token: Pick<Token, "verb" | "guest">, signal?: AbortSignal): CallInfo {
  return { operation: token.verb, target: token.guest, signal };
}

/** What was found after a change that failed, as a sentence without its end. */
interface Remains {
  readonly outcome: Outcome;
  readonly found?: string;
}

const NOTHING: Remains = { outcome: "not_applied" };

function errorOf(end: OperationEnd): string | undefined {
  return end.state === "ended" ? end.error : undefined;
}

/** What a change of state that failed has done all the same. */
function outcomeOf({ verb }: ChangeToken, state: string): Outcome {
  if (state === "unknown") return "unknown";
  // One that runs may have been restarted; one that does not is as far as the stop.
  if (verb === "restart") return state === "running" ? "unknown" : "applied";
  return WANTED[verb].includes(state) ? "applied" : "not_applied";
}

function failed(
  api: LxdApi,
  token: Token,
  text: string,
  { outcome, found }: Remains,
): { readonly error: Kappa4Error } {
  const [name, context] = [nameOf(api, token), contextOfToken(api, token)];
  const notes = found === undefined ? [] : [`${found}.`];
  return { error: errorFromOperation(text, { name, context, outcome, notes }) };
}

/** The operation did not fail, yet its effect is not to be seen. */
function notSeen(
  api: LxdApi,
  token: Token,
  end: OperationEnd,
  found: string,
): { readonly error: Kappa4Error } {
  const said = end.state === "gone" ? "is no longer known to the server" : "ended well";
  return {
    error: new Kappa4Error(
      "operation_failed",
      `${nameOf(api, token)} ${said}, but its effect is not to be seen: ${clean(found)}; look at it before trying again.`,
      { outcome: "unknown", context: contextOfToken(api, token) },
    ),
  };
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (Kappa4Error.is(error, "not_found")) return undefined;
    throw error;
  }
}

const WANTED: Readonly<Record<"start" | "stop" | "restart" | "delete", readonly string[]>> = {
  start: ["running"],
  restart: ["running"],
  // An ephemeral instance goes when it stops.
  stop: ["stopped", "gone"],
  delete: ["gone"],
};
