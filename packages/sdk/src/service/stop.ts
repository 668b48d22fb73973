import { Kappa4Error } from "@kappa4/connectors";
import { actorName } from "../actions/actor.ts";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { freezeOf, setFreeze } from "../approving/freeze.ts";
import { nameIn } from "../users/name-in.ts";
import { type ServiceReasonInput, serviceReason } from "./inputs.ts";
import type { FreezeView } from "./status.ts";

/** `service.stop` */
export const stop: ChangeAction<ServiceReasonInput, FreezeView> = defineAction<
  ServiceReasonInput,
  FreezeView
>({
  name: "service.stop",
  description: "Lets no new run start; what is under way goes on to its end.",
  kind: "change",
  risk: 1,
  isBrake: true,
  permission: "service.write",
  input: serviceReason,
  ...onOrg,
  audit: ({ reason }) => ({ targets: ["service"], reason }),
  async run({ tx, clock, caller }, { reason }) {
    const known = await freezeOf(tx);
    if (known !== undefined) {
      const message = `Changes are frozen already, by ${await nameIn(tx, known.by)}: ${known.reason}. Lift that with service.start.`;
      throw new Kappa4Error("conflict", message, { retryable: false });
    }
    const since = new Date(clock.now());
    const by = actorName(caller.actor);
    await setFreeze(tx, { isFrozen: true, reason, by, at: since });
    return { by, reason, since };
  },
});
