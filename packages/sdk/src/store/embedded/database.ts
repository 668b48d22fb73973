import { existsSync } from "node:fs";
import { join } from "node:path";
import { CamelCasePlugin, Kysely } from "kysely";
import type { Database } from "../engine.ts";
import type { Tables } from "../tables.ts";
import { embeddedDialect, send } from "./dialect.ts";
import { lockFolder } from "./lock.ts";
import { StoreThread } from "./thread.ts";
import { Turnstile } from "./turnstile.ts";

/** The folder of the database within the store's folder, beside the lock. */
const DATA = "data";

/** Opens the embedded database in a folder, for this process alone. Throws `conflict` when another one has it. */
export async function openEmbedded(
  folder: string,
  now: Date,
  onProgress?: ((sentence: string) => void) | undefined,
): Promise<Database> {
  const lock = await lockFolder(folder, now);
  if (!existsSync(join(folder, DATA, "PG_VERSION"))) {
    onProgress?.(`Making a new store in ${folder}; this takes some seconds, once.`);
  }
  try {
    const thread = await StoreThread.start({ folder: join(folder, DATA) });
    const turnstile = new Turnstile();
    const db = new Kysely<Tables>({
      dialect: embeddedDialect(thread, turnstile),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    });
    return {
      engine: "embedded",
      db,
      queue: {
        async executeSql(text, values) {
          const leave = await turnstile.enter();
          try {
            return await send(thread, text, values?.length ? values : undefined);
          } catch (error) {
            // A script of several statements that failed within its own transaction leaves it open.
            if (!values?.length) await send(thread, "rollback");
            throw error;
          } finally {
            leave();
          }
        },
        async listen(channel, onNotification, onReconnect) {
          const close = await thread.listen(channel, onNotification);
          onReconnect();
          return { close };
        },
      },
      within: (work) => turnstile.mark(work),
      syncs: async () => Number(await thread.ask({ kind: "syncs" })),
      async close() {
        try {
          await db.destroy();
        } finally {
          await lock.release();
        }
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
