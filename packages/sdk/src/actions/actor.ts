import { Kappa4Error } from "@kappa4/connectors";
import { type Id, isId } from "../ids.ts";

/** Where a call comes from. */
export type Via = "sdk" | "terminal" | "slack" | "discord" | "schedule" | "http";

/**
 * Who calls. `local` is whoever holds the process and with it the credentials: it may do everything in its
 * organisation, as it could call the outside systems itself. A `schedule` acts as the person who last edited it.
 */
export type Actor =
  | { readonly kind: "local" }
  | { readonly kind: "person"; readonly id: Id<"usr"> }
  | { readonly kind: "schedule"; readonly id: string; readonly editedBy: Id<"usr"> }
  | { readonly kind: "system" };

/** An actor in an organisation, on a surface. */
export interface Caller {
  readonly actor: Actor;
  /** Default: the organisation that every store has. */
  readonly org?: Id<"org"> | undefined;
  readonly via: Via;
  /**
   * The account in a chat that the call came from, on the platform that `via` names. It is put on record, and gives nobody
   * anything; a person's call is let in only while the account is theirs.
   */
  readonly chat?: ChatOrigin | undefined;
}

/** Where in a chat a call came from, by the names that the chat gives these. */
export interface ChatOrigin {
  readonly workspace: string;
  readonly account: string;
  readonly channel?: string | undefined;
}

/** Returns the person who answers for what the actor does; undefined for the process itself. */
export function personOf(actor: Actor): Id<"usr"> | undefined {
  if (actor.kind === "person") return actor.id;
  return actor.kind === "schedule" ? actor.editedBy : undefined;
}

/** Returns the actor as the audit record and the rate limits name it, for example `usr_01j…` or `local`. */
export function actorName(actor: Actor): string {
  if (actor.kind === "person") return actor.id;
  return actor.kind === "schedule" ? `schedule:${actor.id}` : actor.kind;
}

/** Returns who answers for what an actor does: the id of a person, `local` or `system`. */
export function answerableName(actor: Actor): string {
  return personOf(actor) ?? actorName(actor);
}

/** Returns who was named by {@link answerableName}, so that they can be asked again what they may do. */
export function callerNamed(name: string): Caller {
  if (isId("usr", name)) return { actor: { kind: "person", id: name }, via: "sdk" };
  if (name === "local" || name === "system") return { actor: { kind: name }, via: "sdk" };
  throw new Kappa4Error("internal", `Nobody answers for ${name}; restore the store from a backup.`);
}
