import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { type Id, isId } from "../ids.ts";
import type { Caller, Via } from "./actor.ts";

const VIAS: readonly [Via, ...Via[]] = ["sdk", "terminal", "slack", "discord", "schedule", "http"];

const person = z.custom<Id<"usr">>((id) => typeof id === "string" && isId("usr", id), {
  message: "must be the id of a person, such as users.list gives it: usr_ and 26 letters",
});
const name = z.string().min(1).max(200);

const actor = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("local") }),
    z.strictObject({ kind: z.literal("system") }),
    z.strictObject({ kind: z.literal("person"), id: person }),
    z.strictObject({ kind: z.literal("schedule"), id: name, editedBy: person }),
  ],
  { error: 'must be an object whose kind is "local", "person", "schedule" or "system"' },
);

const caller = z.strictObject(
  {
    actor,
    org: z
      .custom<Id<"org">>((id) => typeof id === "string" && isId("org", id), {
        message: "must be the id of an organisation: org_ and 26 letters",
      })
      .optional(),
    via: z.enum(VIAS, { error: `must be one of ${VIAS.join(", ")}` }),
    chat: z.strictObject({ workspace: name, account: name, channel: name.optional() }).optional(),
  },
  { error: "must be an object with actor and via" },
);

/**
 * Returns a caller as it is given, of which nothing can be changed from outside any more. Whoever is not understood is
 * nobody: throws `invalid_argument`.
 */
export function checkCaller(given: Caller): Caller {
  const parsed = caller.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = ["caller", ...(issue?.path ?? [])].join(".");
  throw new Kappa4Error(
    "invalid_argument",
    `${where}: ${issue?.message ?? "is not understood"}. For a person it is { actor: { kind: "person", id: "usr_…" }, via: "sdk" }.`,
  );
}
