import type { Clock } from "@kappa4/connectors";
import canonicalize from "canonicalize";
import { actorName, type Caller } from "../actions/actor.ts";
import { newId } from "../ids.ts";
import type { OrgTransaction } from "../store/index.ts";

/** Something that was done, refused, or tried in vain. */
export interface Deed {
  readonly caller: Caller;
  /** The name of an action, or what happened to a thing by itself, for example `approval.expired`. */
  readonly action: string;
  readonly targets: readonly string[];
  readonly result: "done" | "refused" | "failed";
  /** The code of the error. */
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly planHash?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly requestKey?: string | undefined;
}

/** Puts something on record, in the transaction that it happens in. */
export async function putOnRecord(
  tx: OrgTransaction,
  clock: Clock,
  { caller, ...deed }: Deed,
): Promise<void> {
  const now = clock.now();
  const at = new Date(now);
  const entry = {
    version: 1,
    at: at.toISOString(),
    actor: actorName(caller.actor),
    via: caller.via,
    ...deed,
  };
  // What is undefined is left out, and dates become text, before the text is made canonical.
  const body = canonicalize(JSON.parse(JSON.stringify(entry)));
  await tx.audit.append({ id: newId("aud", now), at, body: body ?? "{}" });
}
