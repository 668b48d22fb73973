import type { Id } from "../ids.ts";
import type { Store } from "../store/index.ts";
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
 * them has a chain, the others pass it by. Returns how many entries were sealed.
 */
export async function sealStore(
  store: Store,
  { now, batch = BATCH, signal }: SealStoreOptions,
): Promise<number> {
  let total = 0;
  for (const org of await store.platform((tx) => tx.auditSeals.waiting())) {
    total += await sealOrg(store, org, { now, batch, signal });
  }
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

/**
 * Signs a checkpoint of every chain that has grown since its last one, unless that is younger than asked, and returns the notes: to be kept where whoever
 * owns the database cannot reach them.
 */
export async function checkpointStore(
  store: Pick<Store, "platform">,
  signer: NoteSigner,
  at: Date,
  leastAgeMs: number = 0,
): Promise<readonly string[]> {
  return store.platform(async ({ auditSeals }) => {
    const notes: string[] = [];
    for (const { org, ...head } of await auditSeals.heads()) {
      // Whoever comes second finds the first one's checkpoint when it has the lock, or makes none.
      if (!(await auditSeals.lock(org))) continue;
      const last = await auditSeals.lastCheckpoint(org);
      if (last !== undefined && last.seq >= head.seq) continue;
      if (last !== undefined && at.getTime() - last.at.getTime() < leastAgeMs) continue;
      const note = signCheckpoint({ ...head, org, at }, signer);
      const { seq, hash } = head;
      await auditSeals.addCheckpoint(org, { seq, hash, at, keyId: signer.keyId, note });
      notes.push(note);
    }
    return notes;
  });
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
