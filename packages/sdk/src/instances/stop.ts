import { z } from "zod";
import { defineAction, type RunAction } from "../actions/define.ts";
import { onConnection } from "../actions/scopes.ts";
import { describePower } from "./describe-power.ts";
import { auditOf, type InstanceInput, instanceFields } from "./inputs.ts";
import { makePowerChange, type PowerChange, powerOrder, powerRisk } from "./power.ts";

/** Which instance, why, and how. */
export interface StopInstanceInput extends InstanceInput {
  /** `graceful` asks the instance; `force` pulls the plug. Default `graceful`. */
  readonly mode?: "graceful" | "force" | undefined;
}

/** `instances.stop` */
export const stop: RunAction<StopInstanceInput, PowerChange> = defineAction<
  StopInstanceInput,
  PowerChange
>({
  name: "instances.stop",
  description: "Stops an instance, once those who have to have approved it.",
  kind: "run",
  permission: "instances.power",
  input: z.strictObject({
    ...instanceFields,
    mode: z
      .enum(["graceful", "force"])
      .optional()
      .describe("graceful asks the instance; force pulls the plug. Default graceful."),
  }),
  ...onConnection,
  audit: auditOf,
  reason: ({ reason }) => reason,
  risk: powerRisk,
  describe: describePower,
  binding: (content) => content,
  order: (context, { mode = "graceful", ...input }) =>
    powerOrder(context, input, { verb: "stop", mode }),
  execute: makePowerChange,
});
