import { strict as assert } from "node:assert";
import type { ClusterSnapshot } from "../contract/snapshot.ts";
import { type DeclareTest, rejection } from "./bench.ts";

/** Declares the tests of identity and of everything that only reads. */
export function declareReading(test: DeclareTest): void {
  test("says what it is and has the abilities that it declares", async ({ connector, target }) => {
    const { kind, capabilities } = target.definition;
    assert.equal(connector.kind, kind);
    assert.notEqual(connector.connection, "");
    for (const capability of ["cluster", "compute", "snapshots"] as const) {
      assert.equal(
        connector[capability] !== undefined,
        capabilities.includes(capability),
        capability,
      );
    }
  });

  test("answers a ping with a version", async ({ connector }) => {
    assert.match((await connector.ping()).version, /\d/);
  });

  test("reads a cluster that adds up", async ({ cluster }) => {
    const snapshot = await cluster.snapshot();
    checkShape(snapshot);
    checkSums(snapshot);
    assert.deepEqual(JSON.parse(JSON.stringify(snapshot)), withoutUndefined(snapshot));
  });

  test("lists everything in the same order each time", async ({ cluster }) => {
    const [a, b] = [await cluster.snapshot(), await cluster.snapshot()];
    assert.deepEqual(
      a.guests.map(({ id }) => id),
      b.guests.map(({ id }) => id),
    );
    assert.deepEqual(
      a.nodes.map(({ name }) => name),
      b.nodes.map(({ name }) => name),
    );
  });

  test("says the same in small as in full", async ({ cluster }) => {
    const [snapshot, state] = [await cluster.snapshot(), await cluster.state()];
    const short = (all: readonly { id: unknown; node: string; status: string; lock: unknown }[]) =>
      all.map(({ id, node, status, lock }) => [id, node, status, lock]);
    assert.equal(state.name, snapshot.meta.name);
    assert.deepEqual(short(state.guests), short(snapshot.guests));
    assert.deepEqual(
      state.nodes.map(({ name, status, maintenance }) => [name, status, maintenance]),
      snapshot.nodes.map(({ name, status, maintenance }) => [name, status, maintenance]),
    );
  });

  test("describes the guests that it is asked for", async ({ cluster, target }) => {
    const { guest } = target.move;
    const [detail, ...others] = await cluster.describeGuests([guest]);
    assert.deepEqual([detail?.id, others], [guest, []]);
    assert.ok(Array.isArray(detail?.volumes) && Array.isArray(detail.localResources));
    assert.deepEqual(await cluster.describeGuests([]), []);
    await rejection(cluster.describeGuests([unlike(guest)]), "not_found");
  });

  test("puts the same details into a full snapshot", async ({ cluster, target }) => {
    const [detail] = await cluster.describeGuests([target.move.guest]);
    const full = await cluster.snapshot({ detail: "full" });
    const guest = full.guests.find(({ id }) => id === target.move.guest);
    assert.deepEqual(guest?.volumes, detail?.volumes);
  });

  test("finds nothing missing with good credentials", async ({ cluster }) => {
    assert.deepEqual(await cluster.checkAccess(), []);
  });

  test("changes nothing while it reads", async ({ cluster, target }) => {
    const before = target.writes();
    await cluster.snapshot({ detail: "full", psi: true });
    await cluster.state();
    await cluster.checkAccess();
    assert.equal(target.writes(), before);
  });

  test("answers many calls at once", async ({ cluster }) => {
    const states = await Promise.all(Array.from({ length: 20 }, () => cluster.state()));
    assert.equal(new Set(states.map(({ guests }) => guests.length)).size, 1);
  });
}

/** A guest that is not there, named the way the system names its guests. */
export function unlike(guest: number | string): number | string {
  return typeof guest === "number" ? 999_999_999 : `${guest}-that-is-not-there`;
}

function checkShape(snapshot: ClusterSnapshot): void {
  assert.deepEqual([snapshot.format, snapshot.version], ["cluster-snapshot", 1]);
  assert.notEqual(snapshot.meta.name, "");
  assert.ok(snapshot.meta.warnings !== undefined, "warnings are listed, also when there are none");
  const nodes = snapshot.nodes.map(({ name }) => name);
  assert.equal(new Set(nodes).size, nodes.length, "each node once");
  const ids = snapshot.guests.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, "each guest once");
  for (const { id, node, cpu, memory } of snapshot.guests) {
    assert.ok(nodes.includes(node), `the node of guest ${id} is in the snapshot`);
    for (const figure of [cpu.cores, cpu.used, memory.total, memory.used]) {
      assert.ok(Number.isFinite(figure) && figure >= 0, `figures of guest ${id}`);
    }
  }
  for (const { name, cpu, memory, disk } of snapshot.nodes) {
    for (const figure of [cpu.cores, cpu.used, memory.total, memory.used, disk.total, disk.used]) {
      assert.ok(Number.isFinite(figure) && figure >= 0, `figures of node ${name}`);
    }
  }
}

/** What a node uses is its own part and its guests together. */
function checkSums({ nodes, guests }: ClusterSnapshot): void {
  for (const node of nodes.filter(({ status }) => status === "online")) {
    const own = guests.filter((guest) => guest.node === node.name);
    const memory = own.reduce((sum, guest) => sum + guest.memory.used, node.base.memory);
    const cpu = own.reduce((sum, guest) => sum + guest.cpu.used * guest.cpu.cores, node.base.cpu);
    assert.ok(Math.abs(memory - node.memory.used) <= 1024, `memory of ${node.name}`);
    assert.ok(Math.abs(cpu - node.cpu.used) < 1e-6, `cores of ${node.name}`);
  }
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutUndefined(inner)]));
}
