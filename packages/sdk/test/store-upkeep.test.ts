import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportStore, sealStore } from "../src/audit/index.ts";
import { backUpStore, openStore, restoreStore } from "../src/store/index.ts";
import * as upkeep from "../src/store-upkeep.ts";
import { verifyLines } from "./audit/record.ts";
import { fillStore } from "./store/support/fill.ts";
import { closedStore } from "./store/support/fresh-store.ts";
import { NOW } from "./store/support/rows.ts";

test("a restored audit verifies, in a new epoch that says why it began", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kappa4-upkeep-"));
  const file = join(folder, "store.backup");
  const [source, target] = [await closedStore(), await closedStore()];
  let store = await openStore(source.options);
  await fillStore(store, 1, 5);
  await expect.poll(() => sealStore(store, { now: NOW })).toBe(15);
  await store.close();

  await backUpStore(file, source.options);
  const reason = "The disk of gold is gone.";
  await upkeep.restoreStore(file, { ...target.options, reason });
  store = await openStore(target.options);
  await expect.poll(() => sealStore(store, { now: NOW })).toBe(3);
  const lines: string[] = [];
  for await (const line of exportStore(store, store.defaultOrg)) lines.push(line);
  expect(await verifyLines(lines)).toMatchObject({ isIntact: true, rows: 6, epoch: 2 });
  expect(lines.at(-1)).toContain(reason);
  await store.close();

  // Without anybody to say how entries look, nothing is added.
  await target.remove();
  const plain = await closedStore();
  expect(await restoreStore(file, plain.options)).toMatchObject({ audit: 15 });
  await plain.remove();
  await source.remove();
  rmSync(folder, { recursive: true });
});
