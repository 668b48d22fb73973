import { z } from "zod";
import { answerableName, type Caller } from "../actions/actor.ts";
import type { OrgTransaction } from "../store/index.ts";

/** How somebody wants to be spoken to; what is left out is as the organisation has it. */
export interface Preferences {
  readonly language?: "en" | "es" | undefined;
  /** As the IANA names it, for example `Europe/Madrid`. */
  readonly timeZone?: string | undefined;
}

/** Checks {@link Preferences}. */
export const preferencesSchema: z.ZodType<Preferences> = z.strictObject({
  language: z.enum(["en", "es"]).optional().describe("The language of messages."),
  timeZone: z
    .string()
    .refine(isTimeZone, "must be a time zone such as Europe/Madrid")
    .optional()
    .describe("Where times are told, for example Europe/Madrid."),
});

const KEY = "preferences";

/** Returns what a caller prefers, and the revision that it was read from. */
export async function preferencesOf(
  tx: OrgTransaction,
  { actor }: Caller,
): Promise<{ readonly preferences: Preferences; readonly revision: number }> {
  const document = await tx.documents.find(answerableName(actor), KEY);
  const preferences = preferencesSchema.safeParse(document?.value ?? {}).data ?? {};
  return { preferences, revision: document?.revision ?? 0 };
}

/** Writes down what a caller prefers. Throws `conflict` when they did so elsewhere in this moment. */
export async function setPreferences(
  tx: OrgTransaction,
  { actor }: Caller,
  value: Preferences,
  { after, at }: { readonly after: number; readonly at: Date },
): Promise<void> {
  const by = answerableName(actor);
  await tx.documents.put({ scope: by, key: KEY, value, by, at, after });
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
