import { type Kysely, sql } from "kysely";
import { ROLES } from "../roles.ts";
import { runAll } from "./org-table.ts";

/** Whose rows a search looks at: the predicate of the policies, written out. */
const OWN = "org_id = nullif(current_setting('kappa4.org', true), '')::uuid";

/** No page is larger. */
const LARGEST_PAGE = 500;

const SEARCHES = {
  search_events: {
    table: "events",
    argument: "words text",
    matches: "to_tsvector('simple', summary) @@ websearch_to_tsquery('simple', words)",
    index: "events_words on events using gin (to_tsvector('simple', summary))",
  },
  search_audit: {
    table: "audit",
    argument: "fields jsonb",
    matches: "body_json @> fields",
    index: "audit_body on audit using gin (body_json jsonb_path_ops)",
  },
} as const;

/**
 * Searches that can use an index. Below a policy none is used for an operator that might give values away by an error,
 * as those of texts and of jsonb might; so a search acts as a role that policies let see everything, and says itself
 * whose rows it looks at.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`set local search_path = kappa4`.execute(db);
  // Whoever is to own a function must be able to make one, for as long as it takes to give it.
  await sql.raw(`grant create on schema kappa4 to ${ROLES.search}`).execute(db);
  for (const [name, search] of Object.entries(SEARCHES)) {
    await runAll(db, [
      `create index ${search.index}`,
      `grant select on ${search.table} to ${ROLES.search}`,
      `create function ${name}(${search.argument}, since timestamptz, until timestamptz, before uuid, most integer)
        returns setof ${search.table}
        language sql stable security definer set search_path = kappa4, pg_temp
        as $$ select * from ${search.table} where ${OWN} and ${search.matches}
          and (since is null or at >= since) and (until is null or at < until)
          and (before is null or id < before) order by id desc limit least(most, ${LARGEST_PAGE}) $$`,
      `revoke all on function ${name} from public`,
      `grant execute on function ${name} to ${ROLES.app}`,
      `alter function ${name} owner to ${ROLES.search}`,
    ]);
  }
  await sql.raw(`revoke create on schema kappa4 from ${ROLES.search}`).execute(db);
}

/** Takes the searches away; what they looked at stays. */
export async function down(db: Kysely<never>): Promise<void> {
  await sql`set local search_path = kappa4`.execute(db);
  for (const [name, { table, index }] of Object.entries(SEARCHES)) {
    await runAll(db, [
      `drop function ${name}`,
      `drop index ${index.split(" ")[0]}`,
      `revoke select on ${table} from ${ROLES.search}`,
    ]);
  }
}
