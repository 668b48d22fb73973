import { closest, Kappa4Error } from "@kappa4/sdk";

/** Returns the connection that is meant: the named one, or the only one there is. Throws `invalid_argument`. */
export function whichConnection(connections: readonly string[], named: string | undefined): string {
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
