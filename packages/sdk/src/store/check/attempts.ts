import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Seeded, Viewer } from "./probe.ts";
import { type SampleRow, sampleRow } from "./sample-row.ts";

/** One thing that a viewer must not be able to do to a table. */
export interface Attempt {
  readonly rule: string;
  /** Returns what is wrong, or undefined when the wall held. Leaves the transaction as it was. */
  problem(trx: Kysely<never>): Promise<string | undefined>;
}

/** What PostgreSQL says when a policy, a missing right or a foreign key refuses. */
const HELD: readonly string[] = ["42501", "23503"];
/** And where a row is the viewer's own: that it is one too many says nothing of others. */
const OWN: readonly string[] = [...HELD, "23505"];

/** Everything that is tried against the rows of an organisation that the viewer is not. */
export function attempts({ shape, mine, theirs }: Seeded, viewer: Viewer): readonly Attempt[] {
  const table = sql.table(shape.name);
  const org = sql.id(shape.org);
  const victim = theirs[shape.org];
  const foreign = sql`where ${org} = ${victim}`;
  const columns = sql.join(Object.keys(theirs).map((name) => sql.id(name)));
  const { id = theirs.id } = sampleRow(shape, String(victim), new Map());
  const copy = "id" in theirs ? { ...theirs, id } : theirs;
  const moving = sql`update ${table} set ${org} = ${victim}`;
  // Any row at all, also one that says it is nobody's.
  const others = sql`where ${org} is distinct from ${viewer.org === "" ? null : viewer.org}::uuid`;
  return [
    touched(
      "probe-select",
      "sees rows that are not its own",
      sql`select 1 from ${table} ${others}`,
    ),
    touched(
      "probe-insert",
      "adds rows for another organisation",
      sql`insert into ${table} (${columns}) values (${sql.join(Object.values(copy))})`,
    ),
    touched(
      "probe-upsert",
      "writes over rows of another organisation",
      sql`insert into ${table} (${columns}) values (${sql.join(Object.values(theirs))}) on conflict do nothing`,
    ),
    touched(
      "probe-update",
      "changes rows that are not its own",
      sql`update ${table} set ${org} = ${org} ${foreign}`,
    ),
    touched(
      "probe-move",
      "gives its rows to another organisation",
      sql`${moving} where ${org} = ${mine[shape.org]}`,
    ),
    touched("probe-take", "changes whose rows are that it does not see", sql`${moving} ${foreign}`),
    touched(
      "probe-delete",
      "removes rows that are not its own",
      sql`delete from ${table} ${foreign}`,
    ),
    touched(
      "probe-lock",
      "locks rows that are not its own",
      sql`select 1 from ${table} ${foreign} for update`,
    ),
    refused("probe-truncate", "empties the table", sql`truncate ${table}`),
    refused(
      "probe-policy",
      "drops row-level security",
      sql`alter table ${table} disable row level security`,
    ),
    ...(viewer.org === "" ? [] : references({ shape, mine, theirs })),
  ];
}

/** A row of the viewer that refers to a row of the other: foreign keys are checked past row-level security. */
function references({ shape, mine, theirs }: Seeded): readonly Attempt[] {
  return shape.references.flatMap(({ columns, table }) => {
    if (table === "orgs") return [];
    const required = new Set(shape.columns.flatMap((it) => (it.isRequired ? [it.name] : [])));
    const linking = shape.references.flatMap((reference) => reference.columns);
    const row = {
      ...sampleRow(shape, String(mine[shape.org]), new Map(), "again"),
      ...pick(
        mine,
        linking.filter((name) => required.has(name)),
      ),
      ...pick(
        theirs,
        columns.filter((name) => name !== shape.org),
      ),
    };
    const names = sql.join(Object.keys(row).map((name) => sql.id(name)));
    const own = sql.table(shape.name);
    const insert = sql`insert into ${own} (${names}) values (${sql.join(Object.values(row))})`;
    const changes = columns
      .filter((name) => name !== shape.org)
      .map((name) => sql`${sql.id(name)} = ${theirs[name]}`);
    const update = sql`update ${own} set ${sql.join(changes)} where ${sql.id(shape.org)} = ${mine[shape.org]}`;
    const deed = `refers to another organisation's row of ${table}`;
    // A table that takes one row per plan refuses a second one of the viewer's own before it looks at the reference.
    return [
      touched("probe-reference", deed, insert, OWN),
      touched("probe-reference", deed, update),
    ];
  });
}

function pick(row: SampleRow, names: readonly string[]): SampleRow {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

/** Fails when the statement reaches any row. */
function touched(
  rule: string,
  deed: string,
  statement: RawBuilder<unknown>,
  held: readonly string[] = HELD,
): Attempt {
  return {
    rule,
    problem: (trx) =>
      undone(
        trx,
        async () => {
          const { rows, numAffectedRows = 0n } = await statement.execute(trx);
          return rows.length > 0 || numAffectedRows > 0n ? deed : undefined;
        },
        held,
      ),
  };
}

/** Fails when the statement is carried out at all. */
function refused(rule: string, deed: string, statement: RawBuilder<unknown>): Attempt {
  return {
    rule,
    problem: (trx) =>
      undone(trx, async () => {
        await statement.execute(trx);
        return deed;
      }),
  };
}

async function undone(
  trx: Kysely<never>,
  work: () => Promise<string | undefined>,
  held: readonly string[] = HELD,
): Promise<string | undefined> {
  await sql`savepoint attempt`.execute(trx);
  try {
    return await work();
  } catch (error) {
    return unlessRefused(error, held);
  } finally {
    await sql`rollback to savepoint attempt`.execute(trx);
    await sql`release savepoint attempt`.execute(trx);
  }
}

/** A policy, a missing right or a foreign key that refused held the wall; a duplicate tells of a row unseen. */
function unlessRefused(error: unknown, held: readonly string[]): string | undefined {
  const { code, message } = Object(error) as { code?: string; message?: string };
  if (held.includes(code ?? "")) return undefined;
  return `learns something by an error: ${message}`;
}
