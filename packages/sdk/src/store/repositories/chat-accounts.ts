import type { Selectable } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import type { OrgScope } from "./scope.ts";

/** Where a person writes from. */
export interface ChatAddress {
  /** For example `slack`. */
  readonly platform: string;
  /** The workspace or server, as the platform names it. */
  readonly workspace: string;
  /** The account in it, as the platform names it. */
  readonly account: string;
}

/** A chat account that is known to be a person's. */
export interface StoredChatAccount extends ChatAddress {
  readonly userId: Id<"usr">;
  /** How that became known. */
  readonly method: string;
  readonly linkedAt: Date;
}

/** The links between the people of an organisation and their chat accounts. */
export interface ChatAccounts {
  /** Links an account, also where it was another person's before. */
  put(link: StoredChatAccount): Promise<void>;
  find(address: ChatAddress): Promise<StoredChatAccount | undefined>;
  list(userId?: Id<"usr">): Promise<readonly StoredChatAccount[]>;
  /** Tells whether there was a link. */
  delete(address: ChatAddress): Promise<boolean>;
}

/** Makes the repository of a transaction. */
export function chatAccounts({ db, orgId }: OrgScope): ChatAccounts {
  const all = db.selectFrom("chatAccounts").selectAll().where("orgId", "=", orgId);
  return {
    async put({ userId, ...link }) {
      const { method, linkedAt } = link;
      const changed = { userId: toUuid(userId), method, linkedAt };
      await db
        .insertInto("chatAccounts")
        .values({ ...link, ...changed, orgId })
        .onConflict((conflict) =>
          conflict.columns(["orgId", "platform", "workspace", "account"]).doUpdateSet(changed),
        )
        .execute();
    },
    async find({ platform, workspace, account }) {
      const row = await all
        .where("platform", "=", platform)
        .where("workspace", "=", workspace)
        .where("account", "=", account)
        .executeTakeFirst();
      return row === undefined ? undefined : toLink(row);
    },
    async list(userId) {
      const some = userId === undefined ? all : all.where("userId", "=", toUuid(userId));
      const rows = await some.orderBy("platform").orderBy("workspace").orderBy("account").execute();
      return rows.map(toLink);
    },
    async delete({ platform, workspace, account }) {
      const { numDeletedRows } = await db
        .deleteFrom("chatAccounts")
        .where("orgId", "=", orgId)
        .where("platform", "=", platform)
        .where("workspace", "=", workspace)
        .where("account", "=", account)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

function toLink({ orgId: _, ...row }: Selectable<Tables["chatAccounts"]>): StoredChatAccount {
  return { ...row, userId: fromUuid("usr", row.userId) };
}
