/** One thing that is wrong with a chain, and where. */
export interface AuditProblem {
  /** The place in the chain: of the entry itself, or of the first of several. */
  readonly seq: number;
  /**
   * `changed`: the entry is not what was sealed. `unreadable`: its line is no entry. `missing`: it, or they, are gone.
   * `replaced`: another entry stands in its place. `added`: a line before it belongs elsewhere, or nowhere.
   * `removed`: its text is gone and no retention says so. `rewritten`: the chain holds together and is not the one
   * that a checkpoint vouches for. `checkpoint`: a checkpoint itself is not what it says. `header`: the first line does
   * not fit.
   */
  readonly kind:
    | "changed"
    | "unreadable"
    | "missing"
    | "replaced"
    | "added"
    | "removed"
    | "rewritten"
    | "checkpoint"
    | "header";
  /** One sentence. */
  readonly message: string;
}

/** Entries that a restored backup did not have, known from a checkpoint that is older than the restore. */
export interface LostEntries {
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
}

/** What a verification found. */
export interface AuditReport {
  readonly isIntact: boolean;
  readonly org: string;
  /** Place of the first entry that was looked at, and of the last. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** How many of them have lost their text to retention. */
  readonly removed: number;
  /** The epoch that the chain ends in; above 1 when the store was ever restored. */
  readonly epoch: number;
  /** How many checkpoints were signed by a given key and vouch for the chain. */
  readonly vouched: number;
  /** How many checkpoints were left aside, because no key was given that signed them. */
  readonly unsigned: number;
  /** The last place that a checkpoint vouches for; 0 when none does. What follows could have been rewritten. */
  readonly vouchedUntil: number;
  readonly lost: readonly LostEntries[];
  /** The first hundred. */
  readonly problems: readonly AuditProblem[];
  readonly problemCount: number;
}
