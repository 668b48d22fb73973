import type { Selectable } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import type { OrgScope } from "./scope.ts";

/** A role of an organisation's own, as stored. */
export interface StoredRole {
  readonly id: Id<"rol">;
  /** As typed and stored in grants; unique in the organisation. */
  readonly key: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What of a role can change. */
export type RoleChange = Pick<StoredRole, "name" | "permissions" | "updatedAt">;

/** The roles that an organisation has made for itself. */
export interface Roles {
  insert(role: StoredRole): Promise<void>;
  findByKey(key: string): Promise<StoredRole | undefined>;
  /** All of them, by age. */
  list(): Promise<readonly StoredRole[]>;
  update(id: Id<"rol">, change: RoleChange): Promise<void>;
  /** Tells whether there was one. */
  delete(id: Id<"rol">): Promise<boolean>;
}

/** Makes the repository of a transaction. */
export function roles({ db, orgId }: OrgScope): Roles {
  const all = db.selectFrom("roles").selectAll().where("orgId", "=", orgId);
  return {
    async insert({ id, permissions, ...role }) {
      await db
        .insertInto("roles")
        .values({ ...role, orgId, id: toUuid(id), permissions: JSON.stringify(permissions) })
        .execute();
    },
    async findByKey(key) {
      const row = await all.where("key", "=", key).executeTakeFirst();
      return row === undefined ? undefined : toRole(row);
    },
    async list() {
      return (await all.orderBy("id").execute()).map(toRole);
    },
    async update(id, { permissions, ...change }) {
      await db
        .updateTable("roles")
        .set({ ...change, permissions: JSON.stringify(permissions) })
        .where("orgId", "=", orgId)
        .where("id", "=", toUuid(id))
        .execute();
    },
    async delete(id) {
      const { numDeletedRows } = await db
        .deleteFrom("roles")
        .where("orgId", "=", orgId)
        .where("id", "=", toUuid(id))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

function toRole({ orgId: _, ...row }: Selectable<Tables["roles"]>): StoredRole {
  const permissions = Array.isArray(row.permissions) ? row.permissions.map(String) : [];
  return { ...row, id: fromUuid("rol", row.id), permissions };
}
