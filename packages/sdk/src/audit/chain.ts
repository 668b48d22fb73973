import { sha256 } from "./sha256.ts";

/** The last entry of an organisation's chain. */
export interface ChainHead {
  /** Place in the chain, from 1; 0 before the first entry. */
  readonly seq: number;
  readonly hash: string;
  /** Rises when the store was restored from a backup; from 1. */
  readonly epoch: number;
}

/** An entry in its place in the chain. */
export interface SealedRow {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
  /** The entry's canonical text; null once retention has removed it. */
  readonly body: string | null;
}

/** An entry that waits for its place. */
export interface UnsealedRow<Key> {
  /** By what its writer knows it. */
  readonly key: Key;
  readonly body: string;
}

/** Where the chain of an organisation begins: no chain can pass for that of another. */
export function chainStart(org: string): ChainHead {
  return { seq: 0, hash: sha256(`kappa4 audit ${org}`), epoch: 1 };
}

/** The hash of an entry: SHA-256 of the previous hash, as 64 digits, followed by the text. */
export function chainHash(prevHash: string, body: string): string {
  return sha256(prevHash + body);
}

/** Gives entries their places after the head of a chain, in the order given. */
export function sealRows<Key>(
  head: ChainHead,
  rows: readonly UnsealedRow<Key>[],
): { readonly head: ChainHead; readonly sealed: readonly (SealedRow & { readonly key: Key })[] } {
  let { seq, hash, epoch } = head;
  const sealed = rows.map(({ key, body }) => {
    const prevHash = hash;
    seq += 1;
    hash = chainHash(prevHash, body);
    epoch = epochOf(body) ?? epoch;
    return { key, seq, prevHash, hash, body };
  });
  return { head: { seq, hash, epoch }, sealed };
}

/** What an entry says of the chain itself. */
export interface ChainMark {
  /** A new epoch begins with this entry. */
  readonly epoch?: number | undefined;
  /** Bodies from one place to another were removed by retention. */
  readonly removed?: { readonly from: number; readonly to: number } | undefined;
  readonly reason?: string | undefined;
}

/** The action of the entry that begins a new epoch, with `{ epoch, reason }` as details. */
export const EPOCH_ACTION = "audit.epoch";
/** The action of the entry that records what retention removed, with `{ from, to }` as details. */
export const RETENTION_ACTION = "audit.retention";

const MARKED = [EPOCH_ACTION, RETENTION_ACTION].map((action) => `"action":"${action}"`);

/** Reads what an entry says of the chain itself; most say nothing. */
export function readMark(body: string): ChainMark | undefined {
  if (!MARKED.some((mark) => body.includes(mark))) return undefined;
  const { action, details } = parsed(body);
  if (typeof details !== "object" || details === null) return undefined;
  const { epoch, from, to, reason } = details as Readonly<Record<string, unknown>>;
  const why = typeof reason === "string" ? reason : undefined;
  if (action === EPOCH_ACTION && isPlace(epoch)) return { epoch, reason: why };
  if (action !== RETENTION_ACTION || !isPlace(from) || !isPlace(to)) return undefined;
  return { removed: { from, to }, reason: why };
}

function epochOf(body: string): number | undefined {
  return readMark(body)?.epoch;
}

function parsed(body: string): { readonly action?: unknown; readonly details?: unknown } {
  try {
    return Object(JSON.parse(body));
  } catch {
    // A body that is no JSON was not written by us; its hash tells.
    return {};
  }
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
