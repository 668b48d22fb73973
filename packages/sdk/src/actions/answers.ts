import type { Id } from "../ids.ts";
import type { Via } from "./actor.ts";

/** Options that every call of an action takes. */
export interface ActionCallOptions {
  /** Stops waiting and starts nothing more; what is handed over already goes on. */
  readonly signal?: AbortSignal | undefined;
  /** The same key a second time, within a day, gives the first answer and does nothing more. Default: none. */
  readonly requestKey?: string | undefined;
}

/** A plan in the store. */
export interface StoredPlan<Content = unknown> {
  readonly id: Id<"pln">;
  /** What people say, for example `P-7F3K`. */
  readonly shortId: string;
  /** The action that made it, for example `rebalance.plan`. */
  readonly action: string;
  readonly connection: string | undefined;
  readonly cluster: string | undefined;
  readonly content: Content;
  /** SHA-256 of all that is approved with it, hexadecimal. */
  readonly hash: string;
  readonly state: "draft" | "consumed" | "superseded" | "discarded";
  /** Who made it: the id of a person, or the name of another actor. */
  readonly requestedBy: string;
  readonly via: Via;
  readonly createdAt: Date;
  /** From then on it cannot be applied. */
  readonly expiresAt: Date;
}
