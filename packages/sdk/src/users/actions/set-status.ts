import { z } from "zod";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import { getUser } from "../get-user.ts";
import { refuseUngoverned } from "../governed.ts";
import { refuseHigher } from "../higher.ts";
import { type UserView, userView } from "../views.ts";
import { refuseAnotherApprover, refuseFewerApprovers } from "./governors.ts";
import { type UserInput, userField } from "./inputs.ts";

/** Whom, and whether they may do what their roles say. */
export interface SetUserStatusInput extends UserInput {
  readonly status: "active" | "disabled";
}

/** `users.setStatus` */
export const setStatus: ChangeAction<SetUserStatusInput, UserView> = defineAction<
  SetUserStatusInput,
  UserView
>({
  name: "users.setStatus",
  description: "Disables a person, at once and for everything, or makes them active again.",
  kind: "change",
  risk: 1,
  permission: "users.write",
  quota: "users.max",
  input: z.strictObject({
    user: userField,
    status: z.enum(["active", "disabled"]).describe("Who is disabled may do nothing."),
  }),
  ...onOrg,
  audit: ({ user, status }) => ({ targets: [`user:${user}`], details: { status } }),
  async run({ tx, clock, caller }, input) {
    const user = await getUser(tx, input.user);
    const { status } = input;
    const at = new Date(clock.now());
    const what = status === "disabled" ? "disable" : "make active";
    await refuseHigher(tx, caller, user, { what, now: at });
    if (status === "disabled") {
      await refuseUngoverned(tx, { withoutUser: user.id }, at);
      await refuseFewerApprovers(tx, caller, user, at);
    } else if (user.status === "disabled") {
      await refuseAnotherApprover(tx, caller, user, at);
    }
    await tx.users.update(user.id, { status }, at);
    return userView(tx, { ...user, status });
  },
});
