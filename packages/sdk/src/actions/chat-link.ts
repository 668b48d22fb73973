import { Kappa4Error } from "@kappa4/connectors";
import type { OrgTransaction } from "../store/index.ts";
import type { Caller } from "./actor.ts";
import type { Action } from "./define.ts";

/**
 * Says why a person's call from a chat account is not let in: it is not theirs, or is no more. A surface may remember for a
 * while whose it was.
 */
export async function strangeAccount(
  tx: OrgTransaction,
  { actor, via: platform, chat }: Caller,
  { name }: Action,
): Promise<Kappa4Error | undefined> {
  if (chat === undefined || actor.kind !== "person") return undefined;
  const { workspace, account } = chat;
  const link = await tx.chatAccounts.find({ platform, workspace, account });
  if (link?.userId === actor.id) return undefined;
  const message =
    "Nothing was done: this chat account is not, or no longer, that of the person who was taken to write from it. Send it again, or ask an Admin whose it is.";
  return new Kappa4Error("permission", message, { context: { operation: name } });
}
