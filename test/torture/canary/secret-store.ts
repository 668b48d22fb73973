import { randomBytes } from "node:crypto";
import type { OpenStoreOptions } from "../../../packages/sdk/src/store/index.ts";
import { openDatabase } from "../../../packages/sdk/src/store/open.ts";
import {
  type ClosedStore,
  closedStore,
} from "../../../packages/sdk/test/store/support/fresh-store.ts";

/** A store whose login has a password that is a canary, where it has a login. */
export interface SecretStore extends ClosedStore {
  /** The same as a login that sees every row. */
  readonly whole: OpenStoreOptions;
}

/** Makes a store, on that server if one is named by the address of its superuser, and leaves it closed. */
export async function secretStore(
  server: string | undefined,
  password: string,
): Promise<SecretStore> {
  const made = await closedStore(server);
  const { url, ownerUrl } = made.options;
  if (server === undefined || url === undefined) return { ...made, whole: made.options };
  const login = `kappa4_canary_${randomBytes(6).toString("hex")}`;
  await asSuperuser(server, `create role ${login} login noinherit password '${password}'`);
  const address = Object.assign(new URL(url), { username: login, password });
  const whole = Object.assign(new URL(server), { pathname: address.pathname });
  return {
    options: { url: address.href, ownerUrl },
    whole: { url: whole.href },
    async remove() {
      await made.remove();
      await asSuperuser(server, `drop role ${login}`);
    },
  };
}

async function asSuperuser(url: string, statement: string): Promise<void> {
  const database = await openDatabase({ url });
  try {
    await database.queue.executeSql(statement);
  } finally {
    await database.close();
  }
}
