import type { Guest, GuestId } from "@kappa4/connectors";
import type { Conflict } from "../plan.ts";
import { some } from "../telling/words.ts";
import { compareIds } from "./compare.ts";

/** Returns the ids of the guests that are meant: the one with that id, else all with that name. */
export type FindGuests = (named: GuestId) => readonly GuestId[];

/** Lets rules and options name guests by id or by name. */
export function guestFinder(guests: readonly Pick<Guest, "id" | "name">[]): FindGuests {
  const ids = new Map(guests.map(({ id }) => [String(id), id]));
  return (named) => {
    const id = ids.get(String(named));
    if (id !== undefined) return [id];
    return guests
      .filter(({ name }) => name === String(named))
      .map((guest) => guest.id)
      .sort(compareIds);
  };
}

/** Reports a rule about a guest that the cluster does not have, or about a name that several have. */
export function unknownGuest(
  rule: string,
  named: GuestId,
  found: readonly GuestId[] = [],
): Conflict {
  const message =
    found.length === 0
      ? `Rule ${rule} names guest ${named}, which the cluster does not have; remove it from the rule.`
      : `Rule ${rule} names ${named}, as ${some(found)} are called; give the id of the one that is meant.`;
  return {
    code: "rule-unknown-guest",
    rules: [rule],
    guests: found.length === 0 ? [named] : found,
    message,
  };
}
