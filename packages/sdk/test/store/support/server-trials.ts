import { Kappa4Error } from "@kappa4/connectors";
import { Client } from "pg";
import { migrateStore, openStore } from "../../../src/store/index.ts";
import { seedOrg, user } from "./rows.ts";
import { scratchDatabase } from "./scratch-database.ts";

/** What became of a store whose server cut every connection, as in a restart. */
export async function cutConnections(superUrl: string): Promise<readonly string[]> {
  const { url, ownerUrl, drop } = await scratchDatabase(superUrl);
  const store = await openStore({ url, ownerUrl });
  const heard: string[] = [];
  let again = Promise.withResolvers<void>();
  const listener = await store.queue.listen(
    "trial",
    (payload) => heard.push(payload),
    () => again.resolve(),
  );
  again = Promise.withResolvers();
  const admin = new Client({ connectionString: superUrl });
  await admin.connect();
  const name = new URL(url).pathname.slice(1);
  await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
    name,
  ]);
  await admin.end();
  await again.promise;
  await store.queue.executeSql("select pg_notify('trial', 'heard again')");
  while (heard.length === 0) await store.queue.executeSql("select 1");
  await listener.close();
  await store.close();
  await drop();
  return heard;
}

/** What a program's login can do beside the roles that a transaction takes: nothing. */
export async function besideRoles(superUrl: string): Promise<readonly string[]> {
  const { url, ownerUrl, drop } = await scratchDatabase(superUrl);
  const early = await migrateStore({ url }).then(
    () => "it may make the tables",
    (error: unknown) => (Kappa4Error.is(error) ? error.code : String(error)),
  );
  const store = await openStore({ url, ownerUrl });
  const org = await seedOrg(store, "secret");
  await store.inOrg(org, (tx) => tx.users.insert(user("ada@example.com")));
  const client = new Client({ connectionString: url });
  await client.connect();
  const tried: string[] = [early];
  for (const statement of [
    "select * from kappa4.users",
    "delete from kappa4.users",
    "alter table kappa4.users disable row level security",
    "set role kappa4_search",
    "set role kappa4_test_owner",
    "select kappa4.search_events('x', null, null, null, 1)",
  ]) {
    const result = await client.query(statement).then(
      () => "done",
      (error: { code?: string }) => String(error.code),
    );
    tried.push(result);
  }
  await client.query("begin; set local role kappa4_app; reset role");
  const after = await client.query("select * from kappa4.users").catch((error) => error);
  tried.push(String(after.code ?? after.rowCount));
  await client.end();
  // As long as nothing is behind, a program needs no owner.
  await store.close();
  await (await openStore({ url })).close();
  await drop();
  return tried;
}
