import type { Logger } from "@kappa4/connectors";
import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import type { Database } from "../engine.ts";
import { noteRaised } from "../raised.ts";
import type { Tables } from "../tables.ts";
import { listenOnPostgres, openPool } from "./pool.ts";

/** Opens a database of a PostgreSQL server. */
export function openPostgres(url: string, logger: Logger | undefined): Database {
  const pool = openPool(url, logger);
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    log: noteRaised,
  });
  return {
    engine: "postgres",
    db,
    queue: {
      async executeSql(text, values) {
        // Several statements give several results; the rows of all of them are wanted.
        const results = [await pool.query(text, values?.length ? values : undefined)].flat();
        return { rows: results.flatMap(({ rows }) => rows ?? []) };
      },
      async listen(channel, onNotification, onReconnect) {
        const close = await listenOnPostgres(url, channel, onNotification, onReconnect, logger);
        return { close };
      },
    },
    within: (work) => work(),
    close: () => db.destroy(),
  };
}
