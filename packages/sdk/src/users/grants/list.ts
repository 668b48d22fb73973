import { z } from "zod";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import { userField } from "../actions/inputs.ts";
import { getUser } from "../get-user.ts";
import { type GrantView, grantView } from "../views.ts";

/** Whose grants; what is left out does not narrow. */
export interface ListGrantsInput {
  readonly user?: string | undefined;
}

/** `grants.list` */
export const list: ReadAction<ListGrantsInput, readonly GrantView[]> = defineAction<
  ListGrantsInput,
  readonly GrantView[]
>({
  name: "grants.list",
  description: "Lists who holds which role on what, also what has run out.",
  kind: "read",
  risk: 0,
  permission: "roles.read",
  input: z.strictObject({ user: userField.optional() }),
  ...onOrg,
  audit: ({ user }) => ({ targets: user === undefined ? ["grants"] : [`user:${user}`] }),
  run: ({ inOrg }, { user: name }) =>
    inOrg(async (tx) => {
      const user = name === undefined ? undefined : await getUser(tx, name);
      const of = user && ({ principalKind: "user", principal: user.id } as const);
      const grants = await tx.grants.list(of);
      return grants.filter(({ principalKind }) => principalKind === "user").map(grantView);
    }),
});
