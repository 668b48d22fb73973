import { z } from "zod";
import { PERMISSIONS, type Permission } from "../permissions/index.ts";

/** The key of a role of the organisation's own. */
export const ownKeyField: z.ZodType<string> = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{1,62}$/, "must be small letters, digits, dashes and underscores")
  .describe("As it is typed and stored, for example night-shift.");

/** What a role is called. */
export const roleNameField: z.ZodType<string> = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .describe("As people call it.");

/** What a role holds, each once and in the order of the alphabet. */
export const permissionsField: z.ZodType<readonly Permission[]> = z
  .array(z.enum(PERMISSIONS))
  .min(1)
  .transform((permissions) => [...new Set(permissions)].sort())
  .describe("What its holder may do; at most what you may.");
