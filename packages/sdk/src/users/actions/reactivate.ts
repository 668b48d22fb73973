import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { answerableName, callerNamed } from "../../actions/actor.ts";
import { defineAction, type RunAction } from "../../actions/define.ts";
import { reasonField } from "../../actions/inputs.ts";
import { onOrg } from "../../actions/scopes.ts";
import { governsRights, OURSELVES } from "../../ourselves.ts";
import type { OrgTransaction, StoredUser } from "../../store/index.ts";
import { getUser } from "../get-user.ts";
import { refuseHigher } from "../higher.ts";
import { named } from "../named.ts";
import { type UserInput, userField } from "./inputs.ts";

/** Who is to be active again, and why. */
export interface ReactivateUserInput extends UserInput {
  readonly reason: string;
}

/** A person before they are active again, as plain data. */
export interface UserToReactivate {
  readonly user: string;
  readonly name: string;
  readonly asker: string;
}

/** `users.reactivate` */
export const reactivate: RunAction<ReactivateUserInput, UserToReactivate> = defineAction<
  ReactivateUserInput,
  UserToReactivate
>({
  name: "users.reactivate",
  description: "Makes a disabled person active again, once those who have to have approved it.",
  kind: "run",
  permission: "users.write",
  quota: "users.max",
  input: z.strictObject({ user: userField, reason: reasonField }),
  ...onOrg,
  audit: ({ user, reason }) => ({ targets: [`user:${user}`], reason }),
  reason: ({ reason }) => reason,
  risk: governsRights,
  describe: ({ user, name }) => ({
    sentence: `Makes ${name} active again, with all that they hold.`,
    facts: [{ name: "Person", value: named(name, user) }],
  }),
  binding: ({ user }) => ({ user }),
  order: ({ inOrg, caller, clock }, { user }) =>
    inOrg(async (tx) => {
      const found = await disabled(tx, user);
      await refuseHigher(tx, caller, found, { what: WHAT, now: new Date(clock.now()) });
      const { id, name } = found;
      const content = { user: id, name, asker: answerableName(caller.actor) };
      return { ...OURSELVES, content };
    }),
  execute: async ({ clock }, { user: id, asker }) => ({
    async conclude(tx) {
      const now = new Date(clock.now());
      const user = await disabled(tx, id);
      await refuseHigher(tx, callerNamed(asker), user, { what: WHAT, now });
      await tx.users.update(user.id, { status: "active" }, now);
      return { state: "succeeded", result: { user: user.id, name: user.name } };
    },
  }),
});

const WHAT = "make active";

async function disabled(tx: OrgTransaction, name: string): Promise<StoredUser> {
  const user = await getUser(tx, name);
  if (user.status === "disabled") return user;
  throw new Kappa4Error("conflict", `${user.name} is active already.`, { retryable: false });
}
