import {
  type AuditEntry,
  type AuditReport,
  type ChainHead,
  type Checkpoint,
  chainStart,
  createNoteSigner,
  type ExportHeader,
  entryText,
  exportAudit,
  type NoteSigner,
  newAuditKey,
  type SealedRow,
  sealRows,
  signCheckpoint,
  type VerifyAuditOptions,
  verifyAudit,
} from "../../src/audit/index.ts";
import { type Id, newId } from "../../src/ids.ts";
import type { Dice } from "../balancing/dice.ts";

export const ORG = "org_01kan4v0s7e8btf8x0000002gr" as Id<"org">;
export const START = Date.UTC(2026, 10, 21, 12);
export const signer: NoteSigner = createNoteSigner("kappa4.test", newAuditKey());

/** An entry as the pipeline writes them. */
export function entry(index: number, change: Partial<AuditEntry> = {}): AuditEntry {
  const at = new Date(START + index * 1000);
  return {
    id: newId("aud", at.getTime(), () => 0.5),
    org: ORG,
    at,
    action: "rebalance.apply",
    actor: { kind: "person", id: `usr_${index}`, via: "slack" },
    targets: ["gold/vm:100", `gold/vm:${index}`],
    decision: "allowed",
    result: "succeeded",
    reason: "El nodo está lleno — ¿y mañana?",
    planHash: "9f2c11ab".repeat(8),
    details: { moves: index, from: "pve1", to: "pve2" },
    ...change,
  };
}

/** A sealed record of some entries. */
export interface Record {
  readonly rows: readonly SealedRow[];
  readonly head: ChainHead;
}

/** Seals entries after a head. */
export function seal(bodies: readonly string[], after: ChainHead = chainStart(ORG)): Record {
  const { head, sealed } = sealRows(
    after,
    bodies.map((body, key) => ({ key, body })),
  );
  return {
    head,
    rows: sealed.map(({ seq, prevHash, hash, body }) => ({ seq, prevHash, hash, body })),
  };
}

/** A record of so many entries. */
export function recordOf(count: number): Record {
  return seal(Array.from({ length: count }, (_, index) => entryText(entry(index))));
}

/** A signed checkpoint of a head. */
export function checkpointOf(head: ChainHead, change: Partial<Checkpoint> = {}): string {
  return signCheckpoint({ org: ORG, at: new Date(START), ...head, ...change }, signer);
}

/** The head that a record had at a row. */
export function headAt({ rows }: Record, seq: number, epoch = 1): ChainHead {
  const row = rows.find((one) => one.seq === seq);
  if (row === undefined) throw new Error(`there is no entry ${seq}`);
  return { seq, hash: row.hash, epoch };
}

/** The lines of an export, with their breaks. */
export async function exported(
  { rows, head }: Record,
  change: Partial<ExportHeader> = {},
): Promise<string[]> {
  const header = { org: ORG, after: chainStart(ORG), until: head, checkpoints: [], ...change };
  const lines: string[] = [];
  for await (const line of exportAudit(header, each(rows))) lines.push(line);
  return lines;
}

/** Verifies lines. */
export function verifyLines(
  lines: readonly string[],
  options: VerifyAuditOptions = {},
): Promise<AuditReport> {
  return verifyBytes(Buffer.from(lines.join("")), options);
}

/** Verifies bytes, in pieces that end anywhere. */
export function verifyBytes(
  bytes: Uint8Array,
  options: VerifyAuditOptions = {},
  dice?: Dice,
): Promise<AuditReport> {
  return verifyAudit(pieces(bytes, dice), options);
}

async function* each<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}

async function* pieces(bytes: Uint8Array, dice: Dice | undefined): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; ) {
    const end = start + (dice?.whole(1, 50_000) ?? bytes.length);
    yield bytes.subarray(start, end);
    start = end;
  }
}
