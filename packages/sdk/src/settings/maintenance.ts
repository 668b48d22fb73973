import type { OrgTransaction } from "../store/index.ts";

/** A node that is to be empty, since when and why. */
export interface NodeInMaintenance {
  readonly node: string;
  readonly reason: string;
  /** The id of a person, or the name of another actor. */
  readonly by: string;
  readonly since: Date;
}

/** Where each connection's nodes are kept. */
const KEY = "maintenance";

/** Returns the nodes of a connection that people have put into maintenance, by name, and the revision of the list. */
export async function maintenanceOf(
  tx: OrgTransaction,
  connection: string,
): Promise<{ readonly nodes: readonly NodeInMaintenance[]; readonly revision: number }> {
  const document = await tx.documents.find(scopeOf(connection), KEY);
  const stored = document?.value as Stored | undefined;
  const nodes = (stored?.nodes ?? []).map((one) => ({ ...one, since: new Date(one.since) }));
  return { nodes, revision: document?.revision ?? 0 };
}

/** Writes down which nodes of a connection are in maintenance. Throws `conflict` when somebody else was faster. */
export async function setMaintenance(
  tx: OrgTransaction,
  connection: string,
  change: {
    readonly nodes: readonly NodeInMaintenance[];
    readonly after: number;
    readonly by: string;
    readonly at: Date;
  },
): Promise<void> {
  const { nodes, ...rest } = change;
  const sorted = nodes.toSorted((one, other) => (one.node < other.node ? -1 : 1));
  const value = { nodes: sorted.map((one) => ({ ...one, since: one.since.toISOString() })) };
  await tx.documents.put({ ...rest, scope: scopeOf(connection), key: KEY, value });
}

interface Stored {
  readonly nodes: readonly (Omit<NodeInMaintenance, "since"> & { readonly since: string })[];
}

function scopeOf(connection: string): string {
  return `connection:${connection}`;
}
