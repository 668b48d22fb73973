import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Operation, Outcome } from "../../../src/index.ts";
import type { LxdConnector } from "../../../src/providers/lxd/index.ts";
import { type Bench, FINGERPRINT, openBench } from "./connect.ts";

interface Failure {
  readonly what: string;
  readonly status: "Running" | "Stopped";
  /** Whether it took effect although it failed. */
  readonly done: boolean;
  readonly outcome: Outcome;
  readonly says?: string;
  send(connector: LxdConnector): Promise<Operation<unknown>>;
}

const INPUT = {
  name: "new",
  type: "lxc",
  node: "node2",
  cores: 1,
  memoryBytes: 1,
  settings: { image: "tiny" },
} as const;

const CHANGES: readonly Pick<Failure, "what" | "status" | "send">[] = [
  { what: "start", status: "Stopped", send: ({ compute }) => compute.start("c1") },
  { what: "stop", status: "Running", send: ({ compute }) => compute.stop("c1") },
  { what: "delete", status: "Stopped", send: ({ compute }) => compute.delete("c1") },
  { what: "create", status: "Stopped", send: ({ compute }) => compute.create(INPUT) },
  { what: "clone", status: "Stopped", send: ({ compute }) => compute.clone("c1", { name: "c2" }) },
  { what: "snapshot", status: "Running", send: ({ snapshots }) => snapshots.create("c1", "s2") },
  {
    what: "delete-snapshot",
    status: "Running",
    send: ({ snapshots }) => snapshots.delete("c1", "s1"),
  },
];

const FAILURES: readonly Failure[] = [
  ...CHANGES.map((change) => ({ ...change, done: false, outcome: "not_applied" }) as const),
  ...CHANGES.map((change) => ({ ...change, done: true, outcome: "applied" }) as const),
  {
    what: "create",
    status: "Stopped",
    done: true,
    outcome: "applied",
    says: "It is left on node2; delete it",
    send: ({ compute }) => compute.create(INPUT),
  },
  {
    what: "restart",
    status: "Running",
    done: false,
    outcome: "unknown",
    send: ({ compute }) => compute.restart("c1"),
  },
];

let bench: Bench;
afterEach(() => bench.close());

