import { Kappa4Error } from "@kappa4/connectors";
import type { Caller } from "../actions/actor.ts";
import { grantsOf } from "../actions/authorise.ts";
import { beyond } from "../permissions/index.ts";
import type { OrgTransaction, StoredUser } from "../store/index.ts";
import { grantsOfUser } from "./grants-of-user.ts";

/** Refuses to do something to a person who may do more than who does it, disabled or not. Throws `permission`. */
export async function refuseHigher(
  tx: OrgTransaction,
  caller: Caller,
  { id, name }: StoredUser,
  { what, now }: { readonly what: string; readonly now: Date },
): Promise<void> {
  const held = await grantsOf(tx, caller);
  const theirs = (await grantsOfUser(tx, id)).filter(
    ({ expiresAt }) => expiresAt === undefined || expiresAt > now,
  );
  // What they hold counts, and not for how long.
  const [first] = theirs.flatMap((grant) => beyond(held, { ...grant, expiresAt: now }, now));
  if (first === undefined) return;
  const message = `You cannot ${what} ${name}, who may do more than you do (${first}). Ask somebody who holds it.`;
  throw new Kappa4Error("permission", message);
}
