import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKappa4 } from "@kappa4/sdk";

/** Puts a store that was just made into a directory, where a command would take seconds to make one. */
export async function putStore(directory: string): Promise<void> {
  cpSync(await template(), join(directory, ".kappa4"), { recursive: true });
}

/** Made once per machine, for one version of the tables. */
async function template(): Promise<string> {
  const path = join(tmpdir(), `kappa4-cli-store-${fingerprint()}`);
  if (existsSync(path)) return path;
  const making = mkdtempSync(`${path}-`);
  const auth = { type: "token", token: "a@pve!b=c" };
  const nowhere = { kind: "proxmox", endpoints: ["https://127.0.0.1:1"], auth };
  const kappa4 = await createKappa4({ connections: { nowhere }, store: { path: making } });
  await kappa4.start();
  await kappa4.close();
  try {
    renameSync(making, path);
  } catch {
    // Another test file was faster; its template is as good.
    rmSync(making, { recursive: true, force: true });
  }
  return path;
}

function fingerprint(): string {
  const folder = fileURLToPath(new URL("../../../sdk/src/store/", import.meta.url));
  const hash = createHash("sha256");
  const sources = globSync("**/*.ts", { cwd: folder }).sort();
  for (const file of [...sources, "../../package.json"])
    hash.update(readFileSync(join(folder, file)));
  return hash.digest("hex").slice(0, 16);
}
