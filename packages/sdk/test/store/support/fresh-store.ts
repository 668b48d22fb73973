import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenStoreOptions, openStore, type Store } from "../../../src/store/index.ts";
import { MIGRATIONS } from "../../../src/store/migrations/index.ts";

/** A store of its own for one test file, and the folder that it lies in. */
export interface FreshStore extends AsyncDisposable {
  readonly store: Store;
  readonly path: string;
}

/** Opens an embedded store that nobody else has, copied from one that is made once per machine and set of migrations. */
export async function freshStore(options: OpenStoreOptions = {}): Promise<FreshStore> {
  const path = mkdtempSync(join(tmpdir(), "kappa4-store-"));
  cpSync(await template(), path, { recursive: true });
  const store = await openStore({ ...options, path });
  return {
    store,
    path,
    async [Symbol.asyncDispose]() {
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

async function template(): Promise<string> {
  const path = join(tmpdir(), `kappa4-store-template-${fingerprint()}`);
  if (existsSync(path)) return path;
  const making = mkdtempSync(`${path}-`);
  const store = await openStore({ path: making });
  await store.close();
  try {
    renameSync(making, path);
  } catch {
    // Another test file was faster; its template is as good.
    rmSync(making, { recursive: true, force: true });
  }
  return path;
}

/** Changes with the database's own version and with everything that makes the tables. */
function fingerprint(): string {
  const hash = createHash("sha256");
  hash.update(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
  const folder = new URL("../../../src/store/", import.meta.url);
  const files = ["roles.ts", "migrations/org-table.ts", "migrations/0001-tables.ts"];
  for (const file of [
    ...files,
    ...Object.keys(MIGRATIONS).map((name) => `migrations/${name}.ts`),
  ]) {
    hash.update(readFileSync(new URL(file, folder)));
  }
  return hash.digest("hex").slice(0, 16);
}
