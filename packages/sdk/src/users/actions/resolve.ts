import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import type { ChatAddress, OrgTransaction, StoredUser } from "../../store/index.ts";
import { findRole } from "../grants-of-user.ts";
import { emailOf, grantRole, newUser } from "../new-user.ts";
import { noSuchRole } from "../no-such-role.ts";
import { systemOnly } from "../system-only.ts";
import { type UserView, userView } from "../views.ts";
import { accountName, addressFields, nameField, roleField } from "./inputs.ts";

/** Which chat account, and what to do where nobody is known by it. */
export interface ResolveUserInput extends ChatAddress {
  /** Makes a person of an account that is a full member of its workspace. Default: nobody is made. */
  readonly provision?:
    | {
        readonly name: string;
        /** Default viewer. */
        readonly role?: string | undefined;
      }
    | undefined;
}

/** `users.resolve` */
export const resolve: ChangeAction<ResolveUserInput, UserView> = defineAction<
  ResolveUserInput,
  UserView
>({
  name: "users.resolve",
  description: "Finds the person that a chat account belongs to, and makes one where asked to.",
  kind: "change",
  risk: 0,
  permission: "users.write",
  input: z.strictObject({
    ...addressFields,
    provision: z
      .strictObject({ name: nameField, role: roleField.optional() })
      .optional()
      .describe("Makes a person of an account that nobody is known by. Default: nobody is made."),
  }),
  ...onOrg,
  audit: ({ provision: _, ...address }) => ({ targets: [accountName(address)] }),
  async run({ tx, clock, caller }, { provision, ...address }) {
    systemOnly(caller);
    const link = await tx.chatAccounts.find(address);
    const known = link && (await tx.users.find(link.userId));
    if (known !== undefined) return userView(tx, await renamed(tx, known, provision, clock.now()));
    if (provision === undefined) {
      const message = "This chat account is not linked to a person yet; ask an Admin to link it.";
      throw new Kappa4Error("not_found", message);
    }
    const { name, role = "viewer" } = provision;
    if ((await findRole(tx, role)) === undefined) {
      throw new Kappa4Error("invalid_argument", await noSuchRole(tx, role));
    }
    const now = clock.now();
    const email = emailOf(address);
    // Who stood for the account before it was somebody else's for a while.
    const earlier = await tx.users.findByEmail(email);
    const user = earlier ?? (await newUser(tx, { email, name }, now));
    await tx.chatAccounts.put({
      ...address,
      userId: user.id,
      method: "workspace",
      linkedAt: new Date(now),
    });
    if (earlier !== undefined) return userView(tx, earlier);
    await grantRole(tx, user, { role, source: "manual", createdBy: "workspace" }, now);
    return userView(tx, user);
  },
});

/** Who was put down under the id of an account gets the name that the platform tells. */
async function renamed(
  tx: OrgTransaction,
  user: StoredUser,
  provision: ResolveUserInput["provision"],
  now: number,
): Promise<StoredUser> {
  const isMadeUp = user.email.endsWith(".invalid");
  if (provision === undefined || !isMadeUp || user.name === provision.name) return user;
  await tx.users.update(user.id, { name: provision.name }, new Date(now));
  return { ...user, name: provision.name };
}