describe.each(["lxd", "incus"] as const)("the life of instances on %s", (brand) => {
  beforeEach(async () => {
    bench = await openBench({ brand, project: "shop" });
    bench.fake.state.looks = 2;
  });

  it("starts, stops and restarts, and says whether that changed anything", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1", status: "Stopped" });
    const { compute } = bench.connector;
    expect(await (await compute.start("c1")).done()).toEqual({ changed: true });
    expect(c1.status).toBe("Running");
    expect(await (await compute.start("c1")).done()).toEqual({ changed: false });
    expect(await (await compute.restart("c1")).done()).toEqual({ changed: true });
    expect(await (await compute.stop("c1", { mode: "force" })).done()).toEqual({ changed: true });
    expect(c1.status).toBe("Stopped");
    expect(await (await compute.stop("c1")).done()).toEqual({ changed: false });
  });

  it("takes the end of an ephemeral instance for a stop", async () => {
    bench.fake.add({ name: "e1", location: "node1", ephemeral: true });
    const operation = await bench.connector.compute.stop("e1");
    expect(await operation.done()).toEqual({ changed: true });
    expect(bench.fake.state.instances.has("e1")).toBe(false);
  });

  it("reports why a start failed", async () => {
    bench.fake.add({ name: "c1", location: "node1", status: "Stopped" });
    bench.fake.state.startFailsWith = "Failed to run: forkstart";
    const operation = await bench.connector.compute.start("c1");
    await expect(operation.done()).rejects.toMatchObject({
      code: "operation_failed",
      log: ["Failed to run: forkstart"],
    });
    expect(await operation.status()).toMatchObject({ state: "failed" });
  });

  it.each(FAILURES)("says of a failed $what what came of it: $outcome", async (failure) => {
    bench.fake.add({ name: "c1", location: "node1", status: failure.status });
    await (await bench.connector.snapshots.create("c1", "s1")).done();
    const operation = await failure.send(bench.connector);
    bench.fake.state.breaks = { text: "Bad luck", done: failure.done };
    await expect(operation.done()).rejects.toMatchObject({
      code: "operation_failed",
      outcome: failure.outcome,
      message: expect.stringContaining(failure.says ?? "Bad luck"),
    });
  });

  it("does not judge a failed change whose instance cannot be seen", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    const operation = await bench.connector.compute.stop("c1");
    bench.fake.state.breaks = { text: "Bad luck", done: false };
    const match = /GET \/1.0\/instances\/c1/;
    const body = { type: "error", error: "not authorized" };
    bench.fake.state.answers.push({ match, status: 403, body });
    await expect(operation.done()).rejects.toMatchObject({ outcome: "unknown" });
  });

  it("creates an instance from an image, with limits and settings", async () => {
    const input = {
      name: "new",
      type: "lxc",
      node: "node2",
      cores: 2,
      memoryBytes: 1024,
      settings: { image: "tiny", "user.note": 7 },
    } as const;
    const operation = await bench.connector.compute.create(input);
    expect(await operation.done()).toEqual({ id: "new" });
    expect(bench.fake.state.instances.get("new")).toMatchObject({
      location: "node2",
      config: {
        "limits.cpu": "2",
        "limits.memory": "1024B",
        "user.note": "7",
        "user.kappa4.key": "80000000".repeat(4),
      },
    });
    const again = await bench.connector.compute.create(input);
    await expect(again.done()).rejects.toMatchObject({ code: "already_exists" });
  });

  it("asks for an image before it sends anything", async () => {
    const input = { name: "new", type: "lxc", node: "node2", cores: 1, memoryBytes: 1 } as const;
    const creation = bench.connector.compute.create(input);
    await expect(creation).rejects.toMatchObject({ code: "invalid_argument" });
    expect(bench.fake.requests).toEqual([]);
  });

  it("knows its own instance again when the answer to a create was lost", async () => {
    bench.fake.state.cut = { match: /^POST/, done: true };
    const input = {
      name: "new",
      type: "lxc",
      node: "node2",
      cores: 1,
      memoryBytes: 1,
      settings: { image: "tiny" },
    } as const;
    const operation = await bench.connector.compute.create(input);
    expect(await operation.done()).toEqual({ id: "new" });
    expect(bench.fake.writes()).toHaveLength(1);
  });

  it("does not take somebody else's instance for its own", async () => {
    bench.fake.add({ name: "new", location: "node1" });
    bench.fake.state.cut = { match: /^POST/, done: false };
    const creation = bench.connector.compute.create({
      name: "new",
      type: "lxc",
      node: "node2",
      cores: 1,
      memoryBytes: 1,
      settings: { image: "tiny" },
    });
    await expect(creation).rejects.toMatchObject({ code: "network", outcome: "unknown" });
  });

  it("clones without what belongs to the original alone", async () => {
    const config = { "limits.memory": "1MiB", "volatile.last_state.power": "RUNNING" };
    bench.fake.add({ name: "c1", location: "node1", config });
    const operation = await bench.connector.compute.clone("c1", { name: "c2", node: "node3" });
    expect(await operation.done()).toEqual({ id: "c2" });
    const copy = bench.fake.state.instances.get("c2");
    expect(copy).toMatchObject({ location: "node3", config: { "limits.memory": "1MiB" } });
    expect(copy?.config).not.toHaveProperty(["volatile.last_state.power"]);
  });

  it("deletes what is stopped, refuses what runs, and does not mind what is gone", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    const { compute } = bench.connector;
    await expect(compute.delete("c1")).rejects.toMatchObject({ code: "failed_precondition" });
    c1.status = "Stopped";
    expect(await (await compute.delete("c1")).done()).toEqual({ changed: true });
    const gone = await compute.delete("c1");
    expect(await gone.done()).toEqual({ changed: false });
    expect(await bench.connector.resumeOperation(gone.token).done()).toEqual({ changed: false });
    expect(bench.fake.writes()).toHaveLength(1);
  });

  it("finds a stop again whose answer was lost", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.cut = { match: /^PUT/, done: true };
    const operation = await bench.connector.compute.stop("c1");
    expect(await operation.done()).toEqual({ changed: true });
    expect(c1.status).toBe("Stopped");
    expect(bench.fake.writes()).toHaveLength(1);
  });

  it("saves and restores states", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    const { snapshots } = bench.connector;
    expect(await (await snapshots.create("c1", "s1")).done()).toEqual({ changed: true });
    expect(await (await snapshots.create("c1", "s1")).done()).toEqual({ changed: false });
    const listed = [];
    for await (const snapshot of snapshots.list("c1")) listed.push(snapshot);
    expect(listed).toEqual([{ name: "s1", createdAt: new Date("2026-01-01T00:00:00Z") }]);
    expect(await (await snapshots.restore("c1", "s1")).done()).toEqual({ changed: true });
    await expect(snapshots.restore("c1", "s9")).rejects.toMatchObject({ code: "not_found" });
    expect(await (await snapshots.delete("c1", "s1")).done()).toEqual({ changed: true });
    expect(await (await snapshots.delete("c1", "s1")).done()).toEqual({ changed: false });
    await expect(snapshots.delete("c9", "s1")).rejects.toMatchObject({ code: "not_found" });
  });

  it("cancels what the server lets be cancelled", async () => {
    bench.fake.state.mayCancel = true;
    bench.fake.state.looks = 100;
    bench.fake.add({ name: "c1", location: "node1" });
    const operation = await bench.connector.compute.stop("c1");
    expect(await operation.cancel()).toBe("requested");
    expect(bench.fake.writes().at(-1)).toMatch(/^DELETE \/1\.0\/operations\/op-\d+\?project=shop$/);
  });

  it("resumes any operation by its token and refuses those of others", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    const { connector } = bench;
    const stop = await connector.compute.stop("c1");
    expect(await connector.resumeOperation(stop.token).done()).toEqual({ changed: true });
    const foreign = Buffer.from('{"v":1,"kind":"lxd","connection":"other"}').toString("base64url");
    for (const token of ["", "lxd:", "lxd:nonsense", "UPID:pve1:0001", `lxd:${foreign}`]) {
      expect(() => connector.resumeOperation(token)).toThrow(/does not belong/);
    }
  });
});

