import { type Selectable, sql } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import { type StoredAuditHead, type StoredCheckpoint, toCheckpoint } from "./audit-seal.ts";
import type { OrgScope } from "./scope.ts";

/** An audit entry as it is written: the canonical text is what will be hashed. */
export interface NewAuditEntry {
  readonly id: Id<"aud">;
  readonly at: Date;
  /** Canonical JSON. */
  readonly body: string;
}

/** An audit entry as stored. */
export interface StoredAuditEntry extends NewAuditEntry {
  /** Its place in the chain; null until it is sealed. */
  readonly seq: number | null;
  readonly prevHash: string | null;
  readonly hash: string | null;
}

/** Which entries are asked for. */
export interface AuditFilter {
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** Fields of the entry that must have these values, for example `{ action: "rebalance.apply" }`. */
  readonly having?: Readonly<Record<string, unknown>> | undefined;
  /** Older than this entry. */
  readonly before?: Id<"aud"> | undefined;
  /** Default 100, at most 500. */
  readonly limit?: number | undefined;
}

/** The audit of an organisation: entries are added and read, never changed. */
export interface AuditEntries {
  append(entry: NewAuditEntry): Promise<void>;
  /** Newest first. */
  list(filter?: AuditFilter): Promise<readonly StoredAuditEntry[]>;
  /** Sealed entries from a place in the chain on, in its order. Default limit 1000. */
  sealed(fromSeq: number, limit?: number): Promise<readonly StoredAuditEntry[]>;
  /** How many entries are not among those up to a place in the chain: sealed behind it, or not sealed yet. */
  countBeyond(seq: number): Promise<number>;
  /** The end of the chain; undefined while nothing is sealed. */
  head(): Promise<StoredAuditHead | undefined>;
  /** In the order of the chain. */
  checkpoints(): Promise<readonly StoredCheckpoint[]>;
}

const PAGE = 100;
const LARGEST_PAGE = 500;

/** Makes the repository of a transaction. */
export function auditEntries({ db, orgId }: OrgScope): AuditEntries {
  const all = db.selectFrom("audit").selectAll().where("orgId", "=", orgId);
  return {
    async append(entry) {
      await db
        .insertInto("audit")
        .values({ ...entry, orgId, id: toUuid(entry.id) })
        .execute();
    },
    async list({ from, to, having, before, limit = PAGE } = {}) {
      const older = before === undefined ? null : toUuid(before);
      if (having !== undefined) {
        // An index on fields is used by a search of its own, never below a policy.
        const { rows } = await sql<Selectable<Tables["audit"]>>`
          select * from search_audit(${JSON.stringify(having)}::jsonb, ${from ?? null}::timestamptz,
            ${to ?? null}::timestamptz, ${older}::uuid, ${limit}::integer)`.execute(db);
        return rows.map(toEntry);
      }
      let some = all;
      if (from !== undefined) some = some.where("at", ">=", from);
      if (to !== undefined) some = some.where("at", "<", to);
      if (older !== null) some = some.where("id", "<", older);
      const rows = await some.orderBy("id", "desc").limit(Math.min(limit, LARGEST_PAGE)).execute();
      return rows.map(toEntry);
    },
    async sealed(fromSeq, limit = 1000) {
      const rows = await all.where("seq", ">=", fromSeq).orderBy("seq").limit(limit).execute();
      return rows.map(toEntry);
    },
    async countBeyond(seq) {
      const { count } = await db
        .selectFrom("audit")
        .select((of) => of.fn.countAll<number>().as("count"))
        .where("orgId", "=", orgId)
        .where((of) => of.or([of("seq", "is", null), of("seq", ">", seq)]))
        .executeTakeFirstOrThrow();
      return count;
    },
    head: () =>
      db
        .selectFrom("auditHeads")
        .select(["seq", "hash", "epoch"])
        .where("orgId", "=", orgId)
        .executeTakeFirst(),
    async checkpoints() {
      const made = db.selectFrom("auditCheckpoints").selectAll().where("orgId", "=", orgId);
      return (await made.orderBy("seq").execute()).map(toCheckpoint);
    },
  };
}

function toEntry(row: Selectable<Tables["audit"]>): StoredAuditEntry {
  const { id, at, body, seq, prevHash, hash } = row;
  return { id: fromUuid("aud", id), at, body, seq, prevHash, hash };
}
