import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { answerableName, callerNamed } from "../../actions/actor.ts";
import { defineAction, type RunAction } from "../../actions/define.ts";
import { reasonField } from "../../actions/inputs.ts";
import { onOrg } from "../../actions/scopes.ts";
import { governs, OURSELVES } from "../../ourselves.ts";
import type { ChatAddress, OrgTransaction, StoredUser } from "../../store/index.ts";
import { getUser } from "../get-user.ts";
import { refuseHigher } from "../higher.ts";
import { named } from "../named.ts";
import { emailOf } from "../new-user.ts";
import { accountName, addressFields, userField } from "./inputs.ts";

/** Which chat account is whose, and why. */
export interface LinkAccountInput extends ChatAddress {
  readonly user: string;
  readonly reason: string;
}

/** A link before it is made, as plain data. */
export interface AccountToLink extends ChatAddress {
  readonly user: string;
  readonly name: string;
  readonly giver: string;
}

const LINKING = "link an account to";

/** `users.link` */
export const link: RunAction<LinkAccountInput, AccountToLink> = defineAction<
  LinkAccountInput,
  AccountToLink
>({
  name: "users.link",
  description: "Makes a chat account a person's, once those who have to have approved it.",
  kind: "run",
  permission: "users.write",
  input: z.strictObject({ user: userField, ...addressFields, reason: reasonField }),
  ...onOrg,
  audit: ({ user, reason, ...address }) => ({
    targets: [`user:${user}`, accountName(address)],
    reason,
  }),
  reason: ({ reason }) => reason,
  risk: governs("whoever has the account asks and approves as that person"),
  describe: ({ user, name, platform, workspace, account }) => ({
    sentence: `Makes the ${platform} account ${account} of the workspace ${workspace} ${name}'s.`,
    facts: [
      { name: "Person", value: named(name, user) },
      { name: "Platform", value: platform },
      { name: "Workspace", value: workspace },
      { name: "Account", value: account },
    ],
  }),
  binding: ({ user, platform, workspace, account }) => ({ user, platform, workspace, account }),
  order: ({ inOrg, caller, clock }, { user: named, reason: _, ...address }) =>
    inOrg(async (tx) => {
      const user = await getUser(tx, named);
      await refuseTaken(tx, address, user);
      const now = new Date(clock.now());
      // Who gives an account gives all that its person may do.
      await refuseHigher(tx, caller, user, { what: LINKING, now });
      const content = { user: user.id, name: user.name, ...address };
      return { ...OURSELVES, content: { ...content, giver: answerableName(caller.actor) } };
    }),
  execute: async ({ clock }, { user: id, name, giver, ...address }) => ({
    async conclude(tx) {
      const linkedAt = new Date(clock.now());
      const user = await getUser(tx, id);
      await refuseTaken(tx, address, user);
      await refuseHigher(tx, callerNamed(giver), user, { what: LINKING, now: linkedAt });
      await tx.chatAccounts.put({ ...address, userId: user.id, method: "manual", linkedAt });
      return { state: "succeeded", result: { user: id, name, ...address } };
    },
  }),
});

/** Only who stands for the account alone, made when it first came, gives it up without being asked. */
async function refuseTaken(
  tx: OrgTransaction,
  address: ChatAddress,
  { id }: StoredUser,
): Promise<void> {
  const known = await tx.chatAccounts.find(address);
  if (known === undefined || known.userId === id) return;
  const owner = await tx.users.find(known.userId);
  if (owner === undefined || owner.email === emailOf(address)) return;
  const message = `This chat account is ${owner.name}'s; take it from them with users.unlink first.`;
  throw new Kappa4Error("conflict", message, { retryable: false });
}
