import { createHash } from "node:crypto";
import { Kappa4Error } from "@kappa4/connectors";
import canonicalize from "canonicalize";
import { fromJson, toJson } from "../dated-json.ts";
import type { OrgTransaction, StoredRequest } from "../store/index.ts";
import { actorName, type Caller } from "./actor.ts";
import type { ActionCallOptions } from "./answers.ts";
import type { Action } from "./define.ts";

/** What came of a call when it came first. */
export interface Answered<Output = unknown> {
  readonly output: Output;
}

/** For how long the same key gives the same answer. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** A call that may be one that came before. */
export interface Repeatable {
  readonly caller: Caller;
  readonly action: Action;
  readonly input: unknown;
  readonly options: ActionCallOptions;
}

/**
 * Claims the key of a call. Returns the answer that was given when it came first; undefined when it is the first,
 * or has no key. Throws `conflict` when the key came with something else.
 */
export async function recall<Output>(
  tx: OrgTransaction,
  call: Repeatable,
  now: Date,
): Promise<Answered<Output> | undefined> {
  const { requestKey } = call.options;
  if (requestKey === undefined) return undefined;
  const hash = hashOf(call);
  const expiresAt = new Date(now.getTime() + KEPT_MS);
  const earlier = await tx.requests.begin(requestKey, hash, { now, expiresAt });
  return earlier && answerOf<Output>(earlier, hash);
}

/** The same, and claims nothing: what was answered is not looked at outside again. */
export async function answeredBefore(
  tx: OrgTransaction,
  call: Repeatable,
  now: Date,
): Promise<Answered | undefined> {
  const { requestKey } = call.options;
  const earlier = requestKey && (await tx.requests.find(requestKey, now));
  return earlier ? answerOf(earlier, hashOf(call)) : undefined;
}

function answerOf<Output>(earlier: StoredRequest, hash: string): Answered<Output> {
  if (earlier.hash === hash) return { output: fromJson(earlier.answer) as Output };
  const message =
    "This request key came with another request before; make a new key for each request.";
  throw new Kappa4Error("conflict", message, { retryable: false });
}

/** Keeps the answer for whoever asks again. */
export async function remember(
  tx: OrgTransaction,
  call: Repeatable,
  output: unknown,
): Promise<void> {
  const { requestKey } = call.options;
  if (requestKey === undefined) return;
  await tx.requests.answer(requestKey, JSON.parse(toJson(output)));
}

function hashOf({ caller, action, input }: Repeatable): string {
  const text = canonicalize([
    action.name,
    actorName(caller.actor),
    JSON.parse(JSON.stringify(input)),
  ]);
  return createHash("sha256")
    .update(text ?? "")
    .digest("hex");
}
