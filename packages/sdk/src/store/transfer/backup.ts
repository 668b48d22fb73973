import { Kappa4Error } from "@kappa4/connectors";
import { type Kysely, sql } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Database } from "../engine.ts";
import type { NewAuditEntry } from "../repositories/audit.ts";
import { type BackupPage, readBackup, writeBackup } from "./backup-file.ts";
import { type Copied, fromSnapshot, mustAgree, mustEqual, type OnProgress } from "./move.ts";
import { stopOpenRuns } from "./open-runs.ts";
import { Digester, readRows } from "./rows.ts";
import type { Transferable } from "./tables.ts";
import { fill } from "./target.ts";

/** Writes every row of a store, as it is at one moment, into a file. */
export async function backUp(
  source: Database,
  file: string,
  now: Date,
  onProgress: OnProgress,
): Promise<Copied> {
  const copied: Record<string, number> = {};
  await fromSnapshot(source, async (db, tables) => {
    const header = { kappa4: "store", version: 1, at: now.toISOString(), tables } as const;
    await writeBackup(file, header, pagesOf(db, tables, copied, onProgress));
  });
  // What cannot be read back is no backup.
  for await (const _ of readBackup(file));
  return copied;
}

async function* pagesOf(
  db: Kysely<never>,
  tables: readonly Transferable[],
  copied: Record<string, number>,
  onProgress: OnProgress,
): AsyncGenerator<BackupPage> {
  for (const [at, table] of tables.entries()) {
    for await (const rows of readRows(db, table)) {
      yield { table: at, rows };
      copied[table.name] = (copied[table.name] ?? 0) + rows.length;
    }
    if (copied[table.name] !== undefined) onProgress(`${table.name}: ${copied[table.name]} rows`);
  }
}

/** The end of an organisation's audit as a backup had it. */
export interface RestoredChain {
  readonly org: Id<"org">;
  readonly seq: number;
  readonly epoch: number;
  /** When the backup was made. */
  readonly savedAt: Date;
}

/** Writes the entry that says of a chain that it goes on from a backup; the store does not know how entries look. */
export type MarkRestored = (chain: RestoredChain) => NewAuditEntry;

/** Fills an empty store from a file; all of it, compared row for row, or nothing. */
export async function restore(
  target: Database,
  file: string,
  onProgress: OnProgress,
  mark?: MarkRestored | undefined,
): Promise<Copied> {
  return fill(target, async ({ db, tables, write, digest }) => {
    const digesters = new Map<Transferable, Digester>();
    let listed: readonly Transferable[] = [];
    let savedAt = new Date(0);
    for await (const part of readBackup(file)) {
      if ("tables" in part) {
        listed = part.tables;
        savedAt = new Date(part.at);
        mustAgree(listed, tables);
        continue;
      }
      const table = listed[part.table];
      if (table === undefined) {
        throw new Kappa4Error(
          "invalid_argument",
          `${file} has rows of no table; nothing was restored.`,
        );
      }
      await write(table, part.rows);
      const digester = digesters.get(table) ?? new Digester();
      digesters.set(table, digester);
      digester.add(part.rows);
    }
    const copied: Record<string, number> = {};
    for (const [table, digester] of digesters) {
      const read = digester.end();
      mustEqual(table, read, await digest(table));
      copied[table.name] = read.rows;
      onProgress(`${table.name}: ${read.rows} rows, each compared`);
    }
    if (mark !== undefined) {
      await markChains(db, savedAt, mark);
      await stopOpenRuns(db);
    }
    return copied;
  });
}

async function markChains(db: Kysely<never>, savedAt: Date, mark: MarkRestored): Promise<void> {
  const { rows } = await sql<{ org: string; seq: number; epoch: number }>`
    select org_id as org, seq, epoch from kappa4.audit_heads order by org_id`.execute(db);
  for (const { org, seq, epoch } of rows) {
    const { id, at, body } = mark({ org: fromUuid("org", org), seq, epoch, savedAt });
    await sql`insert into kappa4.audit (org_id, id, at, body)
      values (${org}, ${toUuid(id)}, ${at}, ${body})`.execute(db);
  }
}
