import { exportRecord } from "./export.ts";
import { search } from "./search.ts";
import { verify } from "./verify.ts";

export type { AuditEntryView, SearchAuditInput } from "./search.ts";
export type { VerifyRecordInput } from "./verify.ts";

/** The record of who did what. */
export interface AuditActions {
  /** Searches the record of who did what, and who was refused, the newest first. */
  readonly search: typeof search;
  /**
   * Writes out the record as lines that anybody can verify without a database, and counts what cannot be sealed yet as
   * `waiting`; that it was written out is on record too.
   */
  readonly export: typeof exportRecord;
  /** Checks that the record in the store is whole: nothing changed, nothing missing, nothing added. */
  readonly verify: typeof verify;
}

/** The actions of `kappa4.audit`. */
export const audit: AuditActions = { search, export: exportRecord, verify };
