import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import { newUser } from "../new-user.ts";
import { type UserView, userView } from "../views.ts";
import { nameField } from "./inputs.ts";

/** A person to be. */
export interface CreateUserInput {
  readonly email: string;
  readonly name: string;
}

/** `users.create` */
export const create: ChangeAction<CreateUserInput, UserView> = defineAction<
  CreateUserInput,
  UserView
>({
  name: "users.create",
  description: "Makes a person of the organisation, who may do nothing until a role is given.",
  kind: "change",
  risk: 1,
  permission: "users.write",
  quota: "users.max",
  input: z.strictObject({
    email: z.email().max(254).describe("Unique in the organisation."),
    name: nameField,
  }),
  ...onOrg,
  audit: ({ email, name }) => ({ targets: [`user:${email.toLowerCase()}`], details: { name } }),
  async run({ tx, clock }, { email, name }) {
    if ((await tx.users.findByEmail(email)) !== undefined) {
      const message = `Somebody has the address ${email} already; give them a role with grants.give.`;
      throw new Kappa4Error("already_exists", message);
    }
    return userView(tx, await newUser(tx, { email, name }, clock.now()));
  },
});
