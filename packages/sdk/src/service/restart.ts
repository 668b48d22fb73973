import { Kappa4Error } from "@kappa4/connectors";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { bringPolicy } from "../approving/bring-policy.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import type { Reloaded } from "../reload.ts";
import { type ServiceReasonInput, serviceReason } from "./inputs.ts";

/** What came of reading the configuration again. */
export interface ServiceRestart {
  /** What is new and holds from now on, by its path, for example `connections.gold.balancing`. */
  readonly taken: readonly string[];
  /** What is otherwise in the file as well, and holds only once the program is started anew. */
  readonly needsProcess: readonly string[];
}

/** What was read, and what lets it hold. */
type Read = Reloaded & { take(): void };

/** `service.restart` */
export const restart: ChangeAction<ServiceReasonInput, ServiceRestart, Read> = defineAction<
  ServiceReasonInput,
  ServiceRestart,
  Read
>({
  name: "service.restart",
  description:
    "Reads the configuration file again and takes what may change at once; names what needs a new process.",
  kind: "change",
  risk: 1,
  permission: "service.write",
  input: serviceReason,
  ...onOrg,
  audit: ({ reason }) => ({ targets: ["service"], reason }),
  async check({ self }) {
    if (self.reload === undefined) {
      const message =
        "This process was given its configuration and cannot read it again; start the program anew.";
      throw new Kappa4Error("failed_precondition", message, { retryable: false });
    }
    return self.reload();
  },
  async run({ tx, clock, caller }, _input, { config, taken, needsProcess }) {
    if (config.approvals !== undefined) await bringPolicy(tx, clock, config.approvals);
    await putOnRecord(tx, clock, {
      caller,
      action: "config.reloaded",
      targets: ["config"],
      outcome: "done",
      details: { taken, needsProcess },
    });
    return { taken, needsProcess };
  },
  after: ({ take }) => take(),
});
