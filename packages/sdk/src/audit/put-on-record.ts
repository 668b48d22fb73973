import type { Clock } from "@kappa4/connectors";
import type { Caller } from "../actions/actor.ts";
import { newId } from "../ids.ts";
import type { OrgTransaction } from "../store/index.ts";
import { type AuditActor, type AuditEntry, entryText } from "./entry.ts";

/** Something that was done, refused, or tried in vain. */
export interface Deed
  extends Pick<
    AuditEntry,
    "action" | "targets" | "permission" | "reason" | "planHash" | "requestKey" | "details"
  > {
  readonly caller: Caller;
  readonly outcome: "done" | "refused" | "failed";
  /** The code of the error, where it was not done. */
  readonly code?: string | undefined;
}

/** Puts something on record, in the transaction that it happens in. */
export async function putOnRecord(
  tx: OrgTransaction,
  clock: Clock,
  { caller, outcome, code, ...deed }: Deed,
): Promise<void> {
  const id = newId("aud", clock.now());
  const at = new Date(clock.now());
  const body = entryText({
    ...deed,
    id,
    org: tx.org,
    at,
    actor: actorOf(caller),
    decision: outcome === "refused" ? "refused" : "allowed",
    result: outcome === "done" ? "succeeded" : (code ?? "internal"),
  });
  await tx.audit.append({ id, at, body });
}

function actorOf({ actor, via, chat }: Caller): AuditActor {
  return { ...actor, via, ...(chat === undefined ? {} : { chat }) };
}
