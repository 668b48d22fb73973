import { Kappa4Error } from "@kappa4/connectors";
import type { Id } from "../ids.ts";
import type { Systems } from "./context.ts";
import type { Self } from "./self.ts";

/** What a process brings to the calls that it carries out. */
export interface Surroundings {
  readonly systems: Systems;
  readonly self: Self;
}

/**
 * Returns what an organisation has of a process. The configured connections, the rest of the configuration and the log
 * belong to the organisation that every store has; another one sees none of it.
 */
export function surroundingsOf(
  { systems, self }: Surroundings,
  org: Id<"org">,
  ownOrg: Id<"org">,
): Surroundings {
  if (org === ownOrg) return { systems, self };
  const { startedAt, logs } = self;
  const config = { connections: {}, balancing: {}, apply: {}, store: {} };
  const list = () => logs.list().filter(({ fields }) => fields.org === org);
  return { systems: NO_SYSTEMS, self: { startedAt, config, logs: { list } } };
}

const NO_SYSTEMS: Systems = {
  names: [],
  applying: {},
  nameOf: none,
  balancing: none,
  get: async (connection) => none(connection),
  cluster: async (connection) => none(connection),
};

function none(connection: string | undefined): never {
  const named = connection === undefined ? "" : ` "${connection}"`;
  const message = `There is no connection${named}; this organisation has none.`;
  throw new Kappa4Error("not_found", message);
}
