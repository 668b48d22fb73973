import { type Clock, RateLimitedError } from "@kappa4/connectors";
import { putOnRecord } from "../audit/put-on-record.ts";
import type { OrgTransaction } from "../store/index.ts";
import { actorName, type Caller } from "./actor.ts";
import type { Action } from "./define.ts";

/**
 * Calls per minute and actor; of reads those alone that are refused. A person who needs more is a script, and a script is
 * a schedule or a token.
 */
const PER_MINUTE: Readonly<Record<Action["kind"], number>> = {
  read: 60,
  plan: 20,
  change: 60,
  run: 10,
};

const MINUTE_MS = 60_000;
/** What counts the calls beyond a limit. */
const BEYOND = ":refused";

/** A call that is one too many. */
export interface TooMany {
  readonly error: RateLimitedError;
  /** Whether it is the first such one of its minute: the others are told of together once that is over. */
  readonly isFirst: boolean;
}

/**
 * Says whether a call, or a read that is refused, would be one too many; undefined when it would not. Until the
 * transaction ends no other one of the same actor gets an answer. The process and Kappa4's own work are not counted: they
 * are what would wait.
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
  const what = action.kind === "read" ? "requests for what is not yours to see" : "such requests";
  const message = `More than ${most} ${what} in a minute; try again in ${seconds} s.`;
  const isFirst = (await tx.counters.add(`${key}${BEYOND}`, start, 1)) === 1;
  return { error: new RateLimitedError(message, { retryAfterMs }), isFirst };
}

/**
 * Waits for the transactions of the same actor's other calls, and lets them wait for this one: what comes twice at once
 * finds what became of the first.
 */
export async function takeTurn(
  tx: OrgTransaction,
  caller: Caller,
  action: Action,
  now: Date,
): Promise<undefined> {
  await countCall(tx, caller, action, now, 0);
}

/** Counts a call, however it has ended; a read only where it was refused. */
export async function countCall(
  tx: OrgTransaction,
  caller: Caller,
  action: Action,
  now: Date,
  times: 0 | 1 = 1,
): Promise<void> {
  const counter = counterOf(caller, action, now);
  if (counter !== undefined) await tx.counters.add(counter.key, counter.start, times);
}

/**
 * Puts on record how many calls there were beyond each limit, one entry for each actor, kind and minute that is over: each
 * is told of once. Those of which the one that was refused first is all there was have an entry already.
 */
export async function tellExcess(tx: OrgTransaction, clock: Clock): Promise<void> {
  const over = new Date(clock.now() - MINUTE_MS);
  for (const { key, windowStart, count } of await tx.counters.take(BEYOND, over)) {
    const [, kind = "", ...actor] = key.slice(0, -BEYOND.length).split(":");
    if (count < 2) continue;
    await putOnRecord(tx, clock, {
      caller: { actor: { kind: "system" }, org: tx.org, via: "sdk" },
      action: "calls.refused",
      targets: [`actor:${actor.join(":")}`],
      outcome: "done",
      reason: `${count} requests in a minute were refused beyond the limit.`,
      details: { kind, count, from: windowStart.toISOString() },
    });
  }
}

const counted = new WeakSet<object>();

/** Notes that a call is counted: it is one, however often it is looked at again. */
export function markCounted(call: object): void {
  counted.add(call);
}

/** Tells whether a call is counted. */
export function isCounted(call: object): boolean {
  return counted.has(call);
}

interface Counter {
  readonly key: string;
  readonly start: Date;
  readonly most: number;
}

function counterOf({ actor }: Caller, { kind }: Action, now: Date): Counter | undefined {
  if (actor.kind === "local" || actor.kind === "system") return undefined;
  const start = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  return { key: `rate:${kind}:${actorName(actor)}`, start, most: PER_MINUTE[kind] };
}
