import { type Kysely, sql } from "kysely";
import { newId, toUuid } from "../../ids.ts";
import type { Database } from "../engine.ts";
import { SCHEMA } from "../migrations/index.ts";
import { ROLES } from "../roles.ts";
import { untyped } from "../transaction.ts";
import { type Attempt, attempts } from "./attempts.ts";
import type { Finding } from "./finding.ts";
import { type SampleRow, type SampleRows, sampleRow } from "./sample-row.ts";
import { searchAttempts } from "./search-attempts.ts";
import { readShapes, type Shape } from "./shape.ts";

/** What came of the probe. */
export interface ProbeReport {
  readonly findings: readonly Finding[];
  /** How many statements were tried against rows of another organisation. */
  readonly attempts: number;
  readonly tables: number;
}

/** Whose eyes a statement sees with. */
export interface Viewer {
  readonly name: string;
  /** The organisation of the transaction; empty for none. */
  readonly org: string;
}

/** One table with a row of each of two organisations. */
export interface Seeded {
  readonly shape: Shape;
  readonly mine: SampleRow;
  readonly theirs: SampleRow;
}

/** Ends the probe's transaction without leaving anything behind. */
class Enough extends Error {}

/**
 * Tries everything that one organisation must not be able to do to another: two are made, with a row in every table,
 * and each verb is tried against the other's rows, as the role that programs use. Nothing stays: all of it happens in
 * one transaction that is rolled back.
 */
export async function probe({ db }: Database): Promise<ProbeReport> {
  let report: ProbeReport | undefined;
  try {
    await untyped(db)
      .transaction()
      .execute(async (trx) => {
        report = await probeIn(trx);
        throw new Enough();
      });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return report ?? { findings: [], attempts: 0, tables: 0 };
}

async function probeIn(trx: Kysely<never>): Promise<ProbeReport> {
  const shapes = await readShapes(trx);
  const [mine, theirs] = [toUuid(newId("org")), toUuid(newId("org"))];
  const findings: Finding[] = [];
  const seeded = await seed(trx, shapes, mine, theirs, findings);
  const viewers: readonly Viewer[] = [
    { name: "another organisation", org: mine },
    { name: "no organisation", org: "" },
  ];
  let count = 0;
  async function tryAll(object: string, viewer: Viewer, all: readonly Attempt[]): Promise<void> {
    for (const attempt of all) {
      count += 1;
      await become(trx, ROLES.app, viewer.org);
      const problem = await attempt.problem(trx);
      if (problem === undefined) continue;
      const message = `${object}: ${viewer.name} ${problem}.`;
      findings.push({ rule: attempt.rule, object, message, severity: "hole" });
    }
  }
  for (const viewer of viewers) {
    for (const table of seeded) await tryAll(table.shape.name, viewer, attempts(table, viewer));
    await tryAll("searches", viewer, searchAttempts(viewer));
  }
  return { findings, attempts: count, tables: seeded.length };
}

/** Makes a row of each table for both, as whoever may: the organisation itself, else the platform. */
async function seed(
  trx: Kysely<never>,
  shapes: readonly Shape[],
  mine: string,
  theirs: string,
  findings: Finding[],
): Promise<readonly Seeded[]> {
  const made = new Map<string, SampleRows>([
    [mine, new Map()],
    [theirs, new Map()],
  ]);
  for (const shape of shapes) {
    for (const [org, rows] of made) {
      const row = {
        ...sampleRow(shape, org, rows),
        ...(shape.name === "orgs" ? { slug: org } : {}),
      };
      const problem = await seedRow(trx, org, shape, row);
      if (problem === undefined) rows.set(shape.name, row);
      else findings.push(unseeded(shape, problem));
    }
  }
  return shapes.flatMap((shape) => {
    const [a, b] = [made.get(mine)?.get(shape.name), made.get(theirs)?.get(shape.name)];
    return a === undefined || b === undefined ? [] : [{ shape, mine: a, theirs: b }];
  });
}

/** Returns why the row could not be made: what the organisation is told, unless that is only that it may not. */
async function seedRow(
  trx: Kysely<never>,
  org: string,
  shape: Shape,
  row: SampleRow,
): Promise<string | undefined> {
  const own = await failure(trx, ROLES.app, org, shape, row);
  if (!own?.startsWith("permission denied")) return own;
  return failure(trx, ROLES.platform, "", shape, row);
}

function unseeded({ name }: Shape, problem: string): Finding {
  const isShared = problem.includes("duplicate key");
  return {
    rule: isShared ? "probe-unique" : "probe-unseeded",
    object: name,
    severity: "hole",
    message: isShared
      ? `${name}: an organisation cannot have a row like one that another has: ${problem}.`
      : `${name}: no row could be made to probe it with: ${problem}.`,
  };
}

async function failure(
  trx: Kysely<never>,
  role: string,
  org: string,
  { name }: Shape,
  row: SampleRow,
): Promise<string | undefined> {
  await become(trx, role, org);
  await sql`savepoint seeding`.execute(trx);
  try {
    const columns = sql.join(Object.keys(row).map((column) => sql.id(column)));
    await sql`insert into ${sql.table(name)} (${columns}) values (${sql.join(Object.values(row))})`.execute(
      trx,
    );
    await sql`release savepoint seeding`.execute(trx);
    return undefined;
  } catch (error) {
    await sql`rollback to savepoint seeding`.execute(trx);
    return error instanceof Error ? error.message : String(error);
  }
}

async function become(trx: Kysely<never>, role: string, org: string): Promise<void> {
  await sql`select set_config('role', 'none', true), set_config('kappa4.org', ${org}, true),
    set_config('search_path', ${`${SCHEMA}, pg_temp`}, true), set_config('role', ${role}, true)`.execute(
    trx,
  );
}
