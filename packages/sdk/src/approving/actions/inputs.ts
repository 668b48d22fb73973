import { z } from "zod";

/** An approval by its id or the short id that people say. */
export interface ApprovalInput {
  readonly approval: string;
}

/** The field of {@link ApprovalInput}. */
export const approvalField: z.ZodType<string> = z
  .string()
  .min(1)
  .describe("An approval by its id, or what people say, for example A-92QX.");

/** The hash that a person was shown. */
export const hashField: z.ZodType<string> = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "must be the full hash of the plan, 64 hexadecimal digits")
  .describe("The full hash of the plan that you were shown.");
