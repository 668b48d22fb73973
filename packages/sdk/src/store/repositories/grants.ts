import type { Selectable } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import type { OrgScope } from "./scope.ts";

/** A role given to somebody, as stored. */
export interface StoredGrant {
  readonly id: Id<"grt">;
  readonly principalKind: "user" | "group" | "token" | "agent";
  /** The id of the person, token or agent; the name of the group. */
  readonly principal: string;
  /** The key of a built-in role, or of a role of the organisation. */
  readonly role: string;
  /** `org`, or the id of what it is limited to. */
  readonly scope: string;
  readonly expiresAt: Date | null;
  readonly source: "manual" | "group-sync" | "invitation" | "bootstrap";
  /** Who gave it. */
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** The grants of an organisation. */
export interface Grants {
  insert(grant: StoredGrant): Promise<void>;
  /** Takes the place of the same role of the same principal on the same scope, where there is one. */
  put(grant: StoredGrant): Promise<void>;
  find(id: Id<"grt">): Promise<StoredGrant | undefined>;
  /** All of them, or those of one principal, by age; expired ones too. */
  list(of?: Pick<StoredGrant, "principalKind" | "principal">): Promise<readonly StoredGrant[]>;
  /** Tells whether there was one. */
  delete(id: Id<"grt">): Promise<boolean>;
}

/** Makes the repository of a transaction. */
export function grants({ db, orgId }: OrgScope): Grants {
  const all = db.selectFrom("grants").selectAll().where("orgId", "=", orgId);
  return {
    async insert(grant) {
      await db
        .insertInto("grants")
        .values({ ...grant, orgId, id: toUuid(grant.id) })
        .execute();
    },
    async put(grant) {
      const row = { ...grant, id: toUuid(grant.id) };
      const { id, expiresAt, source, createdBy, createdAt } = row;
      await db
        .insertInto("grants")
        .values({ ...row, orgId })
        .onConflict((conflict) =>
          conflict
            .columns(["orgId", "principalKind", "principal", "role", "scope"])
            .doUpdateSet({ id, expiresAt, source, createdBy, createdAt }),
        )
        .execute();
    },
    async find(id) {
      const row = await all.where("id", "=", toUuid(id)).executeTakeFirst();
      return row === undefined ? undefined : toGrant(row);
    },
    async list(of) {
      const some =
        of === undefined
          ? all
          : all.where("principalKind", "=", of.principalKind).where("principal", "=", of.principal);
      return (await some.orderBy("id").execute()).map(toGrant);
    },
    async delete(id) {
      const { numDeletedRows } = await db
        .deleteFrom("grants")
        .where("orgId", "=", orgId)
        .where("id", "=", toUuid(id))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

function toGrant({ orgId: _, ...row }: Selectable<Tables["grants"]>): StoredGrant {
  return { ...row, id: fromUuid("grt", row.id) };
}
