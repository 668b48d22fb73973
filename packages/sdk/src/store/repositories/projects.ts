import type { Selectable } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import type { OrgScope } from "./scope.ts";

/** A project of an organisation, as stored. */
export interface StoredProject {
  readonly id: Id<"prj">;
  /** Unique in the organisation. */
  readonly name: string;
  readonly status: "active" | "archived";
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The projects of an organisation. */
export interface Projects {
  /** Tells whether its name was free. */
  insert(project: StoredProject): Promise<boolean>;
  find(id: Id<"prj">): Promise<StoredProject | undefined>;
  findByName(name: string): Promise<StoredProject | undefined>;
  /** All of them, by age. */
  list(): Promise<readonly StoredProject[]>;
  /** Tells whether there was one. */
  delete(id: Id<"prj">): Promise<boolean>;
}

/** Makes the repository of a transaction. */
export function projects({ db, orgId }: OrgScope): Projects {
  const all = db.selectFrom("projects").selectAll().where("orgId", "=", orgId);
  return {
    async insert(project) {
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto("projects")
        .values({ ...project, orgId, id: toUuid(project.id) })
        .onConflict((conflict) => conflict.columns(["orgId", "name"]).doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },
    async find(id) {
      return read(await all.where("id", "=", toUuid(id)).executeTakeFirst());
    },
    async findByName(name) {
      return read(await all.where("name", "=", name).executeTakeFirst());
    },
    async list() {
      return (await all.orderBy("id").execute()).map(toProject);
    },
    async delete(id) {
      const { numDeletedRows } = await db
        .deleteFrom("projects")
        .where("orgId", "=", orgId)
        .where("id", "=", toUuid(id))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

function read(row: Selectable<Tables["projects"]> | undefined): StoredProject | undefined {
  return row === undefined ? undefined : toProject(row);
}

function toProject({ orgId: _, ...row }: Selectable<Tables["projects"]>): StoredProject {
  return { ...row, id: fromUuid("prj", row.id) };
}
