import { type ClusterSnapshot, type Guest, type GuestId, Kappa4Error } from "@kappa4/connectors";
import { closest } from "../closest.ts";

/**
 * Returns the guest that is meant by its id, or by its name where no other guest has it. Throws `not_found` with the
 * closest name, and `invalid_argument` when several guests have the name.
 */
export function getGuest({ guests, meta }: ClusterSnapshot, named: GuestId): Guest {
  const byId = guests.find(({ id }) => String(id) === String(named));
  if (byId !== undefined) return byId;
  const byName = guests.filter(({ name }) => name === named);
  const [first] = byName;
  if (first !== undefined && byName.length === 1) return first;
  if (first !== undefined) {
    const ids = byName.map(({ id, node }) => `${id} on ${node}`).join(", ");
    const message = `Several guests are called ${named}; give the id: ${ids}.`;
    throw new Kappa4Error("invalid_argument", message);
  }
  const names = guests.map(({ name }) => name);
  const guess = closest(String(named), names);
  const hint = guess === undefined ? "Give its id or its name." : `Did you mean ${guess}?`;
  throw new Kappa4Error("not_found", `${meta.name} has no guest ${JSON.stringify(named)}. ${hint}`);
}
