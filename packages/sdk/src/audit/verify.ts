import { isUtf8 } from "node:buffer";
import { Kappa4Error } from "@kappa4/connectors";
import { type ChainHead, chainStart, readMark, type SealedRow } from "./chain.ts";
import { ChainWalk } from "./chain-walk.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { type ExportHeader, readHeader, readRow } from "./export.ts";
import { linesOf } from "./lines.ts";
import { createNoteVerifier } from "./note.ts";
import { Problems } from "./problems.ts";
import type { AuditReport } from "./report.ts";
import { Witnesses } from "./witnesses.ts";

/** Options of {@link verifyAudit}. */
export interface VerifyAuditOptions {
  /** Keys that checkpoints are checked with, each a line of the form `name+id+key`. Default: none. */
  readonly keys?: readonly string[] | undefined;
  /** Signed checkpoints that were kept elsewhere; they show what a truncated file hides. */
  readonly checkpoints?: readonly string[] | undefined;
  /** Is told how many rows were verified, every now and then. */
  readonly onProgress?: ((rows: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Verifies an exported audit record, offline: every entry is what was sealed, in its place, none is missing, none was
 * added, and the chain is the one that the checkpoints vouch for. Reads the file as a stream and keeps no row. Throws
 * `invalid_argument` for what is no export, no key, or no signed checkpoint.
 *
 * @example
 * const report = await verifyAudit(createReadStream("audit.jsonl"), { keys: [key] });
 * for (const { message } of report.problems) console.log(message);
 */
export async function verifyAudit(
  chunks: AsyncIterable<Uint8Array>,
  options: VerifyAuditOptions = {},
): Promise<AuditReport> {
  let verification: Verification | undefined;
  for await (const lines of linesOf(chunks)) {
    options.signal?.throwIfAborted();
    for (const line of lines) {
      if (verification === undefined) verification = new Verification(headerOf(line), options);
      else verification.take(line);
    }
    options.onProgress?.(verification?.rows ?? 0);
  }
  if (verification === undefined) throw noExport("it is empty");
  return verification.end();
}

interface Range {
  readonly from: number;
  readonly to: number;
}

class Verification {
  readonly #header: ExportHeader;
  readonly #problems = new Problems();
  readonly #witnesses: Witnesses;
  readonly #walk: ChainWalk;
  readonly #retained: Range[] = [];
  readonly #removed: Range[] = [];
  #removedCount = 0;
  #epoch: number;
  #epochBegan = 0;
  #lastHash: string;
  rows = 0;

  constructor(header: ExportHeader, { keys = [], checkpoints = [] }: VerifyAuditOptions) {
    const { org, after } = header;
    const verifiers = keys.map(createNoteVerifier);
    checkpoints.forEach(mustBeCheckpoint);
    const notes = [...header.checkpoints, ...checkpoints];
    this.#header = header;
    this.#epoch = after.epoch;
    this.#lastHash = after.hash;
    this.#witnesses = new Witnesses(org, notes, verifiers, this.#problems);
    this.#walk = new ChainWalk(after, this.#problems, { row: (row, seq) => this.#pass(row, seq) });
    const start = chainStart(org);
    const isStart = after.hash === start.hash && after.epoch === start.epoch;
    if (after.seq < 0 || (after.seq === 0 && !isStart)) {
      this.#problems.add("header", 0, "The first line is not that of this organisation's record.");
    }
    this.#witnesses.ask(after.seq, after.hash, after.epoch, 0);
  }

  take(line: Buffer): void {
    this.#walk.take(isUtf8(line) ? readRow(line.toString()) : undefined);
  }

  end(): AuditReport {
    this.#walk.end();
    const { org, after, until } = this.#header;
    const { last } = this.#walk;
    this.#checkEnd(last, until);
    this.#witnesses.end(last, this.#epoch, this.#epochBegan);
    this.#checkRemoved();
    const { vouched, vouchedUntil, unsigned, lost } = this.#witnesses;
    const { kept: problems, count: problemCount } = this.#problems;
    return {
      isIntact: problemCount === 0,
      org,
      from: after.seq + 1,
      to: last,
      rows: this.rows,
      removed: this.#removedCount,
      epoch: this.#epoch,
      vouched,
      unsigned,
      vouchedUntil,
      lost,
      problems,
      problemCount,
    };
  }

  #pass(row: SealedRow, seq: number): void {
    this.rows += 1;
    this.#lastHash = row.hash;
    if (row.body === null) this.#noteRemoved(seq);
    else this.#readMark(row.body, seq);
    this.#witnesses.ask(seq, row.hash, this.#epoch, this.#epochBegan);
  }

  #readMark(body: string, seq: number): void {
    const mark = readMark(body);
    if (mark?.removed !== undefined) this.#retained.push(mark.removed);
    if (mark?.epoch === undefined) return;
    this.#epoch = mark.epoch;
    this.#epochBegan = seq;
  }

  #noteRemoved(seq: number): void {
    this.#removedCount += 1;
    const { from, to } = this.#removed.at(-1) ?? { from: seq, to: seq };
    if (to === seq - 1) this.#removed.splice(-1, 1, { from, to: seq });
    else this.#removed.push({ from: seq, to: seq });
  }

  /** What retention removed is written in the record itself; anything else was hidden by somebody. */
  #checkRemoved(): void {
    const told = merged(this.#retained);
    for (const { from, to } of this.#removed) {
      if (told.some((range) => range.from <= from && to <= range.to)) continue;
      const which = from === to ? `entry ${from}` : `entries ${from} to ${to}`;
      const message = `The text of ${which} is gone, and no retention says so.`;
      this.#problems.add("removed", from, message);
    }
  }

  #checkEnd(last: number, until: ChainHead): void {
    if (last < until.seq) {
      const message = `The export ends at entry ${last}; it says that it goes to ${until.seq}.`;
      this.#problems.add("missing", last + 1, message);
      return;
    }
    const isEnd = until.hash === this.#lastHash && until.epoch === this.#epoch;
    if (last === until.seq && (isEnd || this.#problems.count > 0)) return;
    const message = `The first line says that the record ends otherwise, at entry ${until.seq}.`;
    this.#problems.add("header", until.seq, message);
  }
}

/** Joins ranges that touch: retention removes a little every day. */
function merged(ranges: readonly Range[]): readonly Range[] {
  const joined: Range[] = [];
  for (const { from, to } of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last === undefined || from > last.to + 1) joined.push({ from, to });
    else joined.splice(-1, 1, { from: last.from, to: Math.max(last.to, to) });
  }
  return joined;
}

function headerOf(line: Buffer): ExportHeader {
  const header = isUtf8(line) ? readHeader(line.toString()) : undefined;
  if (header === undefined) throw noExport("its first line is not that of one, or is damaged");
  return header;
}

function noExport(reason: string): Kappa4Error {
  return new Kappa4Error(
    "invalid_argument",
    `This is no exported audit record: ${reason}. Give a file that kappa4 audit export wrote.`,
  );
}

/** What is none would vouch for nothing, and look as if it did. */
function mustBeCheckpoint(note: string, at: number): void {
  if (readCheckpoint(note) !== undefined && /\n\n— \S+ \S+\n/.test(note)) return;
  throw new Kappa4Error(
    "invalid_argument",
    `Checkpoint ${at + 1} of those that were given is none; give the whole note, as it was logged, from kappa4.audit/ to its signature.`,
  );
}
