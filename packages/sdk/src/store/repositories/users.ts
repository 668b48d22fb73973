import type { Selectable } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import type { OrgScope } from "./scope.ts";

/** A person of an organisation, as stored. */
export interface StoredUser {
  readonly id: Id<"usr">;
  /** Lower case; unique in the organisation. */
  readonly email: string;
  readonly name: string;
  readonly status: "active" | "disabled";
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What of a person can change. */
export type UserChange = Partial<Pick<StoredUser, "email" | "name" | "status">>;

/** The people of an organisation. */
export interface Users {
  insert(user: StoredUser): Promise<void>;
  find(id: Id<"usr">): Promise<StoredUser | undefined>;
  findByEmail(email: string): Promise<StoredUser | undefined>;
  /** All of them, by age. */
  list(): Promise<readonly StoredUser[]>;
  /** Tells whether there was such a person. */
  update(id: Id<"usr">, change: UserChange, at: Date): Promise<boolean>;
}

/** Makes the repository of a transaction. */
export function users({ db, orgId }: OrgScope): Users {
  const all = db.selectFrom("users").selectAll().where("orgId", "=", orgId);
  return {
    async insert(user) {
      await db
        .insertInto("users")
        .values({ ...user, orgId, id: toUuid(user.id) })
        .execute();
    },
    async find(id) {
      return read(await all.where("id", "=", toUuid(id)).executeTakeFirst());
    },
    async findByEmail(email) {
      return read(await all.where("email", "=", email.toLowerCase()).executeTakeFirst());
    },
    async list() {
      return (await all.orderBy("id").execute()).map(toUser);
    },
    async update(id, change, at) {
      const { numUpdatedRows } = await db
        .updateTable("users")
        .set({ ...change, updatedAt: at })
        .where("orgId", "=", orgId)
        .where("id", "=", toUuid(id))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

function read(row: Selectable<Tables["users"]> | undefined): StoredUser | undefined {
  return row === undefined ? undefined : toUser(row);
}

function toUser({ orgId: _, ...row }: Selectable<Tables["users"]>): StoredUser {
  return { ...row, id: fromUuid("usr", row.id) };
}
