import { z } from "zod";

/** The key of a role of the organisation's own. */
export const ownKeyField: z.ZodType<string> = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{1,62}$/, "must be small letters, digits, dashes and underscores")
  .describe("As it is typed and stored, for example night-shift.");
