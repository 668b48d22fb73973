import { RateLimitedError } from "@kappa4/connectors";
import type { OrgTransaction } from "../store/index.ts";
import { actorName, type Caller } from "./actor.ts";
import type { Action } from "./define.ts";

/** Calls per minute and actor. A person who needs more is a script, and a script is a schedule or a token. */
const PER_MINUTE: Readonly<Record<Exclude<Action["kind"], "read">, number>> = {
  plan: 20,
  change: 60,
  run: 10,
};

const MINUTE_MS = 60_000;

/** A call that is one too many. */
export interface TooMany {
  readonly error: RateLimitedError;
  /** Whether it is the first such one of its minute: the others say nothing new, and would fill the record. */
  readonly isFirst: boolean;
}

/**
 * Says whether a call would be one too many; undefined when it would not. Until the transaction ends no other one of the
 * same actor gets an answer. The process and Kappa4's own work are not counted: they are what would wait.
 */
export async function tooMany(
  tx: OrgTransaction,
  caller: Caller,
  action: Action,
  now: Date,
): Promise<TooMany | undefined> {
  const counter = counterOf(caller, action, now);
  if (counter === undefined) return undefined;
  const { key, start, most } = counter;
  if ((await tx.counters.add(key, start, 0)) < most) return undefined;
  const retryAfterMs = start.getTime() + MINUTE_MS - now.getTime();
  const seconds = Math.ceil(retryAfterMs / 1000);
  const message = `More than ${most} such requests in a minute; try again in ${seconds} s.`;
  const isFirst = (await tx.counters.add(`${key}:refused`, start, 1)) === 1;
  return { error: new RateLimitedError(message, { retryAfterMs }), isFirst };
}

/** Counts a call, however it has ended. */
export async function countCall(
  tx: OrgTransaction,
  caller: Caller,
  action: Action,
  now: Date,
): Promise<void> {
  const counter = counterOf(caller, action, now);
  if (counter !== undefined) await tx.counters.add(counter.key, counter.start, 1);
}

interface Counter {
  readonly key: string;
  readonly start: Date;
  readonly most: number;
}

function counterOf({ actor }: Caller, { kind }: Action, now: Date): Counter | undefined {
  if (kind === "read" || actor.kind === "local" || actor.kind === "system") return undefined;
  const start = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  return { key: `rate:${kind}:${actorName(actor)}`, start, most: PER_MINUTE[kind] };
}
