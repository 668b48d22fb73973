import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Kappa4Error } from "@kappa4/connectors";
import { lockFolder } from "../../../src/store/embedded/lock.ts";
import { type OpenStoreOptions, openStore, type Store } from "../../../src/store/index.ts";
import { scratchDatabase } from "./scratch-database.ts";

/** A store of its own for one test file, and the options to open it again. */
export interface FreshStore extends AsyncDisposable {
  readonly store: Store;
  readonly options: OpenStoreOptions;
}

/** The address of a superuser: with it the tests run on that server, each file in a database of its own. */
const SERVER = process.env.KAPPA4_TEST_DATABASE;

/** Whether the tests run on a server rather than on the embedded store. */
export const IS_ON_SERVER: boolean = SERVER !== undefined;

/** Opens a store that nobody else has. */
export function freshStore(options: OpenStoreOptions = {}): Promise<FreshStore> {
  return SERVER === undefined ? freshEmbedded(options) : opened(onServer(SERVER), options);
}

/** Opens an embedded store that nobody else has, wherever the other tests run. */
export function freshEmbedded(options: OpenStoreOptions = {}): Promise<FreshStore> {
  return opened(closedFolder(), options);
}

/** A store that is made and not open. */
export interface ClosedStore {
  readonly options: OpenStoreOptions;
  remove(): Promise<void>;
}

/** Makes a store that nobody else has, on that server if one is named, and leaves it closed. */
export async function closedStore(server: string | undefined = SERVER): Promise<ClosedStore> {
  if (server === undefined) return closedFolder();
  const made = await onServer(server);
  await (await openStore(made.options)).close();
  return made;
}

async function opened(making: Promise<ClosedStore>, more: OpenStoreOptions): Promise<FreshStore> {
  const made = await making;
  const options = { ...more, ...made.options };
  const store = await openStore(options);
  return {
    store,
    options,
    async [Symbol.asyncDispose]() {
      await store.close();
      await made.remove();
    },
  };
}

async function onServer(server: string): Promise<ClosedStore> {
  await tellOf(process.env.KAPPA4_TEST_STORES);
  const { url, ownerUrl, drop } = await scratchDatabase(server);
  return { options: { url, ownerUrl }, remove: drop };
}

/** Writes into a file, where one is named, which suite has a store on the server: nobody need take that on trust. */
async function tellOf(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const { expect } = await import("vitest");
  appendFileSync(file, `${expect.getState().testPath}\n`);
}

/** Makes an embedded store that nobody else has, wherever the other tests run, and leaves it closed. */
export async function closedFolder(): Promise<ClosedStore> {
  const path = mkdtempSync(join(tmpdir(), "kappa4-store-"));
  cpSync(await storeTemplate(), path, { recursive: true });
  return {
    options: { path },
    remove: async () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The folder of a store right after it was made, to be copied; test files that start together wait for who makes it. */
async function storeTemplate(): Promise<string> {
  const path = join(tmpdir(), `kappa4-store-template-${fingerprint()}`);
  while (!existsSync(path)) {
    try {
      const lock = await lockFolder(`${path}.lock`, new Date());
      if (!existsSync(path)) await makeTemplate(path);
      await lock.release();
    } catch (error) {
      if (!Kappa4Error.is(error, "conflict")) throw error;
      await setTimeout(100);
    }
  }
  return path;
}

async function makeTemplate(path: string): Promise<void> {
  const making = mkdtempSync(`${path}-`);
  const store = await openStore({ path: making });
  await store.close();
  renameSync(making, path);
}

/** Changes with the database's own version and with everything that makes the tables. */
function fingerprint(): string {
  const hash = createHash("sha256");
  hash.update(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
  const folder = new URL("../../../src/store/", import.meta.url);
  const migrations = readdirSync(new URL("migrations/", folder)).map(
    (file) => `migrations/${file}`,
  );
  for (const file of [
    "roles.ts",
    "queue-schema.ts",
    "embedded/durable-fs.ts",
    ...migrations.sort(),
  ]) {
    hash.update(readFileSync(new URL(file, folder)));
  }
  return hash.digest("hex").slice(0, 16);
}
