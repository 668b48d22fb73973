import { strict as assert } from "node:assert";
import { type DeclareTest, rejection } from "./bench.ts";
import { unlike } from "./reading.ts";

/** Declares the tests of power and snapshots, as far as the connector has these abilities. */
export function declareChanging(test: DeclareTest): void {
  test("stops and starts a guest, and says when nothing was to be done", async (bench) => {
    const { connector, cluster, target } = bench;
    const { compute } = connector;
    if (compute === undefined) return;
    const { guest } = target.move;
    const status = async () =>
      (await cluster.state()).guests.find(({ id }) => id === guest)?.status;
    assert.deepEqual(await (await compute.start(guest)).done(), { changed: false });
    assert.deepEqual(await (await compute.stop(guest, { mode: "force" })).done(), {
      changed: true,
    });
    await settled(bench, async () => (await status()) === "stopped");
    assert.deepEqual(await (await compute.stop(guest)).done(), { changed: false });
    assert.deepEqual(await (await compute.start(guest)).done(), { changed: true });
    await settled(bench, async () => (await status()) === "running");
    await rejection(compute.start(unlike(guest)), "not_found");
  });

  test("refuses to delete what runs, and has nothing to do for what is gone", async (bench) => {
    const { connector, target } = bench;
    const { compute } = connector;
    if (compute === undefined) return;
    const before = target.writes();
    await rejection(compute.delete(target.move.guest), "failed_precondition");
    const gone = await compute.delete(unlike(target.move.guest));
    assert.deepEqual(await gone.done(), { changed: false });
    assert.equal(target.writes(), before);
    await connector.resumeOperation(gone.token).done();
  });

  test("saves, lists and deletes a snapshot", async ({ connector, target }) => {
    const { snapshots } = connector;
    if (snapshots === undefined) return;
    const { guest } = target.move;
    const names = async () => {
      const found: string[] = [];
      for await (const { name } of snapshots.list(guest)) found.push(name);
      return found;
    };
    const before = await names();
    assert.deepEqual(await (await snapshots.create(guest, "kept")).done(), { changed: true });
    assert.deepEqual((await names()).toSorted(), [...before, "kept"].toSorted());
    assert.deepEqual(await (await snapshots.create(guest, "kept")).done(), { changed: false });
    assert.deepEqual(await (await snapshots.delete(guest, "kept")).done(), { changed: true });
    assert.deepEqual(await names(), before);
    assert.deepEqual(await (await snapshots.delete(guest, "kept")).done(), { changed: false });
    await rejection(snapshots.restore(guest, "kept"), "not_found");
  });
}

/** Lists may lag behind: gives them a minute on the target's clock. */
async function settled(
  { target }: { readonly target: { readonly clock: { sleep(ms: number): Promise<void> } } },
  isSo: () => Promise<boolean>,
): Promise<void> {
  for (let look = 0; look < 30; look += 1) {
    if (await isSo()) return;
    await target.clock.sleep(2000);
  }
  assert.fail("the change does not show");
}
