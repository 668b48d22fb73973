import type { Id } from "../ids.ts";
import type { PlatformTransaction, Store } from "../store/index.ts";
import { tryEach } from "../try-each.ts";
import { chainStart, sealRows } from "./chain.ts";
import { signCheckpoint } from "./checkpoint.ts";
import type { NoteSigner } from "./note.ts";

/** Few enough that who else writes to an embedded store does not notice. */
const BATCH = 1_000;

/** Options of {@link sealStore}. */
export interface SealStoreOptions {
  readonly now: Date;
  /** How many entries one transaction seals. Default 1,000. */
  readonly batch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Seals what was written since the last time, in every organisation. Any number of processes may do it at once: one of
 * them has a chain, the others pass it by. Returns how many entries were sealed. Throws at the end what failed for one.
 */
export async function sealStore(
  store: Store,
  options: Omit<SealStoreOptions, "signal">,
): Promise<number> {
  let total = 0;
  await tryEach(await store.platform((tx) => tx.auditSeals.waiting()), async (org) => {
    total += await sealOrg(store, org, options);
  });
  return total;
}

/** Seals what was written since the last time in one organisation. Returns how many entries were sealed. */
export async function sealOrg(
  store: Pick<Store, "platform">,
  org: Id<"org">,
  { now, batch = BATCH, signal }: SealStoreOptions,
): Promise<number> {
  let total = 0;
  for (let count = batch; count === batch; total += count) {
    signal?.throwIfAborted();
    count = await sealBatch(store, org, batch, now);
  }
  return total;
}

/** Options of {@link checkpointStore}. */
export interface CheckpointStoreOptions {
  /** No new one where the last is younger. Default 0. */
  readonly leastAgeMs?: number | undefined;
  /** Is told each note as soon as it is kept. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/**
 * Signs a checkpoint of every chain that has grown since its last one, each in a transaction of its own, and returns the
 * notes: to be kept where whoever owns the database cannot reach them. Throws at the end what failed for one.
 */
export async function checkpointStore(
  store: Pick<Store, "platform">,
  signer: NoteSigner,
  at: Date,
  { leastAgeMs = 0, onNote = () => {} }: CheckpointStoreOptions = {},
): Promise<readonly string[]> {
  const notes: string[] = [];
  await tryEach(await store.platform((tx) => tx.auditSeals.heads()), async ({ org }) => {
    const note = await store.platform((tx) => checkpoint(tx, org, signer, { at, leastAgeMs }));
    if (note === undefined) return;
    notes.push(note);
    onNote(note);
  });
  return notes;
}

async function checkpoint(
  { auditSeals }: PlatformTransaction,
  org: Id<"org">,
  signer: NoteSigner,
  { at, leastAgeMs }: { readonly at: Date; readonly leastAgeMs: number },
): Promise<string | undefined> {
  // Whoever comes second finds the first one's checkpoint when it has the lock, or makes none.
  if (!(await auditSeals.lock(org))) return undefined;
  const head = await auditSeals.head(org);
  const last = await auditSeals.lastCheckpoint(org);
  if (head === undefined || (last !== undefined && last.seq >= head.seq)) return undefined;
  if (last !== undefined && at.getTime() - last.at.getTime() < leastAgeMs) return undefined;
  const note = signCheckpoint({ ...head, org, at }, signer);
  const { seq, hash } = head;
  await auditSeals.addCheckpoint(org, { seq, hash, at, keyId: signer.keyId, note });
  return note;
}

function sealBatch(
  store: Pick<Store, "platform">,
  org: Id<"org">,
  batch: number,
  now: Date,
): Promise<number> {
  return store.platform(async ({ auditSeals }) => {
    if (!(await auditSeals.lock(org))) return 0;
    const rows = await auditSeals.unsealed(org, batch);
    if (rows.length === 0) return 0;
    const { head, sealed } = sealRows((await auditSeals.head(org)) ?? chainStart(org), rows);
    await auditSeals.seal(org, sealed, head, now);
    return rows.length;
  });
}
