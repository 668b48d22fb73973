import { z } from "zod";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import { getUser } from "../get-user.ts";
import { type UserView, userView } from "../views.ts";
import { type UserInput, userField } from "./inputs.ts";

/** `users.get` */
export const get: ReadAction<UserInput, UserView> = defineAction<UserInput, UserView>({
  name: "users.get",
  description: "Shows a person of the organisation.",
  kind: "read",
  risk: 0,
  permission: "identity.read",
  input: z.strictObject({ user: userField }),
  ...onOrg,
  audit: ({ user }) => ({ targets: [`user:${user}`] }),
  run: ({ inOrg }, { user }) => inOrg(async (tx) => userView(tx, await getUser(tx, user))),
});
