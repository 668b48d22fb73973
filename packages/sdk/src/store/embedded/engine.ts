import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { PGlite, type Results } from "@electric-sql/pglite";
import { DurableNodeFs } from "./durable-fs.ts";
import type { Message, Rows } from "./messages.ts";
import { OWNER_MODE } from "./private-folder.ts";

/** How the embedded store is opened. */
export interface EngineSettings {
  /** The folder of the database's own files. */
  readonly folder: string;
}

/** PostgreSQL in this thread: one session, one statement at a time. */
export interface Engine {
  /** Several statements are allowed where there are no parameters; the rows of all of them are returned. */
  query(sql: string, parameters?: readonly (string | null)[] | undefined): Promise<Rows>;
  listen(channel: string): Promise<void>;
  unlisten(channel: string): Promise<void>;
  /** How often a file was synced since the store was opened. */
  syncs(): number;
  /** All files of the database, as they are, in a tar archive. */
  dump(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Small: the database is for one process, and the default takes 130 MB more. */
const SHARED_BUFFERS = "16MB";

/** Opens the database, after making it where there is none. */
export async function openEngine(
  { folder }: EngineSettings,
  tell: (message: Message) => void,
): Promise<Engine> {
  mkdirSync(folder, { recursive: true, mode: OWNER_MODE });
  const fs = new DurableNodeFs(folder, (error) => tell({ kind: "lost", reason: codeOf(error) }));
  const isNew = !existsSync(join(folder, "PG_VERSION"));
  const pglite = await PGlite.create({
    fs,
    startParams: startParams(),
    // Small files of the write-ahead log, decided when the database is made: 16 MB each would be waste.
    ...(isNew ? { initDbStartParams: ["--wal-segsize=1"] } : {}),
  });
  keepTexts(pglite.parsers);
  keepTexts(pglite.serializers);
  return {
    async query(sql, parameters) {
      if (parameters === undefined) return joined(await pglite.exec(sql, { rowMode: "array" }));
      return rowsOf(await pglite.query(sql, [...parameters], { rowMode: "array" }));
    },
    listen: async (channel) => {
      await pglite.listen(channel, (payload) => tell({ kind: "notification", channel, payload }));
    },
    unlisten: (channel) => pglite.unlisten(channel),
    syncs: () => fs.syncs,
    dump: async () => (await pglite.dumpDataDir("none")).bytes(),
    close: () => pglite.close(),
  };
}

/** What the operating system calls it. */
function codeOf(error: unknown): string {
  return String(Object(error).code ?? error);
}

/** PGlite turns syncing off, and only this way of syncing reaches the folder. */
function startParams(): string[] {
  const kept = PGlite.defaultStartParams.filter((param) => param !== "-F");
  const settings = [
    "wal_sync_method=fsync",
    `shared_buffers=${SHARED_BUFFERS}`,
    // Every day of a year is on the same side of UTC for all who read a log of this store.
    "timezone=UTC",
  ];
  return [...kept, ...settings.flatMap((setting) => ["-c", setting])];
}

/** Values leave and enter as texts: one decoder, in the other thread, serves both engines. */
function keepTexts(types: Record<number, (value: string) => unknown>): void {
  for (const oid of Object.keys(types)) types[Number(oid)] = (text) => text;
}

function rowsOf(result: Results): Rows {
  return {
    command: result.command ?? "",
    rowCount: result.rowCount ?? 0,
    fields: result.fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID })),
    rows: result.rows as unknown as Rows["rows"],
  };
}

/** As node-postgres gives one result per statement; whoever sends several wants the rows of the one that has any. */
function joined(results: readonly Results[]): Rows {
  const all = results.map(rowsOf);
  const withRows = all.findLast(({ fields }) => fields.length > 0);
  return withRows ?? all.at(-1) ?? { command: "", rowCount: 0, fields: [], rows: [] };
}
