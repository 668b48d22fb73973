import { z } from "zod";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import { type UserView, userViews } from "../views.ts";

/** `users.list` */
export const list: ReadAction<object, readonly UserView[]> = defineAction<
  object,
  readonly UserView[]
>({
  name: "users.list",
  description: "Lists the people of the organisation, those who are disabled too.",
  kind: "read",
  risk: 0,
  permission: "identity.read",
  input: z.strictObject({}),
  ...onOrg,
  audit: () => ({ targets: ["users"] }),
  run: ({ inOrg }) => inOrg(userViews),
});
