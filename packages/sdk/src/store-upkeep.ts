import { systemClock } from "./clock.ts";
import { newId } from "./ids.ts";
import type { CheckReport, Copied, OpenStoreOptions } from "./store/index.ts";

// The store and its libraries are loaded by the first call that needs them.

/** Tells whether a store was made already, without opening it; a PostgreSQL that is named counts as one. */
export async function hasStore(options: OpenStoreOptions = {}): Promise<boolean> {
  const { isStoreThere } = await import("./store/is-there.ts");
  return isStoreThere(options);
}

/** Looks for holes in the walls between the organisations of a store, in its catalogue and by trying; leaves no row behind. Throws `not_found` where there is no store. */
export async function checkStore(options?: OpenStoreOptions): Promise<CheckReport> {
  const store = await import("./store/index.ts");
  return store.checkStore(options);
}

/**
 * Brings a store up to date, after making it where there is none, and returns the names of the migrations that were
 * applied. Throws `conflict` when another process has it, `permission` when the login may not.
 */
export async function migrateStore(options?: OpenStoreOptions): Promise<readonly string[]> {
  const store = await import("./store/index.ts");
  return store.migrateStore(options);
}

/**
 * Writes a whole store, as it is at one moment, into a file that only its owner can read, reads it back, and returns
 * how many rows there are of each table. A store on a server can be in use meanwhile. Throws `not_found` where there is
 * no store.
 */
export async function backUpStore(file: string, options?: OpenStoreOptions): Promise<Copied> {
  const store = await import("./store/index.ts");
  return store.backUpStore(file, options);
}

/** Options of {@link restoreStore}. */
export interface RestoreStoreOptions extends OpenStoreOptions {
  /** Why; goes on record in every audit. Default: that it was restored, and from when. */
  readonly reason?: string | undefined;
}

/**
 * Fills an empty store from a backup and compares every row. Every sealed audit begins a new epoch with an entry that
 * says why. Of runs that were not over when the backup was made nothing more is begun. Throws `failed_precondition` when the store is not empty, `not_found` and `protocol` when the file is not
 * there or not whole; nothing is restored then.
 */
export async function restoreStore(
  file: string,
  options: RestoreStoreOptions = {},
): Promise<Copied> {
  const { clock = systemClock } = options;
  const [store, audit] = await Promise.all([
    import("./store/index.ts"),
    import("./audit/index.ts"),
  ]);
  return store.restoreStore(file, options, ({ org, seq, epoch, savedAt }) => {
    const id = newId("aud", clock.now());
    const at = new Date(clock.now());
    const { reason = `Restored from a backup of ${savedAt.toISOString()}.` } = options;
    const body = audit.entryText({
      id,
      org,
      at,
      action: audit.EPOCH_ACTION,
      actor: { kind: "local", via: "terminal" },
      targets: [org],
      decision: "allowed",
      result: "succeeded",
      reason,
      details: { epoch: epoch + 1, reason, after: seq },
    });
    return { id, at, body };
  });
}

/**
 * Copies a whole store into an empty one and compares every row; the source stays as it is. Throws
 * `not_found` where there is no store to copy, `failed_precondition` when the target is not empty or runs are not over,
 * which both stores would carry out; nothing is kept of the copy then.
 */
export async function moveStore(from: OpenStoreOptions, to: OpenStoreOptions): Promise<Copied> {
  const store = await import("./store/index.ts");
  return store.moveStore(from, to);
}
