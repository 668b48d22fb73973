import { redactText } from "@kappa4/connectors";
import type { ChatOrigin, Via } from "../actions/actor.ts";
import type { Id } from "../ids.ts";
import { canonicalText } from "./canonical.ts";
import { redact } from "./redact.ts";

/** Who did it, and by which way they came. */
export interface AuditActor {
  readonly kind: "local" | "person" | "schedule" | "system";
  /** Of the person, or of the schedule. */
  readonly id?: string | undefined;
  /** Who answers for what a schedule does. */
  readonly editedBy?: string | undefined;
  readonly via: Via;
  /** The chat account that was used, and where. */
  readonly chat?: ChatOrigin | undefined;
}

/** That somebody did something, or tried to. */
export interface AuditEntry {
  readonly id: Id<"aud">;
  readonly org: Id<"org">;
  readonly at: Date;
  /** What was asked for, as `noun.verb`. */
  readonly action: string;
  readonly actor: AuditActor;
  /** What it was done to: ids, or names such as `gold/vm:100`. */
  readonly targets: readonly string[];
  readonly decision: "allowed" | "refused";
  /** How it ended, as far as is known: `succeeded`, a code of an error, the code of a refusal. */
  readonly result: string;
  /** The permission that was asked for. */
  readonly permission?: string | undefined;
  /** What the person gave as the reason. */
  readonly reason?: string | undefined;
  readonly planHash?: string | undefined;
  /** What a repeated request is recognised by. */
  readonly requestKey?: string | undefined;
  /** Whatever else is worth knowing; secrets in it are hidden. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

const VERSION = 1;
const LONGEST_DETAILS = 16_384;
const LONGEST_TEXT = 2_000;

/**
 * Writes an entry as the text that is stored and hashed. Secrets are hidden, and what is too long is left out with a
 * word about it: an entry never fails for what is in it.
 */
export function entryText(entry: AuditEntry): string {
  const { id, org, at, planHash, details = {}, reason, ...rest } = entry;
  return canonicalText({
    v: VERSION,
    id,
    org,
    at: at.toISOString(),
    ...Object(redact({ ...rest, reason: reason && shortened(reason) })),
    ...(rest.requestKey === undefined ? {} : { requestKey: redactText(rest.requestKey) }),
    ...(planHash === undefined ? {} : { planHash }),
    details: boundedDetails(details),
  });
}

function boundedDetails(details: Readonly<Record<string, unknown>>): unknown {
  const clean = redact(details);
  const { length } = canonicalText(clean);
  return length <= LONGEST_DETAILS ? clean : { omitted: `${length} characters of details` };
}

function shortened(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}
