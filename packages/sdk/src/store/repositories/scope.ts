import type { StoreTransaction } from "../transaction.ts";

/** What a repository works on: a transaction, and the organisation that its new rows belong to. */
export interface OrgScope {
  readonly db: StoreTransaction;
  /** The organisation's UUID. */
  readonly orgId: string;
}
