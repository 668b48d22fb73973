import { z } from "zod";
import type { AuditFacts } from "../actions/define.ts";
import { type ConnectionInput, connectionField, reasonField } from "../actions/inputs.ts";

/** Which node, and why. */
export interface MaintenanceInput extends ConnectionInput {
  readonly node: string;
  readonly reason: string;
}

/** Checks a {@link MaintenanceInput}. */
export const maintenanceInput: z.ZodType<MaintenanceInput> = z.strictObject({
  connection: connectionField,
  node: z.string().min(1).describe("A node of the cluster, by its name."),
  reason: reasonField,
});

/** What is put on record of it. */
export function auditOf({ node, reason }: MaintenanceInput): AuditFacts {
  return { targets: [`node:${node}`], reason };
}
