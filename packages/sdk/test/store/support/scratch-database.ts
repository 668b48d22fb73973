import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** An empty database of a real server, with a login that owns it and one that does not. */
export interface ScratchDatabase {
  readonly url: string;
  readonly ownerUrl: string;
  drop(): Promise<void>;
}

const OWNER = "kappa4_test_owner";
const LOGIN = "kappa4_test_login";

/** Makes a database; the address is that of a superuser, who makes the two logins where they are missing. */
export async function scratchDatabase(superUrl: string): Promise<ScratchDatabase> {
  const name = `kappa4_test_${randomBytes(6).toString("hex")}`;
  await asSuperuser(superUrl, async (client) => {
    await client.query("select pg_advisory_lock(4)");
    await makeLogin(client, OWNER, "createrole");
    await makeLogin(client, LOGIN, "noinherit");
    await client.query(`create database ${name} owner ${OWNER}`);
  });
  const address = (user: string): string => {
    const url = new URL(superUrl);
    Object.assign(url, { username: user, password: user, pathname: `/${name}` });
    return url.href;
  };
  return {
    url: address(LOGIN),
    ownerUrl: address(OWNER),
    drop: () =>
      asSuperuser(superUrl, (client) => client.query(`drop database ${name} with (force)`)),
  };
}

async function makeLogin(client: Client, name: string, attribute: string): Promise<void> {
  const { rowCount } = await client.query("select from pg_roles where rolname = $1", [name]);
  if (rowCount === 0) {
    await client.query(`create role ${name} login ${attribute} password '${name}'`);
  }
}

async function asSuperuser(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
