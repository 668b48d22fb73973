import { sql } from "kysely";
import { type CheckReport, checkDatabase } from "../../../src/store/check/index.ts";
import type { Database } from "../../../src/store/engine.ts";
import { openDatabase } from "../../../src/store/open.ts";
import { type ClosedStore, closedStore } from "../support/fresh-store.ts";
import type { Hole } from "./holes.ts";

/** A store whose walls can be broken, as only its owner can. */
export interface Planting {
  readonly database: Database;
  /** Whether it is on a server, whose roles others use too. */
  readonly isOnServer: boolean;
  /** Makes the holes, checks, and mends them again. */
  check(holes?: readonly Hole[]): Promise<CheckReport>;
  close(): Promise<void>;
}

/** Makes a store, on that server if one is named. */
export async function openPlanting(server?: string): Promise<Planting> {
  const closed: ClosedStore = await closedStore(server);
  const { ownerUrl } = closed.options;
  const database = await openDatabase(closed.options);
  const owner = ownerUrl === undefined ? database : await openDatabase({ url: ownerUrl });
  async function run(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(owner.db);
  }
  return {
    database,
    isOnServer: ownerUrl !== undefined,
    async check(holes = []) {
      const made: Hole[] = [];
      try {
        for (const hole of holes) {
          await run(hole.make);
          made.unshift(hole);
        }
        return await checkDatabase(database);
      } finally {
        for (const hole of made) await run(hole.mend);
      }
    },
    async close() {
      await database.close();
      if (owner !== database) await owner.close();
      await closed.remove();
    },
  };
}

/** Which of what a hole must show was not found. */
export function missed({ found }: Hole, { findings }: CheckReport): readonly string[] {
  const seen = new Set(findings.map(({ rule, object }) => `${rule} ${object}`));
  return found.filter((one) => !seen.has(one));
}
