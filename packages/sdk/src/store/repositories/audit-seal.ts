import { sql } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { StoreTransaction } from "../transaction.ts";
import { HORIZON, holdersBefore } from "./horizon.ts";

/** The end of an organisation's chain. */
export interface StoredAuditHead {
  readonly seq: number;
  readonly hash: string;
  readonly epoch: number;
}

/** A signed checkpoint of a chain. */
export interface StoredCheckpoint {
  readonly seq: number;
  readonly hash: string;
  readonly at: Date;
  readonly keyId: string;
  /** The whole note: what was signed, and the signature below it. */
  readonly note: string;
}

/** An entry that has no place in the chain yet. */
export interface UnsealedEntry {
  readonly key: Id<"aud">;
  readonly body: string;
}

/** An entry's place in the chain. */
export interface SealedPlace {
  readonly key: Id<"aud">;
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
}

/** Entries that something in the database keeps from being sealed. */
export interface HeldUpEntries {
  readonly entries: number;
  /** When the first of them was written. */
  readonly since: Date;
  /** Whatever was under way before that and still is, in words. */
  readonly holders: readonly string[];
}

/** What sealing the audit takes; across organisations, so it is the platform's. */
export interface AuditSeals {
  /** Organisations that have entries without a place. */
  waiting(): Promise<readonly Id<"org">[]>;
  /** Makes the chain of an organisation this transaction's own; false when another one has it. */
  lock(org: Id<"org">): Promise<boolean>;
  head(org: Id<"org">): Promise<StoredAuditHead | undefined>;
  /** Every head. */
  heads(): Promise<readonly (StoredAuditHead & { readonly org: Id<"org"> })[]>;
  /**
   * Entries without a place, oldest first, as far as nothing can still come before them: an entry of a transaction that
   * is under way would be overtaken.
   */
  unsealed(org: Id<"org">, limit: number): Promise<readonly UnsealedEntry[]>;
  /** What was written before an instant and cannot be sealed; undefined where nothing in the database keeps it from that. */
  heldUp(before: Date): Promise<HeldUpEntries | undefined>;
  /** Gives entries their places and moves the head. The chain must be locked. */
  seal(
    org: Id<"org">,
    places: readonly SealedPlace[],
    head: StoredAuditHead,
    now: Date,
  ): Promise<void>;
  lastCheckpoint(org: Id<"org">): Promise<StoredCheckpoint | undefined>;
  addCheckpoint(org: Id<"org">, checkpoint: StoredCheckpoint): Promise<void>;
}

/** Makes the repository of a platform transaction. */
export function auditSeals(db: StoreTransaction): AuditSeals {
  return {
    async waiting() {
      const rows = await db
        .selectFrom("orgs")
        .select("id")
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom("audit")
              .select("audit.id")
              .whereRef("audit.orgId", "=", "orgs.id")
              .where("audit.seq", "is", null),
          ),
        )
        .orderBy("id")
        .execute();
      return rows.map(({ id }) => fromUuid("org", id));
    },
    async lock(org) {
      const name = `kappa4.audit ${org}`;
      const { rows } = await sql<{ isMine: boolean }>`
        select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as is_mine`.execute(db);
      return rows[0]?.isMine === true;
    },
    async head(org) {
      return db
        .selectFrom("auditHeads")
        .select(["seq", "hash", "epoch"])
        .where("orgId", "=", toUuid(org))
        .executeTakeFirst();
    },
    async heads() {
      const rows = await db
        .selectFrom("auditHeads")
        .select(["orgId", "seq", "hash", "epoch"])
        .orderBy("orgId")
        .execute();
      return rows.map(({ orgId, ...head }) => ({ ...head, org: fromUuid("org", orgId) }));
    },
    async unsealed(org, limit) {
      const rows = await db
        .selectFrom("audit")
        .select(["id", "body"])
        .where("orgId", "=", toUuid(org))
        .where("seq", "is", null)
        .where(sql<boolean>`xid < ${HORIZON}`)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(({ id, body }) => ({ key: fromUuid("aud", id), body }));
    },
    async heldUp(before) {
      const { entries, since, xid } = await db
        .selectFrom("audit")
        .select(({ fn }) => [
          fn.countAll<number>().as("entries"),
          fn.min("at").as("since"),
          fn.min("xid").as("xid"),
        ])
        .where("seq", "is", null)
        .where("at", "<", before)
        .where(sql<boolean>`xid >= ${HORIZON}`)
        .executeTakeFirstOrThrow();
      const holders = entries === 0 ? [] : await holdersBefore(db, xid);
      return holders.length === 0 ? undefined : { entries, since, holders };
    },
    async seal(org, places, head, now) {
      const orgId = toUuid(org);
      await sql`
        update audit set seq = place.seq, prev_hash = place.prev_hash, hash = place.hash
        from unnest(
          ${places.map(({ key }) => toUuid(key))}::uuid[], ${places.map(({ seq }) => seq)}::bigint[],
          ${places.map(({ prevHash }) => prevHash)}::text[], ${places.map(({ hash }) => hash)}::text[]
        ) as place (id, seq, prev_hash, hash)
        where audit.org_id = ${orgId} and audit.id = place.id`.execute(db);
      const moved = { ...head, updatedAt: now };
      await db
        .insertInto("auditHeads")
        .values({ ...moved, orgId })
        .onConflict((conflict) => conflict.column("orgId").doUpdateSet(moved))
        .execute();
    },
    async lastCheckpoint(org) {
      const row = await db
        .selectFrom("auditCheckpoints")
        .selectAll()
        .where("orgId", "=", toUuid(org))
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst();
      return row && toCheckpoint(row);
    },
    async addCheckpoint(org, { note, ...checkpoint }) {
      await db
        .insertInto("auditCheckpoints")
        .values({ ...checkpoint, orgId: toUuid(org), signature: note })
        .execute();
    },
  };
}

/** Reads a row of the checkpoints. */
export function toCheckpoint(
  row: Omit<StoredCheckpoint, "note"> & { readonly signature: string },
): StoredCheckpoint {
  const { seq, hash, at, keyId, signature } = row;
  return { seq, hash, at, keyId, note: signature };
}
