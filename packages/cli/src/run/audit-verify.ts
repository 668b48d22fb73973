import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Block, View } from "@kappa4/bot";
import { type AuditReport, Kappa4Error, verifyAudit } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import type { CommandIo } from "../io.ts";
import { say } from "../say.ts";
import { lookOf, printAnswer } from "./print.ts";
import { readText, unreadable } from "./read-text.ts";

const CHUNK_BYTES = 1 << 20;
/** Milliseconds between two signs of life. */
const PROGRESS_MS = 250;

/** Verifies an exported audit record and says where it is not what was sealed. */
export async function runAuditVerify(input: CommandInput): Promise<number> {
  const { flags, io, positional = "" } = input;
  lookOf(input, io.stdout);
  flags.check();
  const keys = await readAll(flags.list("key"), "--key", io);
  const checkpoints = await readAll(flags.list("checkpoint"), "--checkpoint", io);
  const file = await openFile(positional, io);
  const stop = new AbortController();
  const ignore = io.onInterrupt(() => stop.abort());
  const progress = progressOf(io);
  try {
    const report = await verifyAudit(file.createReadStream({ highWaterMark: CHUNK_BYTES }), {
      keys: keys.flatMap((text) => text.split("\n").filter((line) => line.trim() !== "")),
      checkpoints,
      onProgress: progress.show,
      signal: stop.signal,
    });
    progress.clear();
    printAnswer(input, report, reportView(report));
    return report.isIntact ? EXIT.ok : EXIT.failed;
  } catch (error) {
    progress.clear();
    if (!stop.signal.aborted) {
      throw Kappa4Error.is(error) ? error : unreadable(positional, "FILE", error);
    }
    say(io.stderr, "Stopped before the end: nothing is known of the record.");
    return EXIT.cancelled;
  } finally {
    ignore();
    await file.close();
  }
}

function readAll(
  paths: readonly string[] = [],
  flag: string,
  io: CommandIo,
): Promise<readonly string[]> {
  return Promise.all(paths.map((path) => readText(path, flag, io)));
}

async function openFile(path: string, io: CommandIo): Promise<FileHandle> {
  try {
    return await open(resolve(io.cwd, path));
  } catch (error) {
    throw unreadable(path, "FILE", error);
  }
}

/** Tells a person who waits how far it is; a log has no use for that. */
function progressOf({ stderr, clock }: CommandIo): { show(rows: number): void; clear(): void } {
  let shownAt = clock.now();
  let isShown = false;
  return {
    show(rows) {
      if (stderr.isTTY !== true || clock.now() - shownAt < PROGRESS_MS) return;
      shownAt = clock.now();
      isShown = true;
      stderr.write(`\r${rows} entries verified`);
    },
    clear() {
      if (isShown) stderr.write("\r\u001b[K");
    },
  };
}

function reportView(report: AuditReport): View {
  const { isIntact, org, from, to, rows, problemCount } = report;
  const text = isIntact
    ? "The record is what was sealed: nothing was changed, added, moved or taken out."
    : `The record is not what was sealed: ${problemCount === 1 ? "1 problem" : `${problemCount} problems`}.`;
  const range = rows === 0 ? "none" : `${rows} (${from} to ${to})`;
  return {
    blocks: [
      { kind: "title", text: `Audit record of ${org}` },
      { kind: "text", text, tone: isIntact ? "good" : "bad" },
      { kind: "facts", facts: [{ name: "Entries", value: range }, ...furtherFacts(report)] },
      ...problemBlocks(report),
      { kind: "note", text: protection(report) },
    ],
  };
}

function furtherFacts({
  removed,
  epoch,
  vouched,
  lost,
}: AuditReport): readonly { readonly name: string; readonly value: string }[] {
  return [
    ...(removed > 0 ? [{ name: "Text removed by retention", value: String(removed) }] : []),
    ...(epoch > 1 ? [{ name: "Restores", value: String(epoch - 1) }] : []),
    ...lost.map(({ from, to }) => ({ name: "Lost in a restore", value: `${from} to ${to}` })),
    { name: "Checkpoints", value: String(vouched) },
  ];
}

function problemBlocks({ problems, problemCount }: AuditReport): readonly Block[] {
  if (problems.length === 0) return [];
  const more = problemCount - problems.length;
  return [
    {
      kind: "table",
      caption: "Problems",
      layout: "lines",
      columns: [{ header: "Entry", align: "right" }, { header: "What is wrong" }],
      rows: problems.map(({ seq, message }) => [String(seq), message]),
      rowHeader: 0,
    },
    ...(more > 0 ? [{ kind: "note" as const, text: `And ${more} more.` }] : []),
  ];
}

/** What the chain alone does not prove. */
function protection({ vouchedUntil, to, unsigned }: AuditReport): string {
  if (vouchedUntil >= to && to > 0) return "A checkpoint vouches for all of it.";
  const whole = "Whoever could write to the database could have rewritten";
  const part = vouchedUntil === 0 ? "it as a whole" : `what follows entry ${vouchedUntil}`;
  const advice =
    unsigned > 0 ? "give the key of its checkpoints with --key" : "give a later checkpoint";
  return `${whole} ${part}; to rule that out, ${advice}.`;
}
