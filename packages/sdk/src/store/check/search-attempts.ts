import { sql } from "kysely";
import type { Attempt } from "./attempts.ts";
import { SEARCHES } from "./object-rules.ts";
import type { Viewer } from "./probe.ts";

/** What a search is asked so that it finds every row that the probe has made. */
const FINDS_ALL: Readonly<Record<string, string>> = {
  search_events: "'probe'",
  search_audit: "'{}'::jsonb",
};

/** The searches act with rights of their own: each is asked for rows that are not the viewer's. */
export function searchAttempts(viewer: Viewer): readonly Attempt[] {
  const own = viewer.org === "" ? null : viewer.org;
  return SEARCHES.map((name) => ({
    rule: "probe-search",
    async problem(trx) {
      const found = sql`${sql.id(name)}(${sql.raw(FINDS_ALL[name] ?? "null")}, null, null, null, 500)`;
      const { rows } =
        await sql`select 1 from ${found} where org_id is distinct from ${own}::uuid`.execute(trx);
      return rows.length === 0 ? undefined : `finds rows that are not its own by ${name}`;
    },
  }));
}
