import { type Kysely, sql } from "kysely";
import type { Database } from "../engine.ts";
import { untyped } from "../transaction.ts";
import type { Finding, Rule } from "./finding.ts";
import { LOGIN_RULES, OBJECT_RULES } from "./object-rules.ts";
import { OUTSIDE_RULES } from "./outside-rules.ts";
import { TABLE_RULES } from "./table-rules.ts";

/** Asks the catalogue of the database for everything that row-level security would not hold. */
export async function checkCatalogue({ db, engine }: Database): Promise<readonly Finding[]> {
  const ofServers = engine === "postgres" ? LOGIN_RULES : [];
  const rules = [...TABLE_RULES, ...OBJECT_RULES, ...OUTSIDE_RULES, ...ofServers];
  const findings: Finding[] = [];
  for (const rule of rules) findings.push(...(await apply(untyped(db), rule)));
  return findings;
}

async function apply(db: Kysely<never>, rule: Rule): Promise<readonly Finding[]> {
  const { rows } = await sql.raw<{ object: string }>(rule.sql).execute(db);
  const { severity = "hole" } = rule;
  return rows.map(({ object }) => ({
    rule: rule.rule,
    object,
    severity,
    message: `${object} ${rule.message}.`,
  }));
}
