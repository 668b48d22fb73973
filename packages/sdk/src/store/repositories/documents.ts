import { Kappa4Error } from "@kappa4/connectors";
import type { Selectable } from "kysely";
import type { Tables } from "../tables.ts";
import type { OrgScope } from "./scope.ts";

/** One revision of a document: configuration, a policy, preferences, a switch. */
export interface StoredDocument {
  /** `org`, or the id of what it belongs to. */
  readonly scope: string;
  readonly key: string;
  /** 1 for the first. */
  readonly revision: number;
  readonly value: unknown;
  readonly note: string | null;
  readonly by: string;
  readonly at: Date;
}

/** A document before it has a revision. */
export interface NewDocument extends Omit<StoredDocument, "revision" | "note"> {
  readonly note?: string | undefined;
  /** The revision that it was made from, 0 for none: another writer in between is a `conflict`. Default: whichever is the last. */
  readonly after?: number | undefined;
}

/** The documents of an organisation, with their history. */
export interface Documents {
  /** Adds a revision and returns its number. Throws `conflict`. */
  put(document: NewDocument): Promise<number>;
  /** The last revision, or the one that is asked for. */
  find(scope: string, key: string, revision?: number): Promise<StoredDocument | undefined>;
  /** Newest first. */
  history(scope: string, key: string, limit?: number): Promise<readonly StoredDocument[]>;
}

const HISTORY = 100;

/** Makes the repository of a transaction. */
export function documents({ db, orgId }: OrgScope): Documents {
  const of = (scope: string, key: string) =>
    db
      .selectFrom("documents")
      .selectAll()
      .where("orgId", "=", orgId)
      .where("scope", "=", scope)
      .where("key", "=", key)
      .orderBy("revision", "desc");
  return {
    async put({ after, value, note, ...document }) {
      const last = await of(document.scope, document.key).limit(1).executeTakeFirst();
      const before = last?.revision ?? 0;
      const revision = before + 1;
      const row = {
        ...document,
        orgId,
        revision,
        note: note ?? null,
        value: JSON.stringify(value),
      };
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto("documents")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if ((after ?? before) === before && numInsertedOrUpdatedRows > 0n) return revision;
      throw new Kappa4Error(
        "conflict",
        `Somebody else has changed ${document.key} in the meantime; read it again before changing it.`,
      );
    },
    async find(scope, key, revision) {
      const all = of(scope, key);
      const one = revision === undefined ? all : all.where("revision", "=", revision);
      const row = await one.limit(1).executeTakeFirst();
      return row === undefined ? undefined : toDocument(row);
    },
    async history(scope, key, limit = HISTORY) {
      return (await of(scope, key).limit(limit).execute()).map(toDocument);
    },
  };
}

function toDocument({ orgId: _, ...row }: Selectable<Tables["documents"]>): StoredDocument {
  return row;
}
