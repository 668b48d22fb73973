import { z } from "zod";

/** A plan by its id or the short id that people say. */
export interface PlanNameInput {
  readonly plan: string;
}

/** The field of {@link PlanNameInput}. */
export const planField: z.ZodType<string> = z
  .string()
  .min(1)
  .describe("A plan by its id, or what people say, for example P-7F3K.");
