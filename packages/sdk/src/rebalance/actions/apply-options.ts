import { z } from "zod";

const count = z.int().min(1).optional();

/** How a plan is carried out, where that differs from the configuration. */
export const applyFields: {
  readonly maxParallel: z.ZodOptional<z.ZodInt>;
  readonly maxInflowPerNode: z.ZodOptional<z.ZodInt>;
  readonly maxOutflowPerNode: z.ZodOptional<z.ZodInt>;
  readonly onFailure: z.ZodOptional<z.ZodEnum<{ stop: "stop"; continue: "continue" }>>;
} = {
  maxParallel: count.describe("Moves at the same time. Default: as in the plan."),
  maxInflowPerNode: count.describe("Moves at the same time onto one node."),
  maxOutflowPerNode: count.describe("Moves at the same time away from one node."),
  onFailure: z
    .enum(["stop", "continue"])
    .optional()
    .describe("What happens after a failed move. Default stop."),
};
