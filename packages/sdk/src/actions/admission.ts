import { Kappa4Error } from "@kappa4/connectors";
import type { OrgTransaction } from "../store/index.ts";
import { personOf } from "./actor.ts";
import { furtherFor, grantsOf, judge, type Reach, reachOf, unseen } from "./authorise.ts";
import { strangeAccount } from "./chat-link.ts";
import { closedOrg } from "./closed-org.ts";
import type { Action } from "./define.ts";
import { inOrgOf, type Passing, type PipelineParts, surroundingsFor } from "./passing.ts";
import { countCall, isCounted, markCounted, takeTurn, tooMany } from "./rate.ts";
import { holdsSomewhere } from "./reachable.ts";
import { markRecorded, record } from "./recording.ts";
import { type Answered, answeredBefore } from "./replay.ts";

/**
 * Lets a call in, or throws why not. Whoever holds the process may read without the store being opened; a refusal is put
 * on record. Returns what was answered before under the same key, where there is such a thing.
 */
export async function admit(parts: PipelineParts, passing: Passing): Promise<Answered | undefined> {
  const { caller, action, input, options } = passing;
  const isOurs = caller.actor.kind === "local" && action.scope(input).kind !== "platform";
  if (isOurs && options.requestKey === undefined) return undefined;
  const now = new Date(parts.clock.now());
  const found = await inOrgOf(parts, passing, async (tx) => {
    const refusal = isOurs ? undefined : await refusalOf(tx, parts, passing);
    if (refusal !== undefined) return { refusal };
    if (action.kind === "read") return {};
    const known = await answeredBefore(tx, passing, now);
    // What is looked at outside takes a while: calls made meanwhile are to find this one counted.
    if (known === undefined) await countCall(tx, caller, action, now);
    return { known };
  });
  if (found.refusal !== undefined) throw found.refusal;
  if (action.kind !== "read") markCounted(passing);
  return found.known;
}

/** Says why a call may not go on, and puts that on record; undefined when it may. */
export async function refusalOf(
  tx: OrgTransaction,
  parts: PipelineParts,
  passing: Passing,
): Promise<Kappa4Error | undefined> {
  const { caller, action } = passing;
  if (action.kind === "read") return refusalOfRead(tx, parts, passing);
  // Before anything else is looked up, so that who is refused each time cannot go on asking.
  const now = new Date(parts.clock.now());
  const excess = isCounted(passing)
    ? await takeTurn(tx, caller, action, now)
    : await tooMany(tx, caller, action, now);
  if (excess !== undefined) return refusedAs(tx, parts, passing, excess);
  const found = await obstacle(tx, parts, passing);
  return found && refusedAs(tx, parts, passing, found);
}

/** Whoever may look may look often; of those who may not, no more is put on record than of other calls. */
async function refusalOfRead(
  tx: OrgTransaction,
  parts: PipelineParts,
  passing: Passing,
): Promise<Kappa4Error | undefined> {
  const { caller, action } = passing;
  const found = await obstacle(tx, parts, passing);
  if (found === undefined) return undefined;
  const now = new Date(parts.clock.now());
  const excess = await tooMany(tx, caller, action, now);
  if (excess !== undefined) return refusedAs(tx, parts, passing, excess);
  if (!found.isMissing) return refusedAs(tx, parts, passing, found);
  // Who looks for what is not there has tried nothing that the record would be for. It counts like what they may not
  // see, or the limit would tell the one from the other.
  await countCall(tx, caller, action, now);
  return found.error;
}

async function refusedAs(
  tx: OrgTransaction,
  parts: PipelineParts,
  passing: Passing,
  { error, isFirst = true }: { readonly error: Kappa4Error; readonly isFirst?: boolean },
): Promise<Kappa4Error> {
  markRecorded(error);
  if (isFirst) await record(tx, parts, passing, { outcome: "refused", error });
  return error;
}

/** What stands in the way of a call. */
interface Obstacle {
  readonly error: Kappa4Error;
  /** Whether what it is about is not there at all. */
  readonly isMissing: boolean;
}

async function obstacle(
  tx: OrgTransaction,
  parts: PipelineParts,
  passing: Passing,
): Promise<Obstacle | undefined> {
  const { caller, action, input } = passing;
  const strange = await strangeAccount(tx, caller, action);
  if (strange !== undefined) return { error: strange, isMissing: false };
  const reach = await visibleReach(tx, parts, passing);
  if (reach === undefined) return { error: unseen(action), isMissing: true };
  const { scope, madeBy, isNarrowed = false } = reach;
  const isOwn = madeBy !== undefined && madeBy === personOf(caller.actor);
  const isException = action.also?.when(input) ?? false;
  const grants = await grantsOf(tx, caller);
  const now = new Date(parts.clock.now());
  const further = furtherFor(action, input);
  const isPart = isNarrowed && holdsSomewhere(grants, action.permission, tx.org, now);
  const standing = isPart
    ? ({ ok: true } as const)
    : judge(action, scope, grants, now, { isOwn, isException, further });
  const error = standing.ok ? await closed(tx, action) : standing.error;
  return error && { error, isMissing: false };
}

/** What is not there and what may not be seen are one answer: undefined. */
async function visibleReach(
  tx: OrgTransaction,
  parts: PipelineParts,
  { caller, action, input }: Passing,
): Promise<Reach | undefined> {
  try {
    const { systems } = await surroundingsFor(parts, caller);
    return await reachOf(tx, action, input, systems);
  } catch (error) {
    if (caller.actor.kind === "local" || !Kappa4Error.is(error, "not_found")) throw error;
    return undefined;
  }
}

/** A suspended organisation can still be read, and what was begun in it stopped. */
async function closed(tx: OrgTransaction, action: Action): Promise<Kappa4Error | undefined> {
  if (action.kind === "read") return undefined;
  const found = await closedOrg(tx);
  const isBrake = action.kind === "change" && action.isBrake === true;
  return isBrake && found?.status === "suspended" ? undefined : found?.error;
}
