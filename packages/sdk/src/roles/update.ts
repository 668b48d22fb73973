import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { answerableName } from "../actions/actor.ts";
import { defineAction, type RunAction, type RunEnd } from "../actions/define.ts";
import { reasonField } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import { governsRights, OURSELVES } from "../ourselves.ts";
import { isPermission, type Permission } from "../permissions/index.ts";
import type { OrgTransaction, StoredRole } from "../store/index.ts";
import { refuseUngoverned } from "../users/governed.ts";
import { getOwnRole } from "./get-own-role.ts";
import { ownKeyField, permissionsField, roleNameField } from "./inputs.ts";
import { refuseBeyond } from "./refuse-beyond.ts";

/** What of a role is to change, and why; what is left out stays. */
export interface UpdateRoleInput {
  readonly key: string;
  readonly name?: string | undefined;
  /** All that it is to hold from then on. */
  readonly permissions?: readonly Permission[] | undefined;
  readonly reason: string;
}

interface RoleContent {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** A role before and after, as plain data. */
export interface RoleToUpdate {
  readonly key: string;
  readonly before: RoleContent;
  readonly after: RoleContent;
  readonly giver: string;
}

/** `roles.update` */
export const update: RunAction<UpdateRoleInput, RoleToUpdate> = defineAction<
  UpdateRoleInput,
  RoleToUpdate
>({
  name: "roles.update",
  description:
    "Changes what a role of the organisation's own is called or holds, once those who have to have approved it.",
  kind: "run",
  permission: "roles.write",
  input: z.strictObject({
    key: ownKeyField,
    name: roleNameField.optional().describe("As people call it. Default: as it was."),
    permissions: permissionsField
      .optional()
      .describe(
        "All that its holder may do from then on; at most what you may. Default: as it was.",
      ),
    reason: reasonField,
  }),
  ...onOrg,
  audit: ({ key, name, permissions, reason }) => ({
    targets: [`role:${key}`],
    reason,
    details: { name, permissions },
  }),
  reason: ({ reason }) => reason,
  risk: governsRights,
  describe: ({ key, before, after }) => ({
    sentence: `Changes the role ${before.name} (${key}).`,
    facts: [
      ...(before.name === after.name
        ? []
        : [{ name: "Name", value: `${before.name} → ${after.name}` }]),
      { name: "May from then on", value: listed(after.permissions, before.permissions) },
      { name: "May no more", value: listed(before.permissions, after.permissions) },
      {
        name: "May as before",
        value: listed(after.permissions.filter((one) => before.permissions.includes(one))),
      },
    ],
  }),
  binding: ({ key, before, after }) => ({ key, before, after }),
  order: ({ inOrg, caller, clock }, { key, name, permissions }) =>
    inOrg(async (tx) => {
      const before = contentOf(await getOwnRole(tx, key));
      const after = {
        name: name ?? before.name,
        permissions: permissions ?? before.permissions,
      };
      if (isSame(before, after)) {
        const message = `The role ${key} is so already; there is nothing to change.`;
        throw new Kappa4Error("conflict", message, { retryable: false });
      }
      const content = { key, before, after, giver: answerableName(caller.actor) };
      await refuse(tx, content, new Date(clock.now()));
      return { ...OURSELVES, content };
    }),
  execute: async ({ clock, caller }, content) => ({
    async conclude(tx) {
      const { key, before, after, giver } = content;
      const role = await getOwnRole(tx, key);
      const now = contentOf(role);
      if (!isSame(now, before)) return changedMeanwhile(key);
      const at = new Date(clock.now());
      await refuse(tx, content, at);
      await tx.roles.update(role.id, { ...after, updatedAt: at });
      await putOnRecord(tx, clock, {
        caller,
        action: "role.updated",
        targets: [`role:${key}`],
        outcome: "done",
        details: { before, after, requestedBy: giver },
      });
      return { state: "succeeded", result: { key } };
    },
  }),
});

/** Nobody gives more than they hold, and somebody always governs. */
async function refuse(
  tx: OrgTransaction,
  { key, after: { permissions }, giver }: RoleToUpdate,
  now: Date,
): Promise<void> {
  await refuseBeyond(tx, { key, permissions, giver }, now);
  await refuseUngoverned(tx, { withRole: { key, permissions } }, now);
}

function contentOf({ name, permissions }: StoredRole): RoleContent {
  return { name, permissions: permissions.filter(isPermission) };
}

/** Lists permissions without those of others. */
function listed(all: readonly Permission[], but: readonly Permission[] = []): string {
  return all.filter((one) => !but.includes(one)).join(", ") || "nothing";
}

function isSame(one: RoleContent, other: RoleContent): boolean {
  const { permissions } = other;
  return one.name === other.name && one.permissions.join() === permissions.join();
}

function changedMeanwhile(key: string): RunEnd {
  const message = `The role ${key} was changed by somebody else meanwhile; look at it, then ask again.`;
  return { state: "stale", result: null, error: { code: "plan_stale", message } };
}
