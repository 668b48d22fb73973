import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { answerableName, type Caller, callerNamed } from "../../actions/actor.ts";
import { grantsOf } from "../../actions/authorise.ts";
import { defineAction, type RunAction } from "../../actions/define.ts";
import { instantField, reasonField } from "../../actions/inputs.ts";
import { onOrg } from "../../actions/scopes.ts";
import { newId, parseId } from "../../ids.ts";
import { governsRights, OURSELVES } from "../../ourselves.ts";
import { beyond } from "../../permissions/index.ts";
import type { OrgTransaction } from "../../store/index.ts";
import { roleField, userField } from "../actions/inputs.ts";
import { getUser } from "../get-user.ts";
import { findRole, toGrant } from "../grants-of-user.ts";
import { named } from "../named.ts";
import { noSuchRole } from "../no-such-role.ts";
import { grantView } from "../views.ts";
import { reachesNothing, refuseNoProject } from "./reach.ts";

/** Who gets which role on what, for how long, and why. */
export interface GiveGrantInput {
  readonly user: string;
  readonly role: string;
  /** `org`, or what it is limited to, for example `connection:gold`. Default `org`. */
  readonly scope?: string | undefined;
  /** Default: for good. */
  readonly expiresAt?: Date | undefined;
  readonly reason: string;
}

/** A grant before it is given, as plain data. */
export interface GrantToGive {
  readonly grant: string;
  readonly user: string;
  readonly name: string;
  readonly role: string;
  readonly scope: string;
  readonly expiresAt: string | null;
  readonly giver: string;
  /** What is odd about it, for people. */
  readonly warning?: string | undefined;
}

/** `grants.give` */
export const give: RunAction<GiveGrantInput, GrantToGive> = defineAction<
  GiveGrantInput,
  GrantToGive
>({
  name: "grants.give",
  description: "Gives a person a role, once those who have to have approved it.",
  kind: "run",
  permission: "users.write",
  input: z.strictObject({
    user: userField,
    role: roleField,
    scope: z
      .string()
      .max(200)
      .regex(
        /^(platform|org|(connection|project):.+)$/,
        "must be org, connection:<name>, project:<id> or platform",
      )
      .optional()
      .describe("What it is limited to. Default org: all of the organisation."),
    expiresAt: instantField.optional().describe("Until when. Default: for good."),
    reason: reasonField,
  }),
  ...onOrg,
  audit: ({ user, role, scope = "org", reason }) => ({
    targets: [`user:${user}`, `role:${role}`],
    reason,
    details: { scope },
  }),
  reason: ({ reason }) => reason,
  risk: governsRights,
  warning: ({ warning }) => warning,
  describe: ({ user, name, role, scope, expiresAt, warning }) => ({
    sentence: `Gives ${name} the role ${role} on ${scope}, ${expiresAt === null ? "for good" : `until ${expiresAt}`}.`,
    facts: [
      { name: "Person", value: named(name, user) },
      { name: "Role", value: role },
      { name: "On", value: scope },
      { name: "Until", value: expiresAt ?? "for good" },
      ...(warning === undefined ? [] : [{ name: "Note", value: warning }]),
    ],
  }),
  binding: ({ user, role, scope, expiresAt }) => ({ user, role, scope, expiresAt }),
  order: ({ inOrg, caller, clock, systems }, { user: name, role, scope = "org", expiresAt }) =>
    inOrg(async (tx) => {
      const user = await getUser(tx, name);
      const content: GrantToGive = {
        grant: newId("grt", clock.now()),
        user: user.id,
        name: user.name,
        role,
        scope,
        expiresAt: expiresAt?.toISOString() ?? null,
        giver: answerableName(caller.actor),
        warning: reachesNothing(scope, systems.names),
      };
      const now = new Date(clock.now());
      refuseOver(content, now);
      await refuseNoProject(tx, scope);
      await refuseTooMuch(tx, caller, content, now);
      await refuseHeld(tx, content, now);
      return { ...OURSELVES, content };
    }),
  execute: async ({ clock, systems }, content) => ({
    async conclude(tx) {
      const now = new Date(clock.now());
      // Who has lost a role meanwhile can no longer give it.
      refuseOver(content, now);
      await refuseNoProject(tx, content.scope);
      await refuseTooMuch(tx, callerNamed(content.giver), content, now);
      await refuseHeld(tx, content, now);
      const grant = storedOf(content, now);
      await tx.grants.put(grant);
      // Looked at anew: it may have been configured meanwhile.
      const warning = reachesNothing(content.scope, systems.names);
      const result = { ...grantView(grant), warning };
      return { state: "succeeded", result: JSON.parse(JSON.stringify(result)) };
    },
  }),
});

/** What is over before it begins, also by the time that it is approved, gives nobody anything. */
function refuseOver({ role, expiresAt }: GrantToGive, now: Date): void {
  if (expiresAt === null || Date.parse(expiresAt) > now.getTime()) return;
  const message = `${role} would be over before it is given, at ${expiresAt}; name a later end.`;
  throw new Kappa4Error("invalid_argument", message, { retryable: false });
}

/** Nobody gives more than they hold. */
async function refuseTooMuch(
  tx: OrgTransaction,
  giver: Caller,
  content: GrantToGive,
  now: Date,
): Promise<void> {
  const offer = await toGrant(tx, storedOf(content, now));
  if (offer === undefined) {
    const isThere = (await findRole(tx, content.role)) !== undefined;
    const message = isThere
      ? `The role ${content.role} cannot be given on ${content.scope}.`
      : await noSuchRole(tx, content.role);
    throw new Kappa4Error("invalid_argument", message);
  }
  const [first, ...more] = beyond(await grantsOf(tx, giver), offer, now);
  if (first === undefined) return;
  const rest = more.length === 0 ? "" : ` and ${more.length} more`;
  const message = `You cannot give ${content.role}: it goes beyond what you hold yourself (${first}${rest}). Ask somebody who holds it.`;
  throw new Kappa4Error("permission", message);
}

/** What has run out, or will before this does, makes room for it; anything else is held already. */
async function refuseHeld(tx: OrgTransaction, content: GrantToGive, now: Date): Promise<void> {
  const { user, name, role, scope, expiresAt } = content;
  const stored = await tx.grants.list({ principalKind: "user", principal: user });
  const same = stored.find((one) => one.role === role && one.scope === scope);
  if (same === undefined) return;
  const until = same.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const wanted = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);
  if (until <= now.getTime() || until < wanted) return;
  const message = `${name} holds ${role} on ${scope} already, for as long; grants.list shows it.`;
  throw new Kappa4Error("already_exists", message);
}

function storedOf({ grant, user, role, scope, expiresAt, giver }: GrantToGive, now: Date) {
  return {
    id: parseId("grt", grant),
    principalKind: "user",
    principal: user,
    role,
    scope,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    source: "manual",
    createdBy: giver,
    createdAt: now,
  } as const;
}
