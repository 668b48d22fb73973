// Tries what was built the way a user of the published packages gets it: plain Node, no sources, no conditions.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("..", import.meta.url);

async function built(name) {
  const folder = new URL(`packages/${name}/`, root);
  const { exports } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  return import(new URL(exports["."].default, folder));
}

const { generateCluster, startProxmox } = await built("simulator");
const { checkStore, createKappa4, migrateStore } = await built("sdk");
const token = { id: "automation@pve!kappa4", secret: "11111111-2222-4333-8444-555555555555" };
// Large enough for the engine's thread, which is a file of its own that a build can lose.
const snapshot = generateCluster({ nodes: 4, guests: 200, seed: 1 });
const simulator = await startProxmox({ tokens: [token], snapshot });
const kappa4 = await createKappa4({
  connections: {
    lab: {
      kind: "proxmox",
      endpoints: [simulator.url],
      auth: { type: "token", token: `${token.id}=${token.secret}` },
      tls: { verify: "pin", sha256: simulator.fingerprint },
    },
  },
});
const plan = await kappa4.rebalance.preview({ options: { balanciness: 5 } });
assert(plan.before.spread > 5 && plan.moves.length > 0, "the cluster was to be levelled");
await kappa4.close();
await simulator.close();

// The store's thread is a file of its own too.
const folder = mkdtempSync(join(tmpdir(), "kappa4-built-"));
const applied = await migrateStore({ path: folder });
const { findings, tables } = await checkStore({ path: folder });
rmSync(folder, { recursive: true });
assert(applied.length > 0 && tables > 0, "the store was to be made");
assert.deepEqual(findings, []);
console.log(`The built packages make a store of ${tables} tables.`);
console.log(`The built packages plan ${plan.moves.length} moves of a cluster of 200 guests.`);
