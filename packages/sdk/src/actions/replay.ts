import { createHash } from "node:crypto";
import { Kappa4Error } from "@kappa4/connectors";
import canonicalize from "canonicalize";
import { fromJson, toJson } from "../dated-json.ts";
import type { OrgTransaction } from "../store/index.ts";
import { actorName, type Caller } from "./actor.ts";
import type { ActionCallOptions } from "./answers.ts";
import type { Action } from "./define.ts";

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
): Promise<{ readonly output: Output } | undefined> {
  const { requestKey } = call.options;
  if (requestKey === undefined) return undefined;
  const hash = hashOf(call);
  const expiresAt = new Date(now.getTime() + KEPT_MS);
  const earlier = await tx.requests.begin(requestKey, hash, { now, expiresAt });
  if (earlier === undefined) return undefined;
  if (earlier.hash !== hash) {
    const message =
      "This request key came with another request before; make a new key for each request.";
    throw new Kappa4Error("conflict", message, { retryable: false });
  }
  return { output: fromJson(earlier.answer) as Output };
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
