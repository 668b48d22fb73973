import { type ChainHead, readMark, type SealedRow } from "./chain.ts";

/** What an export says of itself in its first line. */
export interface ExportHeader {
  readonly org: string;
  /** The head before the first row of the export. */
  readonly after: ChainHead;
  /** The head at its last row. */
  readonly until: ChainHead;
  /** Signed checkpoints that vouch for rows of it. */
  readonly checkpoints: readonly string[];
}

const FORMAT = "kappa4-audit-1";

/**
 * Writes an export as JSON Lines: what it is, then every row in its place. It can be verified years later, without
 * any database.
 */
export async function* exportAudit(
  header: ExportHeader,
  rows: AsyncIterable<SealedRow>,
): AsyncGenerator<string, void, undefined> {
  yield headerLine(header);
  for await (const row of rows) yield `${rowLine(row)}\n`;
}

/**
 * Removes the body of a row, as retention does: its hash stays, so that what follows can still be verified. What an entry
 * says of the chain itself stays too, or nobody could tell what was removed by right.
 */
export function withoutBody(row: SealedRow): SealedRow {
  const isMark = row.body !== null && readMark(row.body) !== undefined;
  return isMark ? row : { ...row, body: null };
}

/** Writes the first line of an export. */
function headerLine({ org, after, until, checkpoints }: ExportHeader): string {
  const heads = { after: headOf(after), until: headOf(until) };
  return `${JSON.stringify({ format: FORMAT, org, ...heads, checkpoints })}\n`;
}

/** Writes the line of a row, without its break. */
function rowLine({ seq, prevHash, hash, body }: SealedRow): string {
  return JSON.stringify({ seq, prevHash, hash, body });
}

/** Reads the first line of an export; undefined when it is none. */
export function readHeader(line: string): ExportHeader | undefined {
  const { format, org, after, until, checkpoints } = parsed(line);
  if (format !== FORMAT || typeof org !== "string" || !Array.isArray(checkpoints)) return undefined;
  if (!isHead(after) || !isHead(until)) return undefined;
  return { org, after, until, checkpoints: checkpoints.map(String) };
}

/** Reads the line of a row; undefined unless it is written exactly as an export writes it. */
export function readRow(line: string): SealedRow | undefined {
  const { seq, prevHash, hash, body } = parsed(line);
  const isWhole =
    typeof seq === "number" &&
    typeof prevHash === "string" &&
    typeof hash === "string" &&
    (typeof body === "string" || body === null);
  if (!isWhole) return undefined;
  const row = { seq, prevHash, hash, body };
  return rowLine(row) === line ? row : undefined;
}

function headOf({ seq, hash, epoch }: ChainHead): ChainHead {
  return { seq, hash, epoch };
}

function isHead(value: unknown): value is ChainHead {
  const { seq, hash, epoch } = Object(value);
  return Number.isSafeInteger(seq) && typeof hash === "string" && Number.isSafeInteger(epoch);
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}
