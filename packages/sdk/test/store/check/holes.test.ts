import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckReport, checkDatabase } from "../../../src/store/check/index.ts";
import type { Database } from "../../../src/store/engine.ts";
import { openDatabase } from "../../../src/store/open.ts";
import { type ClosedStore, closedStore, IS_ON_SERVER } from "../support/fresh-store.ts";
import { HOLES, type Hole, ROLE_HOLES } from "./holes.ts";

let closed: ClosedStore;
let database: Database;
let owner: Database;
beforeAll(async () => {
  closed = await closedStore();
  database = await openDatabase(closed.options);
  const { ownerUrl } = closed.options;
  owner = ownerUrl === undefined ? database : await openDatabase({ url: ownerUrl });
});
afterAll(async () => {
  await database.close();
  if (owner !== database) await owner.close();
  await closed.remove();
});

async function run(statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(owner.db);
}

async function holed({ make, mend }: Hole): Promise<CheckReport> {
  await run(make);
  try {
    return await checkDatabase(database);
  } finally {
    await run(mend);
  }
}

describe("the walls between organisations", () => {
  it("hold: nothing is found over every table and every verb", async () => {
    const report = await checkDatabase(database);
    expect(report.findings).toEqual([]);
    expect(report.tables).toBeGreaterThan(18);
    expect(report.attempts).toBeGreaterThan(380);
  });

  it("leave nothing behind of the attempts", async () => {
    const { rows } = await sql<{
      count: number;
    }>`select count(*) as count from kappa4.orgs`.execute(owner.db);
    expect(rows[0]?.count).toBeLessThan(2);
  });
});

describe("a hole is found", () => {
  // Roles are the whole server's: they are weakened only where nobody else has them.
  const holes = IS_ON_SERVER ? HOLES : [...HOLES, ...ROLE_HOLES];
  it.each(holes)("$name", async (hole) => {
    const { findings } = await holed(hole);
    const found = findings.map(({ rule, object }) => `${rule} ${object}`);
    expect(found).toEqual(expect.arrayContaining([...hole.found]));
  });

  it("and gone when it is mended", async () => {
    expect((await checkDatabase(database)).findings).toEqual([]);
  });
});
