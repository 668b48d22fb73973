import { type Kysely, sql } from "kysely";
import { ROLES } from "../roles.ts";

/** A table whose rows belong to one organisation each. */
export interface OrgTable {
  readonly name: string;
  /** Columns and constraints besides `org_id`. */
  readonly body: string;
  /** What an organisation may do with its rows. Default: everything. */
  readonly app?: string | undefined;
  /** What the platform may do besides reading, for example `update (seq, hash)`. */
  readonly platform?: string | undefined;
  /** Which rows the platform may change. Default: all. */
  readonly platformUpdates?: { readonly from: string; readonly to: string } | undefined;
  readonly indexes?: readonly string[] | undefined;
}

const EVERYTHING = "select, insert, update, delete";

/** The organisation of this transaction. Evaluated once per statement; an empty setting means no organisation. */
const CURRENT_ORG = "(select nullif(current_setting('kappa4.org', true), '')::uuid)";

/** Makes a table that shows each organisation its own rows, whoever asks. */
export async function createOrgTable(db: Kysely<never>, table: OrgTable): Promise<void> {
  const { name, app = EVERYTHING, platform, indexes = [] } = table;
  const body = `org_id uuid not null references orgs (id), ${table.body}`;
  await runAll(db, [
    `create table ${name} (${body})`,
    ...protection(name, "org_id", table.platformUpdates),
    `grant ${app} on ${name} to ${ROLES.app}`,
    `grant select on ${name} to ${ROLES.platform}`,
    ...(platform === undefined ? [] : [`grant ${platform} on ${name} to ${ROLES.platform}`]),
    ...indexes.map(
      (index) => `create ${index.replace(/^(unique )?index on /, (start) => `${start}${name} `)}`,
    ),
  ]);
}

/** Row-level security that the table's owner cannot escape either. */
export function protection(
  table: string,
  org: string,
  updates?: { readonly from: string; readonly to: string },
): readonly string[] {
  const own = `${org} = ${CURRENT_ORG}`;
  const { from, to } = updates ?? { from: "true", to: "true" };
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy ${table}_org on ${table} to ${ROLES.app} using (${own}) with check (${own})`,
    `create policy ${table}_read on ${table} for select to ${ROLES.platform} using (true)`,
    `create policy ${table}_add on ${table} for insert to ${ROLES.platform} with check (true)`,
    `create policy ${table}_change on ${table} for update to ${ROLES.platform} using (${from}) with check (${to})`,
    `create policy ${table}_drop on ${table} for delete to ${ROLES.platform} using (true)`,
    `create policy ${table}_search on ${table} for select to ${ROLES.search} using (true)`,
  ];
}

/** Runs statements one after the other. */
export async function runAll(db: Kysely<never>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
