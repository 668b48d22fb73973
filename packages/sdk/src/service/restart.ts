import { Kappa4Error } from "@kappa4/connectors";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { bringPolicy } from "../approving/bring-policy.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import { type ServiceReasonInput, serviceReason } from "./inputs.ts";

/** What came of reading the configuration again. */
export interface ServiceRestart {
  /** What is new and holds from now on, by its path, for example `connections.gold.balancing`. */
  readonly taken: readonly string[];
  /** What is otherwise in the file as well, and holds only once the program is started anew. */
  readonly needsProcess: readonly string[];
}

/** `service.restart` */
export const restart: ChangeAction<ServiceReasonInput, ServiceRestart> = defineAction<
  ServiceReasonInput,
  ServiceRestart
>({
  name: "service.restart",
  description:
    "Reads the configuration file again and takes what may change at once; names what needs a new process.",
  kind: "change",
  risk: 1,
  permission: "service.write",
  input: serviceReason,
  ...onOrg,
  audit: ({ reason }) => ({ targets: ["service"], details: { reason } }),
  async run({ tx, clock, caller, self }) {
    if (self.reload === undefined) {
      const message =
        "This process was given its configuration and cannot read it again; start the program anew.";
      throw new Kappa4Error("failed_precondition", message, { retryable: false });
    }
    const { config, taken, needsProcess, take } = await self.reload();
    if (config.approvals !== undefined) await bringPolicy(tx, clock, config.approvals);
    await putOnRecord(tx, clock, {
      caller,
      action: "config.reloaded",
      targets: ["config"],
      outcome: "done",
      details: { taken, needsProcess },
    });
    take();
    return { taken, needsProcess };
  },
});
