import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onPlatform } from "../../../src/store/transaction.ts";
import { IS_ON_SERVER } from "../support/fresh-store.ts";
import { HOLES, ROLE_HOLES } from "./holes.ts";
import { missed, openPlanting, type Planting } from "./planting.ts";

let planting: Planting;
beforeAll(async () => {
  planting = await openPlanting();
});
afterAll(() => planting.close());

describe("the walls between organisations", () => {
  it("hold: nothing is found over every table and every verb", async () => {
    const report = await planting.check();
    expect(report.findings).toEqual([]);
    expect(report.tables).toBeGreaterThanOrEqual(18);
    expect(report.attempts).toBeGreaterThan(360);
  });

  it("are left as they were by the attempts", async () => {
    const rows = await onPlatform(planting.database, ({ db }) =>
      db
        .selectFrom("orgs")
        .select("slug")
        .unionAll(db.selectFrom("users").select("email as slug"))
        .execute(),
    );
    expect(rows).toEqual([{ slug: "default" }]);
  });
});

describe("a hole is found", () => {
  // Roles are the whole server's: they are weakened only where nobody else has them.
  const holes = IS_ON_SERVER ? HOLES : [...HOLES, ...ROLE_HOLES];
  it.each(holes)("$name", async (hole) => {
    expect(missed(hole, await planting.check([hole]))).toEqual([]);
  });

  it("and gone when it is mended", async () => {
    expect((await planting.check()).findings).toEqual([]);
  });
});
