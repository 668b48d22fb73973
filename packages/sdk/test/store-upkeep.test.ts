import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exportStore, sealStore } from "../src/audit/index.ts";
import { backUpStore, openStore, restoreStore } from "../src/store/index.ts";
import * as upkeep from "../src/store-upkeep.ts";
import { verifyLines } from "./audit/record.ts";
import { fillStore } from "./store/support/fill.ts";
import { closedStore } from "./store/support/fresh-store.ts";
import { NOW, plan, run } from "./store/support/rows.ts";

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
  for await (const line of await exportStore(store, store.defaultOrg)) lines.push(line);
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

test("runs that are not over keep a store from being moved, and are not gone on with after a restore", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kappa4-open-runs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [source, target] = [await closedStore(), await closedStore()];
  onTestFinished(source.remove);
  onTestFinished(target.remove);
  const [first, second, third] = ["one", "two", "three"].map((name) => plan(name));
  const store = await openStore(source.options);
  await store.inOrg(store.defaultOrg, async (tx) => {
    for (const one of [first, second, third]) if (one) await tx.plans.insert(one);
    if (first) await tx.runs.insert(run("R-QQQQ", first));
    if (second) await tx.runs.insert(run("R-RRRR", second, { state: "running" }));
    if (third) await tx.runs.insert(run("R-DDDD", third, { state: "succeeded", endedAt: NOW }));
  });
  await store.close();

  const moved = upkeep.moveStore(source.options, target.options);
  await expect(moved).rejects.toMatchObject({
    code: "failed_precondition",
    message: expect.stringMatching(
      /^Not over yet: R-QQQQ, R-RRRR\. Both .* Cancel what .* let kappa4 start run until they are over/,
    ),
  });
  const file = join(folder, "store.backup");
  await backUpStore(file, source.options);
  await upkeep.restoreStore(file, target.options);
  const restored = await openStore(target.options);
  const runs = await restored.inOrg(restored.defaultOrg, (tx) => tx.runs.list());
  await restored.close();
  const asked = runs.map(({ shortId, cancelAskedBy }) => [shortId, cancelAskedBy]);
  expect(Object.fromEntries(asked)).toEqual({
    "R-QQQQ": "restore",
    "R-RRRR": "restore",
    "R-DDDD": null,
  });
});
