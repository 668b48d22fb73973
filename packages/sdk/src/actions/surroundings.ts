import { Kappa4Error } from "@kappa4/connectors";
import type { Id } from "../ids.ts";
import type { LogRecord, LogRecords } from "../logs/ring.ts";
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
  return { systems: NO_SYSTEMS, self: { startedAt, config, logs: logsOf(logs, org) } };
}

/** Of the log, what says that it is about this organisation. */
function logsOf(logs: LogRecords, org: Id<"org">): LogRecords {
  const isTheirs = ({ fields }: LogRecord): boolean => fields.org === org;
  return {
    list: () => logs.list().filter(isTheirs),
    follow: (signal) => only(logs.follow(signal), isTheirs),
  };
}

async function* only(
  records: AsyncIterable<LogRecord>,
  isTheirs: (record: LogRecord) => boolean,
): AsyncGenerator<LogRecord, void, undefined> {
  for await (const record of records) if (isTheirs(record)) yield record;
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
