import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import type { ChangeContext } from "../../actions/context.ts";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import type { ChatAddress, StoredUser } from "../../store/index.ts";
import { findRole } from "../grants-of-user.ts";
import { emailOf, grantRole, newUser } from "../new-user.ts";
import { noSuchRole } from "../no-such-role.ts";
import { systemOnly } from "../system-only.ts";
import { accountName, addressFields, nameField, roleField } from "./inputs.ts";

/** A person as a configuration names them. */
export interface BroughtPerson {
  readonly name: string;
  /** Default: one that stands for the account. */
  readonly email?: string | undefined;
  readonly role: string;
  readonly account?: ChatAddress | undefined;
}

/** Everybody that a configuration names. */
export interface BringUsersInput {
  readonly people: readonly BroughtPerson[];
}

const person = z
  .strictObject({
    name: nameField,
    email: z.email().optional().describe("Default: one that stands for the account."),
    role: roleField,
    account: z
      .strictObject(addressFields)
      .optional()
      .describe("Their chat account. Default: none is known."),
  })
  .refine(({ email, account }) => email !== undefined || account !== undefined, {
    error: "give the e-mail address, a chat account, or both",
  });

/** `users.bring` */
export const bring: ChangeAction<BringUsersInput, { readonly people: number }> = defineAction<
  BringUsersInput,
  { readonly people: number }
>({
  name: "users.bring",
  description:
    "Makes the people of the configuration known, with the roles and chat accounts it gives them; takes back what it no longer gives.",
  kind: "change",
  risk: 1,
  permission: "users.write",
  quota: "users.max",
  input: z.strictObject({
    people: z.array(person).max(10_000).describe("Everybody whom the configuration names."),
  }),
  ...onOrg,
  audit: ({ people }) => ({
    targets: ["users"],
    details: { people: people.map(({ name, role }) => ({ name, role })) },
  }),
  async run(context, { people }) {
    systemOnly(context.caller);
    const { tx } = context;
    const wanted = new Map<string, string>();
    for (const one of people) {
      if ((await findRole(tx, one.role)) === undefined) {
        const message = `The configuration gives ${one.name} the role ${one.role}. ${await noSuchRole(tx, one.role)}`;
        throw new Kappa4Error("config_invalid", message);
      }
      wanted.set((await settled(context, one)).id, one.role);
    }
    await settleGrants(context, wanted);
    await settleLinks(context, people);
    return { people: wanted.size };
  },
});

/** The person, as the configuration says, and the account theirs. */
async function settled({ tx, clock }: ChangeContext, one: BroughtPerson): Promise<StoredUser> {
  const now = clock.now();
  const { name, account } = one;
  const email = one.email ?? (account && emailOf(account)) ?? "";
  const link = account && (await tx.chatAccounts.find(account));
  const linked = link && (await tx.users.find(link.userId));
  // An account without an address of its own stays whose it is: who was there before is no second person.
  const isSame = one.email === undefined || linked?.email === email.toLowerCase();
  if (linked !== undefined && isSame) return linked;
  const user = (await tx.users.findByEmail(email)) ?? (await newUser(tx, { email, name }, now));
  if (account !== undefined) {
    const linkedAt = new Date(now);
    await tx.chatAccounts.put({ ...account, userId: user.id, method: "configuration", linkedAt });
  }
  if (user.name !== name) await tx.users.update(user.id, { name }, new Date(now));
  return user;
}

/** What the configuration has given, and nothing else, it also takes. */
async function settleGrants(
  { tx, clock }: ChangeContext,
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  const all = await tx.grants.list();
  const kept = new Set<string>();
  for (const { id, principal, role, scope, source, expiresAt } of all) {
    const isWanted = wanted.get(principal) === role && scope === "org";
    // Who was given the same by hand, for good, holds it already.
    if (isWanted && expiresAt === null) kept.add(principal);
    else if (source === "bootstrap") await tx.grants.delete(id);
  }
  for (const user of await tx.users.list()) {
    const role = wanted.get(user.id);
    if (role === undefined || kept.has(user.id)) continue;
    const grant = { role, source: "bootstrap", createdBy: "configuration" } as const;
    await grantRole(tx, user, grant, clock.now());
  }
}

/**
 * The same of chat accounts. Those of who is disabled stay theirs: whoever writes from one would be somebody new
 * otherwise, who is not.
 */
async function settleLinks({ tx }: ChangeContext, people: readonly BroughtPerson[]): Promise<void> {
  const named = new Set(people.flatMap(({ account }) => (account ? [accountName(account)] : [])));
  for (const link of await tx.chatAccounts.list()) {
    if (link.method !== "configuration" || named.has(accountName(link))) continue;
    const user = await tx.users.find(link.userId);
    if (user?.status === "active") await tx.chatAccounts.delete(link);
  }
}
