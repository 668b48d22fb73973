import { closest, type GuestId, type Kappa4, Kappa4Error } from "@kappa4/sdk";

/** Returns the connection that is meant: the named one, or the only one there is. Throws `invalid_argument`. */
export function whichConnection(kappa4: Kappa4, named: string | undefined): string {
  const { connections } = kappa4;
  const [only] = connections;
  if (named === undefined && only !== undefined && connections.length === 1) return only;
  const known = connections.join(", ") || "none";
  if (named === undefined) {
    throw new Kappa4Error(
      "invalid_argument",
      `Say which connection is meant; there are: ${known}.`,
    );
  }
  if (connections.includes(named)) return named;
  const guess = closest(named, connections);
  const hint = guess === undefined ? `There are: ${known}.` : `Did you mean ${guess}?`;
  throw new Kappa4Error("invalid_argument", `There is no connection ${named}. ${hint}`);
}

/**
 * Returns the id of the guest that is meant by an id or a name. Throws `not_found` with the closest name, and
 * `invalid_argument` when several guests have the name.
 */
export async function whichGuest(
  kappa4: Kappa4,
  connection: string,
  named: string,
): Promise<{ readonly id: GuestId; readonly name: string }> {
  const { guests } = await kappa4.snapshot(connection);
  const byId = guests.find(({ id }) => String(id) === named);
  if (byId !== undefined) return byId;
  const byName = guests.filter(({ name }) => name === named);
  const [first] = byName;
  if (first !== undefined && byName.length === 1) return first;
  if (first !== undefined) {
    const ids = byName.map(({ id, node }) => `${id} on ${node}`).join(", ");
    throw new Kappa4Error(
      "invalid_argument",
      `Several guests are called ${named}; give the id: ${ids}.`,
    );
  }
  const guess = closest(
    named,
    guests.map(({ name }) => name),
  );
  const hint = guess === undefined ? "Check the name or give the id." : `Did you mean ${guess}?`;
  throw new Kappa4Error("not_found", `${connection} has no guest ${named}. ${hint}`);
}
