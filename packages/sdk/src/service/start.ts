import { Kappa4Error } from "@kappa4/connectors";
import { actorName } from "../actions/actor.ts";
import { defineAction, type RunAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { freezeOf, setFreeze } from "../approving/freeze.ts";
import { governs, OURSELVES } from "../ourselves.ts";
import { type ServiceReasonInput, serviceReason } from "./inputs.ts";

/** The freeze that is lifted, as plain data: not one that somebody makes meanwhile. */
export interface FreezeToLift {
  readonly since: string;
  readonly by: string;
  readonly why: string;
  readonly liftedBy: string;
}

/** `service.start` */
export const start: RunAction<ServiceReasonInput, FreezeToLift> = defineAction<
  ServiceReasonInput,
  FreezeToLift
>({
  name: "service.start",
  description: "Lets runs start again, once those who have to have approved it.",
  kind: "run",
  isAllowedFrozen: true,
  permission: "service.write",
  input: serviceReason,
  ...onOrg,
  audit: ({ reason }) => ({ targets: ["service"], reason }),
  reason: ({ reason }) => reason,
  risk: governs("it lifts a freeze"),
  describe: ({ since, by, why, liftedBy }) => ({
    sentence: "Lets runs start again.",
    facts: [
      { name: "Frozen since", value: since },
      { name: "Frozen by", value: by },
      { name: "Frozen for", value: why },
      { name: "Lifted for", value: liftedBy },
    ],
  }),
  binding: ({ since, by, liftedBy }) => ({ since, by, liftedBy }),
  order: ({ inOrg, caller }) =>
    inOrg(async (tx) => {
      const freeze = await freezeOf(tx);
      if (freeze === undefined) {
        const message = "Nothing is stopped: runs may start already.";
        throw new Kappa4Error("conflict", message, { retryable: false });
      }
      const { since, by, reason: why } = freeze;
      const liftedBy = actorName(caller.actor);
      return { ...OURSELVES, content: { since: since.toISOString(), by, why, liftedBy } };
    }),
  execute: async ({ clock }, { since, liftedBy }, { reason }) => ({
    async conclude(tx) {
      const freeze = await freezeOf(tx);
      const isOther = freeze !== undefined && freeze.since.toISOString() !== since;
      if (isOther) {
        const message = `Changes were frozen anew, by ${freeze.by}: ${freeze.reason}. Ask again to lift that.`;
        return { state: "stale", result: null, error: { code: "plan_stale", message } };
      }
      const at = new Date(clock.now());
      if (freeze !== undefined) {
        await setFreeze(tx, { isFrozen: false, reason, by: liftedBy, at });
      }
      return { state: "succeeded", result: { liftedBy } };
    },
  }),
});
