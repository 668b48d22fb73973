import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { answerableName } from "../actions/actor.ts";
import { defineAction, type RunAction } from "../actions/define.ts";
import { reasonField } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { newId, parseId } from "../ids.ts";
import { governsRights, OURSELVES } from "../ourselves.ts";
import { builtInRole, type Permission } from "../permissions/index.ts";
import type { OrgTransaction } from "../store/index.ts";
import { ownKeyField, permissionsField, roleNameField } from "./inputs.ts";
import { refuseBeyond } from "./refuse-beyond.ts";

/** A role to be, and why. */
export interface CreateRoleInput {
  readonly key: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly reason: string;
}

/** A role before it is made, as plain data. */
export interface RoleToCreate extends Omit<CreateRoleInput, "reason"> {
  readonly id: string;
  readonly giver: string;
}

/** `roles.create` */
export const create: RunAction<CreateRoleInput, RoleToCreate> = defineAction<
  CreateRoleInput,
  RoleToCreate
>({
  name: "roles.create",
  description: "Makes a role of the organisation's own, once those who have to have approved it.",
  kind: "run",
  permission: "roles.write",
  quota: "roles.max",
  input: z.strictObject({
    key: ownKeyField,
    name: roleNameField,
    permissions: permissionsField,
    reason: reasonField,
  }),
  ...onOrg,
  audit: ({ key, permissions, reason }) => ({
    targets: [`role:${key}`],
    reason,
    details: { permissions },
  }),
  reason: ({ reason }) => reason,
  risk: governsRights,
  describe: ({ key, name, permissions }) => ({
    sentence: `Makes the role ${name} (${key}).`,
    facts: [{ name: "May", value: permissions.join(", ") }],
  }),
  binding: ({ key, name, permissions }) => ({ key, name, permissions }),
  order: ({ inOrg, caller, clock }, { key, name, permissions }) =>
    inOrg(async (tx) => {
      const giver = answerableName(caller.actor);
      const content = { id: newId("rol", clock.now()), key, name, permissions, giver };
      await refuse(tx, content, new Date(clock.now()));
      return { ...OURSELVES, content };
    }),
  execute: async ({ clock }, content) => ({
    async conclude(tx) {
      const at = new Date(clock.now());
      const { giver: createdBy, id, ...role } = content;
      // Who has lost a permission meanwhile can no longer give it.
      await refuse(tx, content, at);
      const stamps = { createdBy, createdAt: at, updatedAt: at };
      await tx.roles.insert({ ...role, id: parseId("rol", id), ...stamps });
      return { state: "succeeded", result: { key: role.key } };
    },
  }),
});

/** Refuses a key that is taken, and a role that exceeds whoever makes it. */
async function refuse(
  tx: OrgTransaction,
  { key, permissions, giver }: RoleToCreate,
  now: Date,
): Promise<void> {
  if (builtInRole(key) !== undefined || (await tx.roles.findByKey(key)) !== undefined) {
    const message = `There is a role ${key} already; choose another key, or delete that one first.`;
    throw new Kappa4Error("already_exists", message);
  }
  await refuseBeyond(tx, { key, permissions, giver }, now);
}
