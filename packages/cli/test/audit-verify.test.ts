import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditReport } from "@kappa4/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkpointOf, exported, recordOf, signer } from "../../sdk/test/audit/record.ts";
import { runCli } from "./support/run-cli.ts";

const cwd = mkdtempSync(join(tmpdir(), "kappa4-audit-verify-"));
const record = recordOf(50);

beforeAll(async () => {
  const checkpoint = checkpointOf(record.head);
  const lines = await exported(record, { checkpoints: [checkpoint] });
  const cut = await exported({ rows: record.rows.slice(0, 40), head: { ...record.head, seq: 40 } });
  writeFileSync(join(cwd, "audit.jsonl"), lines.join(""));
  writeFileSync(join(cwd, "cut.jsonl"), cut.join(""));
  writeFileSync(join(cwd, "changed.jsonl"), lines.join("").replace("gold/vm:16", "gold/vm:17"));
  writeFileSync(join(cwd, "many.jsonl"), lines.join("").replaceAll("pve1", "pve9"));
  writeFileSync(join(cwd, "audit.pub"), `${signer.verifierKey}\n`);
  writeFileSync(join(cwd, "checkpoint.txt"), checkpoint);
  writeFileSync(join(cwd, "other.txt"), "something else\n");
});
afterAll(() => rmSync(cwd, { recursive: true }));

function verify(...words: readonly string[]): ReturnType<typeof runCli> {
  return runCli(["audit", "verify", ...words], { cwd });
}

test("an intact record, and what is still not proven", async () => {
  const { code, stdout } = await verify("audit.jsonl");
  expect(code).toBe(0);
  expect(stdout).toContain("The record is what was sealed");
  expect(stdout).toContain("50 (1 to 50)");
  expect(stdout.replaceAll("\n", " ")).toContain("give the key of its checkpoints with --key");
});

test("a record that a checkpoint vouches for", async () => {
  const { code, stdout } = await verify("audit.jsonl", "--key", "audit.pub");
  expect(code).toBe(0);
  expect(stdout).toContain("A checkpoint vouches for all of it.");
});

test("a changed record, by the entry", async () => {
  const { code, stdout } = await verify("changed.jsonl");
  expect(code).toBe(3);
  expect(stdout).toContain("1 problem");
  expect(stdout).toContain("Entry 17 is not what was sealed.");
});

test("many problems, as JSON too", async () => {
  const { code, stdout } = await verify("many.jsonl", "--json");
  expect(code).toBe(3);
  const report: AuditReport = JSON.parse(stdout);
  expect(report).toMatchObject({ isIntact: false, problemCount: 50 });
  expect(report.problems[0]).toEqual({
    seq: 1,
    kind: "changed",
    message: "Entry 1 is not what was sealed.",
  });
});

test.each([
  ["nothing", () => ""],
  ["another text", () => "# Kappa4\n"],
  ["one without its signature", (text: string) => text.slice(0, text.indexOf("\u2014"))],
])("a checkpoint that is none is refused: %s", async (_what, of) => {
  const whole = readFileSync(join(cwd, "checkpoint.txt"), "utf8");
  writeFileSync(join(cwd, "none.txt"), of(whole));
  const flags = ["--key", "audit.pub", "--checkpoint", "none.txt"];
  const { code, stderr } = await runCli(["audit", "verify", "audit.jsonl", ...flags], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain("Checkpoint 1 of those that were given is none");
});

test("an end that was cut off, which only a checkpoint kept elsewhere shows", async () => {
  const flags = ["--key", "audit.pub", "--checkpoint", "checkpoint.txt"];
  const { code, stdout } = await verify("cut.jsonl", ...flags);
  expect(code).toBe(3);
  expect(stdout).toContain("those from 41 on are missing at the end");
});

test.each([
  [["none.jsonl"], "none.jsonl does not exist"],
  [["."], "is a folder"],
  [["other.txt"], "This is no exported audit record"],
  [["audit.jsonl", "--key", "none.pub"], "none.pub does not exist"],
  [["audit.jsonl", "--key", "other.txt"], "This is no key to verify with"],
  [[], "missing; give the path of an exported record"],
])("%j is told before anything is said of a record", async (words, message) => {
  const { code, stdout, stderr } = await verify(...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("Ctrl-C says nothing of the record", async () => {
  const { code, stdout, stderr } = await runCli(["audit", "verify", "audit.jsonl"], {
    cwd,
    onListen: (interrupt) => interrupt(),
  });
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  expect(stderr).toContain("nothing is known of the record");
});
