import { z } from "zod";
import { defineAction, type RunAction } from "../actions/define.ts";
import { onConnection } from "../actions/scopes.ts";
import { describePower } from "./describe-power.ts";
import { auditOf, type InstanceInput, instanceFields } from "./inputs.ts";
import { makePowerChange, type PowerChange, powerOrder, powerRisk } from "./power.ts";

/** `instances.restart` */
export const restart: RunAction<InstanceInput, PowerChange> = defineAction<
  InstanceInput,
  PowerChange
>({
  name: "instances.restart",
  description: "Restarts a running instance, once those who have to have approved it.",
  kind: "run",
  permission: "instances.power",
  input: z.strictObject(instanceFields),
  ...onConnection,
  audit: auditOf,
  reason: ({ reason }) => reason,
  risk: powerRisk,
  describe: describePower,
  binding: (content) => content,
  order: (context, input) => powerOrder(context, input, { verb: "restart", mode: null }),
  execute: makePowerChange,
});
