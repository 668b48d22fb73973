import { describe, expect, test } from "vitest";
import {
  type AuditReport,
  EPOCH_ACTION,
  entryText,
  RETENTION_ACTION,
  type SealedRow,
  withoutBody,
} from "../../src/audit/index.ts";
import {
  checkpointOf,
  entry,
  exported,
  headAt,
  ORG,
  recordOf,
  seal,
  signer,
  verifyBytes,
  verifyLines,
} from "./record.ts";

const record = recordOf(30);
const lines = await exported(record);
const keys = [signer.verifierKey];

function found({ problems }: AuditReport): readonly string[] {
  return problems.map(({ kind, seq }) => `${kind} ${seq}`);
}

function replaceLine(seq: number, change: (line: string) => string): string[] {
  return lines.map((line, index) => (index === seq ? change(line) : line));
}

describe("a record as it was sealed", () => {
  test("is intact", async () => {
    expect(await verifyLines(lines)).toEqual({
      isIntact: true,
      org: ORG,
      from: 1,
      to: 30,
      rows: 30,
      removed: 0,
      epoch: 1,
      vouched: 0,
      unsigned: 0,
      vouchedUntil: 0,
      lost: [],
      problems: [],
      problemCount: 0,
    });
  });

  test("may be exported in part", async () => {
    const after = headAt(record, 12);
    const part = await exported({ ...record, rows: record.rows.slice(12) }, { after });
    expect(await verifyLines(part)).toMatchObject({ isIntact: true, from: 13, to: 30, rows: 18 });
  });

  test("may be empty, and may lack its last line break", async () => {
    const empty = await exported(seal([]));
    expect(await verifyLines(empty)).toMatchObject({ isIntact: true, rows: 0 });
    const bytes = Buffer.from(lines.join("")).subarray(0, -1);
    expect((await verifyBytes(bytes)).isIntact).toBe(true);
  });

  test("can be checked with nothing but sha256 of hash and text", () => {
    const [first, second] = record.rows as readonly [SealedRow, SealedRow];
    expect(second.prevHash).toBe(first.hash);
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("what was done to it is named by its place", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      "a changed text",
      replaceLine(7, (line) => line.replace("gold/vm:6", "gold/vm:5")),
      ["changed 7"],
    ],
    [
      "a changed hash",
      replaceLine(7, (line) => line.replace(/"hash":"./, '"hash":"x')),
      ["changed 7"],
    ],
    [
      "a changed previous hash",
      replaceLine(7, (line) => line.replace(/"prevHash":"./, '"prevHash":"x')),
      ["changed 7"],
    ],
    [
      "a changed number",
      replaceLine(7, (line) => line.replace('"seq":7', '"seq":5')),
      ["changed 7"],
    ],
    [
      "a larger number",
      replaceLine(7, (line) => line.replace('"seq":7', '"seq":700')),
      ["changed 7"],
    ],
    ["a space", replaceLine(7, (line) => line.replace('"seq":7', '"seq": 7')), ["unreadable 7"]],
    [
      "another spelling of the same text",
      replaceLine(7, (line) => line.replace("á", "\\u00e1")),
      ["unreadable 7"],
    ],
    ["garbage", replaceLine(7, () => "garbage\n"), ["unreadable 7"]],
    [
      "two changes",
      replaceLine(7, (line) => line.replace("lleno", "vacío")).with(20, "?\n"),
      ["changed 7", "unreadable 20"],
    ],
    ["a missing entry", lines.toSpliced(7, 1), ["missing 7"]],
    ["the first missing", lines.toSpliced(1, 1), ["missing 1"]],
    ["several missing", lines.toSpliced(7, 5), ["missing 7"]],
    ["two gaps", lines.toSpliced(20, 2).toSpliced(7, 1), ["missing 7", "missing 20"]],
    [
      "two swapped",
      lines.with(7, lines[20] ?? "").with(20, lines[7] ?? ""),
      ["replaced 7", "replaced 20"],
    ],
    [
      "two neighbours swapped",
      lines.with(7, lines[8] ?? "").with(8, lines[7] ?? ""),
      ["added 7", "missing 8"],
    ],
    ["one entry twice", lines.toSpliced(12, 0, lines[7] ?? ""), ["added 12"]],
    ["a line added", lines.toSpliced(12, 0, "{}\n"), ["added 12"]],
    ["the end cut off", lines.slice(0, -4), ["missing 27"]],
    ["a line cut in the middle", [...lines.slice(0, -1), '{"seq":30,'], ["unreadable 30"]],
    ["an entry added at the end", [...lines, lines[7] ?? ""], ["replaced 31", "header 30"]],
  ];
  test.each(cases)("%s", async (_what, damaged, expected) => {
    expect(found(await verifyLines(damaged))).toEqual(expected);
  });

  test("also when it is not text any more", async () => {
    const bytes = Buffer.from(lines.join(""));
    bytes[bytes.indexOf("á")] = 0xff;
    expect(found(await verifyBytes(bytes))).toEqual(["unreadable 1"]);
  });

  test("the first hundred problems are told, all are counted", async () => {
    const long = await exported(recordOf(300));
    const report = await verifyLines(long.map((line) => line.replace("lleno", "vacío")));
    expect(report.problems).toHaveLength(100);
    expect(report.problemCount).toBe(300);
  });
});

describe("checkpoints", () => {
  const checkpoints = [checkpointOf(headAt(record, 10)), checkpointOf(headAt(record, 25))];

  test("vouch for the chain up to their place", async () => {
    const vouched = await exported(record, { checkpoints });
    expect(await verifyLines(vouched, { keys })).toMatchObject({
      isIntact: true,
      vouched: 2,
      vouchedUntil: 25,
      unsigned: 0,
    });
    expect(await verifyLines(vouched)).toMatchObject({ isIntact: true, vouched: 0, unsigned: 2 });
  });

  test("find a chain that was rewritten and holds together", async () => {
    const bodies = record.rows.map(({ body }) => String(body));
    const forged = seal(bodies.with(14, String(bodies[14]).replace("pve2", "pve9")));
    const report = await verifyLines(await exported(forged, { checkpoints }), { keys });
    expect(found(report)).toEqual(["rewritten 25"]);
    expect(report.problems[0]?.message).toContain("from entry 11 to 25");
    expect((await verifyLines(await exported(forged))).isIntact).toBe(true);
  });

  test("find an end that was cut off together with what the first line says", async () => {
    const short = { rows: record.rows.slice(0, 20), head: headAt(record, 20) };
    const cut = await exported(short);
    expect((await verifyLines(cut)).isIntact).toBe(true);
    const report = await verifyLines(cut, { keys, checkpoints });
    expect(found(report)).toEqual(["missing 21"]);
  });

  test("that are forged, or of another organisation, are told", async () => {
    const forged = checkpointOf(headAt(record, 10)).replace("\n10\n", "\n11\n");
    expect(found(await verifyLines(lines, { keys, checkpoints: [forged] }))).toEqual([
      "checkpoint 11",
    ]);
    const foreign = checkpointOf(headAt(record, 10), { org: "org_other" });
    expect(found(await verifyLines(lines, { keys, checkpoints: [foreign] }))).toEqual([
      "checkpoint 10",
    ]);
  });
});

describe("another organisation's record", () => {
  test("does not pass for this one", async () => {
    const renamed = lines.map((line) => line.replace(ORG, ORG.replace("gr", "gs")));
    expect(found(await verifyLines(renamed))[0]).toBe("header 0");
  });
});

describe("retention", () => {
  const removal = (from: number, to: number): string =>
    entryText(entry(90, { action: RETENTION_ACTION, details: { from, to } }));
  const told = seal([...record.rows.map(({ body }) => String(body)), removal(1, 6), removal(7, 9)]);
  const strip = (from: number, to: number): readonly SealedRow[] =>
    told.rows.map((row) => (row.seq >= from && row.seq <= to ? withoutBody(row) : row));

  test("leaves a chain that verifies, and says what it removed", async () => {
    const report = await verifyLines(await exported({ ...told, rows: strip(1, 9) }));
    expect(report).toMatchObject({ isIntact: true, removed: 9 });
  });

  test("that is not written in the record has hidden something", async () => {
    const report = await verifyLines(await exported({ ...told, rows: strip(1, 12) }));
    expect(found(report)).toEqual(["removed 1"]);
    expect(report.problems[0]?.message).toContain("entries 1 to 12");
  });

  test("keeps what it needs to be believed", async () => {
    const all = told.rows.map(withoutBody);
    expect(all.filter(({ body }) => body !== null).map(({ seq }) => seq)).toEqual([31, 32]);
  });

  test("does not hide a hash that was changed", async () => {
    const rows = strip(1, 9).map((row) => (row.seq === 9 ? { ...row, hash: "0".repeat(64) } : row));
    expect(found(await verifyLines(await exported({ ...told, rows })))).toEqual(["changed 9"]);
  });
});

describe("a restore", () => {
  const epoch = entryText(
    entry(90, { action: EPOCH_ACTION, details: { epoch: 2, reason: "disk" } }),
  );
  const kept = record.rows.slice(0, 20);
  const restored = seal([epoch, entryText(entry(91))], headAt(record, 20));
  const whole = { rows: [...kept, ...restored.rows], head: restored.head };

  test("begins an epoch, and the chain goes on", async () => {
    expect(restored.head).toMatchObject({ seq: 22, epoch: 2 });
    expect(await verifyLines(await exported(whole))).toMatchObject({ isIntact: true, epoch: 2 });
  });

  test("is no forgery, and what it lost is told", async () => {
    const checkpoints = [
      checkpointOf(headAt(record, 18)),
      checkpointOf(headAt(record, 21)),
      checkpointOf(headAt(record, 29)),
      checkpointOf(restored.head),
    ];
    const report = await verifyLines(await exported(whole), { keys, checkpoints });
    expect(report).toMatchObject({ isIntact: true, vouched: 2, vouchedUntil: 22 });
    expect(report.lost).toEqual([
      { epoch: 1, from: 21, to: 21 },
      { epoch: 1, from: 21, to: 29 },
    ]);
  });

  test("cannot be undone quietly", async () => {
    const checkpoints = [checkpointOf(restored.head)];
    const report = await verifyLines(lines, { keys, checkpoints });
    expect(found(report)).toEqual(["rewritten 22"]);
  });
});

describe("reading", () => {
  test.each([
    ["", "empty"],
    ["{}\n", "first line"],
    ["text\n", "first line"],
  ])("%j is no export", async (text, word) => {
    const refused = verifyLines([text]);
    await expect(refused).rejects.toMatchObject({ code: "invalid_argument" });
    await expect(refused).rejects.toThrow(word);
  });

  test("stops when it is asked to, and tells how far it is", async () => {
    const rows: number[] = [];
    await verifyLines(lines, { onProgress: (count) => rows.push(count) });
    expect(rows).toEqual([30]);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(verifyLines(lines, { signal })).rejects.toThrow("enough");
  });
});
