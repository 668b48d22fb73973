import { Kappa4Error } from "@kappa4/connectors";
import type { Caller } from "../actions/actor.ts";

/** Refuses everybody but Kappa4 itself: who a chat account belongs to is told by the surface, never by a person. */
export function systemOnly({ actor }: Caller): void {
  if (actor.kind === "system") return;
  throw new Kappa4Error("permission", "Only Kappa4 itself does this, for those who write to it.");
}
