import { z } from "zod";
import { type ConnectionInput, connectionField, instantField } from "../../actions/inputs.ts";
import type { RebalanceHistory, RebalanceOptions } from "../../balancing/index.ts";
import { balancingSchema, byteSize } from "../../config/index.ts";
import { historySchema } from "../../snapshot-file/index.ts";

/** What a new guest needs of its node. */
export interface NewGuest {
  readonly memoryBytes: number;
  readonly cores: number;
  readonly tags?: readonly string[] | undefined;
  readonly pool?: string | undefined;
}

/** Bytes of memory, above 0. */
export const memoryField: z.ZodType<number> = byteSize
  .refine((bytes) => bytes > 0, "must be above 0")
  .describe("How much memory it has: bytes, or text such as `8 GiB`.");

/** A number of cores. */
export const coresField: z.ZodType<number> = z.number().gt(0).describe("How many cores it has.");

/** Checks a {@link NewGuest}. */
export const newGuest: z.ZodType<NewGuest> = z.strictObject({
  memoryBytes: memoryField,
  cores: coresField,
  tags: z.array(z.string()).optional().describe("Its tags, for rules that go by them."),
  pool: z.string().optional().describe("Its resource pool, for rules that go by that."),
});

/** Which cluster, and what differs from the configuration this once. */
export interface ClusterInput extends ConnectionInput {
  /** What differs from the configured balancing this once. */
  readonly options?: RebalanceOptions | undefined;
}

/** What a plan is made for. */
export interface PlanInput extends ClusterInput {
  /** What was moved before; `recorded`: what Kappa4 has moved itself, as its runs tell. Default none. */
  readonly history?: RebalanceHistory | "recorded" | undefined;
  /** The time, for what the history says. Default: now. */
  readonly now?: Date | undefined;
}

/** The fields of {@link ClusterInput}. */
export const clusterFields: {
  readonly connection: z.ZodType<string | undefined>;
  readonly options: z.ZodType<RebalanceOptions | undefined>;
} = {
  connection: connectionField,
  options: balancingSchema
    .optional()
    .describe("What differs from the configured balancing this once."),
};

/** Checks a {@link ClusterInput}. */
export const clusterInput: z.ZodType<ClusterInput> = z.strictObject(clusterFields);

/** The fields of {@link PlanInput}. */
export const planFields: typeof clusterFields & {
  readonly history: z.ZodType<PlanInput["history"]>;
  readonly now: z.ZodType<Date | undefined>;
} = {
  ...clusterFields,
  history: z
    .union([historySchema, z.literal("recorded")])
    .optional()
    .describe("What was moved before; `recorded`: what Kappa4 has moved itself. Default none."),
  now: instantField.optional().describe("The time, for what the history says. Default: now."),
};

/** Checks a {@link PlanInput}. */
export const planInput: z.ZodType<PlanInput> = z.strictObject(planFields);
