import { type Selectable, sql } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import type { StoreTransaction } from "../transaction.ts";

/** An organisation, as it is stored. */
export interface StoredOrg {
  readonly id: Id<"org">;
  readonly name: string;
  /** Its name in addresses, unique in the store. */
  readonly slug: string;
  readonly status: "active" | "suspended" | "closing" | "deleted";
  readonly kind: "standard" | "guest";
  /** What it may have at most, by key; what is not named has no limit. */
  readonly quotas: Readonly<Record<string, number>>;
  readonly createdAt: Date;
}

/** An organisation to be, without limits. */
export type NewOrg = Omit<StoredOrg, "quotas">;

/** The organisations of the store. */
export interface Orgs {
  insert(org: NewOrg): Promise<void>;
  /** Does nothing where there is one of that slug; another process may have made it in this moment. */
  insertIfNew(org: NewOrg): Promise<void>;
  find(id: Id<"org">): Promise<StoredOrg | undefined>;
  findBySlug(slug: string): Promise<StoredOrg | undefined>;
  /** All of them, by age. */
  list(): Promise<readonly StoredOrg[]>;
  setStatus(id: Id<"org">, status: StoredOrg["status"]): Promise<void>;
  /** Limits one thing, or with null no longer; two at once both count. */
  setQuota(id: Id<"org">, key: string, limit: number | null): Promise<void>;
}

/** Makes the repository of a platform transaction. */
export function orgs(db: StoreTransaction): Orgs {
  const all = db.selectFrom("orgs").selectAll();
  const inserting = (org: NewOrg) => db.insertInto("orgs").values({ ...org, id: toUuid(org.id) });
  return {
    async insert(org) {
      await inserting(org).execute();
    },
    async insertIfNew(org) {
      await inserting(org)
        .onConflict((conflict) => conflict.column("slug").doNothing())
        .execute();
    },
    async find(id) {
      return read(await all.where("id", "=", toUuid(id)).executeTakeFirst());
    },
    async findBySlug(slug) {
      return read(await all.where("slug", "=", slug).executeTakeFirst());
    },
    async list() {
      return (await all.orderBy("id").execute()).map(toOrg);
    },
    async setStatus(id, status) {
      await db.updateTable("orgs").set({ status }).where("id", "=", toUuid(id)).execute();
    },
    async setQuota(id, key, limit) {
      const quotas =
        limit === null
          ? sql<string>`quotas - ${key}::text`
          : sql<string>`quotas || jsonb_build_object(${key}::text, ${limit}::integer)`;
      await db.updateTable("orgs").set({ quotas }).where("id", "=", toUuid(id)).execute();
    },
  };
}

function read(row: Selectable<Tables["orgs"]> | undefined): StoredOrg | undefined {
  return row === undefined ? undefined : toOrg(row);
}

function toOrg(row: Selectable<Tables["orgs"]>): StoredOrg {
  const limits = Object.entries(Object(row.quotas)).filter(([, limit]) => Number.isInteger(limit));
  const quotas = Object.fromEntries(limits.map(([key, limit]) => [key, Number(limit)]));
  return { ...row, id: fromUuid("org", row.id), quotas };
}
