import { type Kappa4Error, RateLimitedError } from "@kappa4/connectors";
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

/**
 * Counts a call, or with `turns` 0 only looks; returns why it is one too many. The process and Kappa4's own work are
 * not: they are what would wait.
 */
export async function takeTurn(
  tx: OrgTransaction,
  caller: Caller,
  action: Action,
  now: Date,
  turns: 0 | 1,
): Promise<Kappa4Error | undefined> {
  const { kind } = caller.actor;
  if (action.kind === "read" || kind === "local" || kind === "system") return undefined;
  const start = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  const key = `rate:${action.kind}:${actorName(caller.actor)}`;
  const count = await tx.counters.add(key, new Date(start), turns);
  const most = PER_MINUTE[action.kind];
  if (count <= most) return undefined;
  const retryAfterMs = start + MINUTE_MS - now.getTime();
  const seconds = Math.ceil(retryAfterMs / 1000);
  const message = `More than ${most} such requests in a minute; try again in ${seconds} s.`;
  return new RateLimitedError(message, { retryAfterMs });
}
