import type { GuestId } from "@kappa4/connectors";
import { z } from "zod";

/** Which outside system. */
export interface ConnectionInput {
  /** A configured connection. Default: the only one there is. */
  readonly connection?: string | undefined;
}

/** The field of {@link ConnectionInput}. */
export const connectionField: z.ZodType<string | undefined> = z
  .string()
  .min(1)
  .optional()
  .describe("A configured connection. Default: the only one there is.");

/** A guest by its id or its name. */
export const guestField: z.ZodType<GuestId> = z
  .union([z.int().min(1), z.string().min(1)])
  .describe("A guest by id or name.");

/** The one rule for reasons. */
const REASON_RULE = "say why in 3 to 500 characters";

/** Why something is done; people read it later. */
export const reasonField: z.ZodType<string> = z
  .string()
  .trim()
  .min(3, REASON_RULE)
  .max(500, REASON_RULE)
  .describe("Why; it is put on record.");

/** The same where something more important may be in the way: whether it is too short is judged after that. */
export const anyReasonField: z.ZodType<string> = z
  .string()
  .trim()
  .max(500, REASON_RULE)
  .describe("Why, in at least 3 characters; it is put on record.");

/** Of what is asked without any choice. */
export type NoInput = Readonly<Record<string, never>>;

/** Checks a {@link NoInput}. */
export const noInput: z.ZodType<NoInput> = z.strictObject({});

/** A date reaches further than what ISO 8601 writes in four digits, and than the store. */
const FIRST = new Date("1970-01-01T00:00:00Z");
const LAST = new Date("9999-12-31T23:59:59.999Z");

/**
 * An instant of the years 1970 to 9999: a date, or as ISO 8601 writes one, with the offset from UTC, as JSON and the
 * command line give it.
 */
export const instantField: z.ZodType<Date> = z
  .union([
    z.date(),
    z.iso
      .datetime({ offset: true, error: "must be a time such as 2026-03-01T08:00:00Z" })
      .transform((text) => new Date(text)),
  ])
  .refine((at) => at >= FIRST && at <= LAST, "must be in the years 1970 to 9999");
