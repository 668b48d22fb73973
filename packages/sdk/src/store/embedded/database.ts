import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Kappa4Error, Logger } from "@kappa4/connectors";
import { CamelCasePlugin, Kysely } from "kysely";
import type { Database } from "../engine.ts";
import { noteRaised } from "../raised.ts";
import type { Tables } from "../tables.ts";
import { Care } from "./care.ts";
import { embeddedDialect, send } from "./dialect.ts";
import { type FolderLock, lockFolder } from "./lock.ts";
import { DATA_FOLDER } from "./private-folder.ts";
import { StoreThread } from "./thread.ts";
import { Turnstile } from "./turnstile.ts";

/** What else an embedded database can be told. */
export interface OpenEmbeddedOptions {
  readonly now: Date;
  readonly logger?: Logger | undefined;
  readonly onProgress?: ((sentence: string) => void) | undefined;
  readonly onLost?: ((error: Kappa4Error) => void) | undefined;
}

/** A database whose files are this process's own. */
export interface EmbeddedDatabase extends Database {
  /** Does at once what has become due of what PostgreSQL's background workers would do. */
  readonly care: Care;
  /** Files synced since the store was opened. */
  syncs(): Promise<number>;
  /** All its files as they are now, in a tar archive. */
  dump(): Promise<Uint8Array>;
}

/** Opens the embedded database in a folder, for this process alone. Throws `conflict` when another one has it, `permission` when it is another user's. */
export async function openEmbedded(
  folder: string,
  { now, logger, onProgress, onLost }: OpenEmbeddedOptions,
): Promise<EmbeddedDatabase> {
  const lock = await lockFolder(folder, now, logger);
  if (!existsSync(join(folder, DATA_FOLDER, "PG_VERSION"))) {
    onProgress?.(`Making a new store in ${folder}; this takes some seconds, once.`);
  }
  try {
    const thread = await StoreThread.start({ folder: join(folder, DATA_FOLDER), onLost });
    return over(thread, lock, logger);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function over(thread: StoreThread, lock: FolderLock, logger: Logger | undefined): EmbeddedDatabase {
  const turnstile = new Turnstile();
  const db = new Kysely<Tables>({
    dialect: embeddedDialect(thread, turnstile),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    log: noteRaised,
  });
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const leave = await turnstile.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }
  const care = new Care((statement) => inTurn(() => send(thread, statement)));
  care.start(logger);
  return {
    engine: "embedded",
    db,
    care,
    queue: {
      executeSql: (text, values) => inTurn(() => executeSql(thread, text, values)),
      async listen(channel, onNotification, onReconnect) {
        const close = await thread.listen(channel, onNotification);
        onReconnect();
        return { close };
      },
    },
    within: (work) => turnstile.mark(work),
    syncs: async () => Number(await thread.ask({ kind: "syncs" })),
    dump: () => inTurn(async () => (await thread.ask({ kind: "dump" })) as Uint8Array),
    async close() {
      care.stop();
      // Whatever is under way comes to its end first.
      const leave = await turnstile.enter();
      try {
        await db.destroy();
      } finally {
        leave();
        await lock.release();
      }
    },
  };
}

async function executeSql(
  thread: StoreThread,
  text: string,
  values: readonly unknown[] | undefined,
): Promise<{ rows: object[] }> {
  if (values?.length) return send(thread, text, values);
  try {
    return await send(thread, text);
  } catch (error) {
    // A script of several statements that failed within its own transaction leaves it open.
    if (!thread.hasEnded) await send(thread, "rollback");
    throw error;
  }
}
