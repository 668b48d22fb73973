import { sql } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { OrgScope } from "./scope.ts";

/** Who may change a cluster right now. */
export interface StoredLease {
  readonly cluster: string;
  /** Rises with each holder: what an earlier one writes is refused. */
  readonly fence: number;
  readonly runId: Id<"run">;
  /** The process, for people. */
  readonly holder: string;
  readonly expiresAt: Date;
}

/** The leases of an organisation: one run per cluster at a time. Times are those of the database, so no clock matters. */
export interface Leases {
  /** Takes the lease for a run if it is free or has run out. Returns the fence, or who holds it instead. */
  take(
    cluster: string,
    run: Id<"run">,
    holder: string,
    ttlMs: number,
  ): Promise<{ readonly fence: number } | { readonly heldBy: StoredLease }>;
  /** Keeps it for another while; false when it is lost. */
  renew(cluster: string, fence: number, ttlMs: number): Promise<boolean>;
  /** Tells whether the fence still is the last one, and keeps it so until the transaction ends. */
  hold(cluster: string, fence: number): Promise<boolean>;
  /** Gives it back; the fence stays for the next one to rise from. */
  release(cluster: string, fence: number): Promise<void>;
  find(cluster: string): Promise<StoredLease | undefined>;
  /** Ends every lease: for the embedded store, where a new process means that the one before it is gone. */
  clear(): Promise<void>;
}

const free = { runId: null, holder: null, expiresAt: null };

/** Makes the repository of a transaction. */
export function leases({ db, orgId }: OrgScope): Leases {
  const until = (ttlMs: number) =>
    sql<Date>`clock_timestamp() + make_interval(secs => ${ttlMs / 1000})`;
  const alive = sql<boolean>`leases.expires_at > clock_timestamp()`;

  async function find(cluster: string): Promise<StoredLease | undefined> {
    const row = await db
      .selectFrom("leases")
      .selectAll()
      .where("orgId", "=", orgId)
      .where("cluster", "=", cluster)
      .where(alive)
      .executeTakeFirst();
    if (row === undefined || row.runId === null || row.expiresAt === null) return undefined;
    const { fence, expiresAt } = row;
    return {
      cluster,
      fence: Number(fence),
      runId: fromUuid("run", row.runId),
      holder: row.holder ?? "",
      expiresAt,
    };
  }

  return {
    find,
    async take(cluster, run, holder, ttlMs) {
      const runId = toUuid(run);
      const values = { orgId, cluster, fence: 1, runId, holder, expiresAt: until(ttlMs) };
      const taken = await db
        .insertInto("leases")
        .values(values)
        .onConflict((conflict) =>
          conflict
            .columns(["orgId", "cluster"])
            .doUpdateSet({
              fence: sql`leases.fence + 1`,
              runId,
              holder,
              expiresAt: until(ttlMs),
            })
            .where((row) => row.or([row("leases.runId", "is", null), row.not(alive)])),
        )
        .returning("fence")
        .executeTakeFirst();
      if (taken !== undefined) return { fence: Number(taken.fence) };
      const heldBy = await find(cluster);
      // It ran out in this moment: whoever asks again gets it.
      return heldBy === undefined ? this.take(cluster, run, holder, ttlMs) : { heldBy };
    },
    async renew(cluster, fence, ttlMs) {
      const { numUpdatedRows } = await db
        .updateTable("leases")
        .set({ expiresAt: until(ttlMs) })
        .where("orgId", "=", orgId)
        .where("cluster", "=", cluster)
        .where("fence", "=", fence)
        .where(alive)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async hold(cluster, fence) {
      const row = await db
        .selectFrom("leases")
        .select("fence")
        .where("orgId", "=", orgId)
        .where("cluster", "=", cluster)
        .where("fence", "=", fence)
        .where(alive)
        .forShare()
        .executeTakeFirst();
      return row !== undefined;
    },
    async clear() {
      await db.updateTable("leases").set(free).where("orgId", "=", orgId).execute();
    },
    async release(cluster, fence) {
      await db
        .updateTable("leases")
        .set(free)
        .where("orgId", "=", orgId)
        .where("cluster", "=", cluster)
        .where("fence", "=", fence)
        .execute();
    },
  };
}
