import { z } from "zod";
import { defineAction, type RunAction } from "../actions/define.ts";
import { reasonField } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import { parseId } from "../ids.ts";
import { governsRights, OURSELVES } from "../ourselves.ts";
import { clearGrants, type Granted, refuseHeld } from "../users/held-grants.ts";
import { getOwnRole } from "./get-own-role.ts";
import { ownKeyField } from "./inputs.ts";

/** Which role, and why. */
export interface DeleteRoleInput {
  readonly key: string;
  readonly reason: string;
}

/** A role before it is taken away, as plain data. */
export interface RoleToDelete {
  readonly id: string;
  readonly key: string;
}

/** `roles.delete` */
export const deleteRole: RunAction<DeleteRoleInput, RoleToDelete> = defineAction<
  DeleteRoleInput,
  RoleToDelete
>({
  name: "roles.delete",
  description: "Takes away a role of the organisation's own that nobody holds any more.",
  kind: "run",
  permission: "roles.write",
  input: z.strictObject({ key: ownKeyField, reason: reasonField }),
  ...onOrg,
  audit: ({ key, reason }) => ({ targets: [`role:${key}`], reason }),
  reason: ({ reason }) => reason,
  risk: governsRights,
  describe: ({ id, key }) => ({
    sentence: `Takes the role ${key} away; nobody holds it.`,
    facts: [{ name: "Role", value: `${key} (${id})` }],
  }),
  binding: (content) => content,
  order: ({ inOrg, clock }, { key }) =>
    inOrg(async (tx) => {
      const { id } = await getOwnRole(tx, key);
      await refuseHeld(tx, grantsOf(key), new Date(clock.now()));
      return { ...OURSELVES, content: { id, key } };
    }),
  execute: async ({ clock, caller }, { id, key }) => ({
    async conclude(tx) {
      const { name, permissions } = await getOwnRole(tx, key);
      await clearGrants(tx, grantsOf(key), new Date(clock.now()));
      await tx.roles.delete(parseId("rol", id));
      await putOnRecord(tx, clock, {
        caller,
        action: "role.deleted",
        targets: [`role:${key}`, `role:${id}`],
        outcome: "done",
        details: { name, permissions },
      });
      return { state: "succeeded", result: { key } };
    },
  }),
});

function grantsOf(key: string): Granted {
  return { what: `the role ${key}`, isIn: ({ role }) => role === key };
}
