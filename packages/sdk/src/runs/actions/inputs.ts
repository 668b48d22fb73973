import { z } from "zod";

/** A run by its id or the short id that people say. */
export interface RunInput {
  readonly run: string;
}

/** The field of {@link RunInput}. */
export const runField: z.ZodType<string> = z
  .string()
  .min(1)
  .describe("A run by its id, or what people say, for example R-11CD.");
