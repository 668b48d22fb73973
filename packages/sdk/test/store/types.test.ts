import { type RawBuilder, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FreshStore, freshStore } from "./support/fresh-store.ts";

let fresh: FreshStore;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh[Symbol.asyncDispose]());

async function read(value: RawBuilder<unknown>): Promise<unknown> {
  return fresh.store.platform(async ({ db }) => {
    const { rows } = await sql<{ value: unknown }>`select ${value} as value`.execute(db);
    return rows[0]?.value;
  });
}

describe("a value is read the same from either engine", () => {
  it.each([
    ["a bigint", sql`42::bigint`, 42],
    ["the largest bigint that is a number", sql`9007199254740991::bigint`, 9007199254740991],
    ["a count", sql`(select count(*) from pg_namespace where false)`, 0],
    ["a date", sql`date '2026-03-29'`, "2026-03-29"],
    ["bytes", sql`'\\x00ff10'::bytea`, new Uint8Array([0, 255, 16])],
    ["a numeric", sql`1.10::numeric`, "1.10"],
    ["a real", sql`0.5::float8`, 0.5],
    [
      "a uuid",
      sql`'0199c0de-0000-7000-8000-000000000001'::uuid`,
      "0199c0de-0000-7000-8000-000000000001",
    ],
    ["a transaction's number", sql`'18446744073709551615'::xid8`, "18446744073709551615"],
    ["an interval", sql`interval '1 day 2 hours'`, "1 day 02:00:00"],
    [
      "a time with a zone",
      sql`timestamptz '2026-01-01 12:00:00.123+02'`,
      new Date("2026-01-01T10:00:00.123Z"),
    ],
    ["a jsonb", sql`'{"camelCase": [1, null, "é"]}'::jsonb`, { camelCase: [1, null, "é"] }],
    ["texts", sql`array['a', 'b"c', null, '{}']`, ["a", 'b"c', null, "{}"]],
    ["whole numbers", sql`array[1, 2]`, [1, 2]],
    ["nothing", sql`null::text`, null],
    ["yes", sql`true`, true],
  ] as const)("%s", async (_, value, expected) => {
    expect(await read(value)).toEqual(expected);
  });

  it("and refused where a number would be rounded", async () => {
    await expect(read(sql`9007199254740993::bigint`)).rejects.toThrow("read it as text");
  });
});

describe("a value is written the same to either engine", () => {
  it.each([
    [
      "a time",
      sql`${new Date("2026-01-01T10:00:00.123Z")}::timestamptz`,
      new Date("2026-01-01T10:00:00.123Z"),
    ],
    ["bytes", sql`${new Uint8Array([1, 2, 255])}::bytea`, new Uint8Array([1, 2, 255])],
    ["an object", sql`${{ a: [1] }}::jsonb`, { a: [1] }],
    ["texts", sql`${["a", 'b"\\c', null]}::text[]`, ["a", 'b"\\c', null]],
    [
      "lists of lists",
      sql`${[[1, 2], [3, 4]]}::int[]`,
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["no text", sql`${""}::text`, ""],
    ["a yes", sql`${true}::boolean`, true],
    ["a bigint", sql`${12n}::bigint`, 12],
    ["nothing", sql`${undefined}::text`, null],
  ] as const)("%s", async (_, value, expected) => {
    expect(await read(value)).toEqual(expected);
  });
});