describe("who we are", () => {
  beforeEach(async () => {
    bench = await openBench();
  });

  it("is told by a ping, with the version", async () => {
    expect(await bench.connector.ping()).toEqual({ version: "lxd 5.0.2" });
    bench.fake.state.auth = "untrusted";
    await expect(bench.connector.ping()).rejects.toMatchObject({ code: "auth" });
  });

  it("lacks nothing with an unrestricted certificate", async () => {
    expect(await bench.connector.cluster.checkAccess()).toEqual([]);
  });

  it("lacks everything with one that nobody knows", async () => {
    bench.fake.state.auth = "untrusted";
    const [missing, ...others] = await bench.connector.cluster.checkAccess();
    expect(missing).toMatchObject({ privilege: "trusted client certificate" });
    expect(others).toEqual([]);
  });

  it("lacks the project with one that is restricted to others", async () => {
    bench.fake.state.answers.push({
      match: /instances/,
      status: 403,
      body: { type: "error", error: "not authorized" },
    });
    const missing = await bench.connector.cluster.checkAccess();
    expect(missing).toMatchObject([
      { privilege: "project default", path: "/1.0/projects/default" },
    ]);
  });

  it.each([
    [{ restricted: "true" }, 1],
    [{ restricted: "true", "restricted.cluster.target": "allow" }, 0],
    [{}, 0],
  ])("with a restricted certificate in a project with %o lacks %i right", async (config, count) => {
    bench.fake.state.projectConfig = { ...config };
    bench.fake.state.certificates.push({ fingerprint: FINGERPRINT, restricted: true });
    const missing = await bench.connector.cluster.checkAccess();
    expect(missing).toHaveLength(count);
  });

  it("closes for good", async () => {
    await bench.connector.close();
    await expect(bench.connector.ping()).rejects.toMatchObject({ code: "failed_precondition" });
  });
});
