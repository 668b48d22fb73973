import { strict as assert } from "node:assert";
import type { ClusterCapability } from "../contract/capabilities.ts";
import type { GuestId } from "../contract/snapshot.ts";
import { type Bench, type DeclareTest, rejection } from "./bench.ts";
import { unlike } from "./reading.ts";

/** Declares the tests of moves. */
export function declareMoving(test: DeclareTest): void {
  test("moves a guest to where it was told, and only there is it done", async (bench) => {
    const { cluster, target } = bench;
    const { guest, to } = target.move;
    const before = target.writes();
    const operation = await start(bench);
    assert.notEqual(operation.id, "");
    const progress: (number | null)[] = [];
    const result = await operation.done({ onProgress: (status) => progress.push(status.progress) });
    assert.equal(result.node, to);
    assert.equal(await placeOf(cluster, guest), to);
    assert.deepEqual(await stateOf(cluster, guest), { status: "running", lock: null });
    const known = progress.filter((part) => part !== null);
    assert.deepEqual(
      known,
      known.toSorted((a, b) => a - b),
      "progress never falls",
    );
    assert.equal((await operation.status()).state, "succeeded");
    assert.equal(await operation.cancel(), "too_late");
    const { writes = 1, laterWrites = 0 } = target.move;
    const written = target.writes() - before;
    assert.ok(written >= writes && written <= writes + laterWrites, `it wrote ${written} times`);
  });

  test("goes on waiting from a token, in another process", async (bench) => {
    const { cluster, target, connect } = bench;
    const operation = await start(bench);
    const token: unknown = JSON.parse(JSON.stringify(operation.token));
    assert.equal(typeof token, "string");
    const before = target.writes();
    await connect().resumeOperation(String(token)).done();
    const written = target.writes() - before;
    assert.ok(written <= (target.move.laterWrites ?? 0), `waiting wrote ${written} times`);
    assert.equal(await placeOf(cluster, target.move.guest), target.move.to);
  });

  test("refuses the token of somebody else", async ({ connector }) => {
    for (const token of ["", "somebody", "e30="]) {
      const resume = async () => connector.resumeOperation(token);
      await rejection(resume(), "invalid_argument");
    }
  });

  test("refuses what cannot be moved before it writes anything", async ({ cluster, target }) => {
    const { guest, to, allowDowntime } = target.move;
    const before = target.writes();
    const home = await placeOf(cluster, guest);
    await rejection(cluster.migrate(unlike(guest), to, { allowDowntime }), "not_found");
    await rejection(
      cluster.migrate(guest, `${to}-that-is-not-there`, { allowDowntime }),
      "not_found",
      "failed_precondition",
    );
    await rejection(cluster.migrate(guest, String(home), { allowDowntime }), "failed_precondition");
    if (allowDowntime)
      await rejection(cluster.migrate(guest, to), "failed_precondition", "unsupported");
    assert.equal(target.writes(), before);
  });

  test("looks a move up whose answer was lost, and does not ask twice", async (bench) => {
    const { cluster, target } = bench;
    target.break("cut-write", 1);
    const { writes = 1, laterWrites = 0 } = target.move;
    const before = target.writes();
    const operation = await start(bench);
    const sent = target.writes() - before;
    assert.equal(sent, writes, "the lost write is not sent again");
    const result = await operation.done();
    assert.equal(result.node, target.move.to);
    assert.equal(await placeOf(cluster, target.move.guest), target.move.to);
    const later = target.writes() - before - sent;
    assert.ok(later <= laterWrites, `waiting wrote ${later} times`);
  });

  test("stops waiting without stopping the move", async (bench) => {
    const { cluster, target, connector } = bench;
    const operation = await start(bench);
    const stop = new AbortController();
    const reason = new Error("enough");
    stop.abort(reason);
    await assert.rejects(operation.done({ signal: stop.signal }), (error) => error === reason);
    await connector.resumeOperation(operation.token).done();
    assert.equal(await placeOf(cluster, target.move.guest), target.move.to);
  });
}

function start({ cluster, target }: Bench) {
  const { guest, to, allowDowntime } = target.move;
  return cluster.migrate(guest, to, { allowDowntime });
}

async function placeOf(cluster: ClusterCapability, id: GuestId): Promise<string | undefined> {
  return (await cluster.state()).guests.find((guest) => guest.id === id)?.node;
}

async function stateOf(cluster: ClusterCapability, id: GuestId): Promise<unknown> {
  const guest = (await cluster.state()).guests.find((candidate) => candidate.id === id);
  return { status: guest?.status, lock: guest?.lock };
}
