import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { answerableName, type Caller, callerNamed } from "../../actions/actor.ts";
import { grantsOf } from "../../actions/authorise.ts";
import { defineAction, type RunAction, type RunEnd } from "../../actions/define.ts";
import { reasonField } from "../../actions/inputs.ts";
import { onOrg } from "../../actions/scopes.ts";
import { putOnRecord } from "../../audit/put-on-record.ts";
import { isId, parseId } from "../../ids.ts";
import { governsRights, OURSELVES } from "../../ourselves.ts";
import { beyond } from "../../permissions/index.ts";
import type { OrgTransaction, StoredGrant } from "../../store/index.ts";
import { refuseUngoverned } from "../governed.ts";
import { toGrant } from "../grants-of-user.ts";
import { named } from "../named.ts";

/** Which grant is taken away, and why. */
export interface RevokeGrantInput {
  readonly grant: string;
  readonly reason: string;
}

/** A grant before it is taken away, as plain data. */
export interface GrantToRevoke {
  readonly grant: string;
  readonly user: string;
  /** As others know the person. */
  readonly name?: string | undefined;
  readonly role: string;
  readonly scope: string;
  readonly asker: string;
}

/** `grants.revoke` */
export const revoke: RunAction<RevokeGrantInput, GrantToRevoke> = defineAction<
  RevokeGrantInput,
  GrantToRevoke
>({
  name: "grants.revoke",
  description: "Takes a role from a person, once those who have to have approved it.",
  kind: "run",
  // A freeze does not protect the role of whoever made it.
  isAllowedFrozen: true,
  permission: "users.write",
  input: z.strictObject({
    grant: z.string().min(1).describe("A grant by its id; grants.list has them."),
    reason: reasonField,
  }),
  ...onOrg,
  audit: ({ grant, reason }) => ({ targets: [`grant:${grant}`], reason }),
  reason: ({ reason }) => reason,
  risk: governsRights,
  describe: ({ grant, user, name = user, role, scope }) => ({
    sentence: `Takes the role ${role} on ${scope} from ${name}.`,
    facts: [
      { name: "Person", value: named(name, user) },
      { name: "Role", value: role },
      { name: "On", value: scope },
      { name: "Grant", value: grant },
    ],
  }),
  concerns: ({ user }) => [user],
  binding: ({ grant, user, role, scope }) => ({ grant, user, role, scope }),
  order: ({ inOrg, caller, clock }, { grant: name }) =>
    inOrg(async (tx) => {
      const stored = await getGrant(tx, name);
      const { id, principal: user, role, scope, source } = stored;
      await refuseBeyond(tx, caller, stored, new Date(clock.now()));
      if (source === "bootstrap") {
        const message = "The configuration gives this role; take it out there, and start again.";
        throw new Kappa4Error("failed_precondition", message, { retryable: false });
      }
      await refuseUngoverned(tx, { withoutGrant: id }, new Date(clock.now()));
      const person = isId("usr", user) ? await tx.users.find(user) : undefined;
      const asker = answerableName(caller.actor);
      return { ...OURSELVES, content: { grant: id, user, name: person?.name, role, scope, asker } };
    }),
  execute: async ({ clock, caller }, content) => ({
    async conclude(tx) {
      const { grant, user, name, role, scope, asker } = content;
      const id = parseId("grt", grant);
      const now = new Date(clock.now());
      const stored = await tx.grants.find(id);
      if (stored !== undefined) await refuseBeyond(tx, callerNamed(asker), stored, now);
      await refuseUngoverned(tx, { withoutGrant: id }, now);
      // Given again it is another grant, which nobody has approved to take.
      if (!(await tx.grants.delete(id))) return changedMeanwhile(content);
      await putOnRecord(tx, clock, {
        caller,
        action: "grant.revoked",
        targets: [`grant:${grant}`, `user:${user}`, `role:${role}`],
        outcome: "done",
        details: { name, role, scope },
      });
      return { state: "succeeded", result: content };
    },
  }),
});

/** Nobody takes what goes beyond what they hold: who asks for it, when they ask and when it is taken. */
async function refuseBeyond(
  tx: OrgTransaction,
  asker: Caller,
  stored: StoredGrant,
  now: Date,
): Promise<void> {
  const grant = await toGrant(tx, stored);
  // What it holds counts, and not for how long.
  const [first] = grant ? beyond(await grantsOf(tx, asker), { ...grant, expiresAt: now }, now) : [];
  if (first === undefined) return;
  const message = `You cannot take ${stored.role}: it goes beyond what you hold yourself (${first}). Ask somebody who holds it.`;
  throw new Kappa4Error("permission", message);
}

async function getGrant(tx: OrgTransaction, name: string): Promise<StoredGrant> {
  const grant = isId("grt", name) ? await tx.grants.find(name) : undefined;
  if (grant !== undefined) return grant;
  throw new Kappa4Error("not_found", `There is no grant ${name}; list them with grants.list.`);
}

function changedMeanwhile({ user, name = user, role, scope }: GrantToRevoke): RunEnd {
  const message = `The role ${role} on ${scope} of ${name} was given anew, or taken, meanwhile; look at grants.list, then ask again.`;
  return { state: "stale", result: null, error: { code: "plan_stale", message } };
}
