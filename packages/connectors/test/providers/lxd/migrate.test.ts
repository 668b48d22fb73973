import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OperationStatus } from "../../../src/contract/operation.ts";
import { type Bench, openBench } from "./connect.ts";

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const allowDowntime = true;

function moves(): readonly string[] {
  return bench.fake.writes().filter((write) => write.startsWith("POST /1.0/instances/"));
}

describe("migrate on LXD 5.0", () => {
  it("moves what runs with one request, and says when it is there", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.looks = 3;
    const seen: OperationStatus[] = [];
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    expect(await operation.status()).toMatchObject({ state: "running", progress: null });
    const result = await operation.done({ onProgress: (status) => seen.push(status) });
    expect(result).toEqual({ node: "node2", warnings: [] });
    expect(c1).toMatchObject({ location: "node2", status: "Running" });
    expect(bench.fake.writes()).toEqual(["POST /1.0/instances/c1?project=default&target=node2"]);
    // The only percentage LXD gives here counts the unpacking of the image.
    expect(seen[0]).toMatchObject({ state: "running", progress: null });
    expect(await operation.status()).toMatchObject({ state: "succeeded", progress: 1 });
    expect(await operation.cancel()).toBe("too_late");
  });

  it("leaves a stopped instance stopped", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1", status: "Stopped" });
    const operation = await bench.connector.cluster.migrate("c1", "node3");
    expect(await operation.done()).toEqual({ node: "node3", warnings: [] });
    expect(c1.status).toBe("Stopped");
    expect(bench.fake.writes()).toHaveLength(1);
  });

  it("starts again where it is what a failed move left stopped", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.moveFailsWith = "No space left on device";
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect(operation.done()).rejects.toMatchObject({
      code: "capacity",
      outcome: "not_applied",
      message: expect.stringMatching(/No space left.*It is on node1 as before\./),
    });
    expect(c1).toMatchObject({ location: "node1", status: "Running" });
    // Asked again it neither moves nor starts anything.
    await expect(operation.done()).rejects.toMatchObject({ code: "capacity" });
    expect(bench.fake.writes()).toHaveLength(2);
  });

  it("says so when it cannot be started again", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.moveFailsWith = "Some new reason";
    bench.fake.state.startFailsWith = "Failed to run: forkstart";
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect(operation.done()).rejects.toMatchObject({
      code: "operation_failed",
      outcome: "applied",
      message: expect.stringMatching(/stopped on node1 and could not be started: .*forkstart/),
    });
  });

  it("names the copy that a failed move leaves behind", async () => {
    bench.fake.add({ name: "c1", location: "node1", uid: "u1" });
    bench.fake.state.moveFailsWith = "Some new reason";
    bench.fake.state.leavesCopy = true;
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect(operation.done()).rejects.toThrow(/lxd-move-of-u1 on node2/);
    const again = bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect(again).rejects.toMatchObject({ code: "failed_precondition" });
    expect(moves()).toHaveLength(1);
  });

  it("infers the end from the instance when the server has forgotten the operation", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.forgets = true;
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    const { node, warnings } = await operation.done();
    expect(node).toBe("node2");
    expect(warnings.join()).toMatch(/inferred/);
  });

  it("does not call it done when the operation is forgotten and the instance did not move", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.forgets = true;
    bench.fake.state.moveFailsWith = "never to be read";
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect(operation.done()).rejects.toThrow(/forgotten the operation/);
  });

  it("does not judge while any member still knows the operation", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.looks = 1;
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    let asked = 0;
    // The member that is asked first has forgotten it already.
    bench.fake.state.answers.push({
      match: { test: (text) => text.includes("/wait") },
      status: 404,
      body: { type: "error", error: "Operation not found" },
    });
    bench.fake.state.answers.push({
      match: {
        test: (text) => {
          // The move ends after the second look at the list.
          if (text.includes("/operations?") && ++asked === 2) c1.location = "node2";
          return false;
        },
      },
      status: 0,
      body: "",
    });
    expect(await operation.done()).toMatchObject({ node: "node2" });
    expect(bench.fake.writes()).toHaveLength(1);
  });

  it("notices that another instance has the name now", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    c1.uid = "somebody else";
    const error = { code: "operation_failed", outcome: "unknown" };
    await expect(operation.done()).rejects.toMatchObject(error);
  });

  it("does not lose sight of an instance that is nowhere", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    bench.fake.state.instances.clear();
    const error = { code: "operation_failed", outcome: "unknown" };
    await expect(operation.done()).rejects.toMatchObject(error);
  });

  it("says that it cannot tell when the member that the instance left goes away", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    const node1 = bench.fake.state.members[0];
    if (node1 !== undefined) node1.status = "Offline";
    bench.fake.state.answers.push({
      match: /\/wait/,
      status: 500,
      body: { type: "error", error: "Missing event connection with target cluster member" },
    });
    const error = { code: "unavailable", outcome: "unknown" };
    await expect(operation.done()).rejects.toMatchObject(error);
  });

  it("stops waiting on abort, and the move goes on", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.looks = 5;
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    const controller = new AbortController();
    const reason = new Error("enough");
    const waiting = operation.done({
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(waiting).rejects.toBe(reason);
    expect(await operation.done()).toMatchObject({ node: "node2" });
    expect(c1.location).toBe("node2");
    expect(moves()).toHaveLength(1);
  });

  it("is resumed by its token, also after its end", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    const { token } = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    expect(JSON.parse(JSON.stringify(token))).toBe(token);
    const resumed = bench.connector.resumeOperation(token);
    expect(await resumed.done()).toEqual({ node: "node2", warnings: [] });
    bench.fake.state.forgets = true;
    expect(await bench.connector.resumeOperation(token).done()).toMatchObject({ node: "node2" });
  });

  it("cannot be cancelled", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.looks = 5;
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    expect(await operation.cancel()).toBe("not_supported");
    await operation.done();
    expect(await operation.cancel()).toBe("too_late");
  });
});

describe("a move whose answer was lost", () => {
  it("is found by its operation and not sent again", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.cut = { match: /^POST .*target=node2/, done: true };
    bench.fake.state.looks = 2;
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    expect(operation.id).toMatch(/^op-/);
    expect(await operation.done()).toEqual({ node: "node2", warnings: [] });
    expect(moves()).toHaveLength(1);
  });

  it("is reported as unknown when neither operation nor effect is to be seen", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.cut = { match: /^POST .*target=node2/, done: false };
    const move = bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect(move).rejects.toMatchObject({ code: "network", outcome: "unknown" });
    expect(moves()).toHaveLength(1);
    expect(c1).toMatchObject({ location: "node1", status: "Running" });
  });
});

it("keeps a move unknown when nobody answers any more after the answer was lost", async () => {
  bench.fake.add({ name: "c1", location: "node1" });
  bench.fake.state.cut = { match: /^POST .*target=node2/, done: true };
  let moved = false;
  bench.fake.state.answers.push({
    match: {
      test: (text) => {
        moved ||= text.startsWith("POST");
        return moved && text.startsWith("GET");
      },
    },
    status: 503,
    body: "",
  });
  const move = bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
  await expect(move).rejects.toMatchObject({ code: "network", outcome: "unknown" });
  expect(moves()).toHaveLength(1);
});

describe("a move that is refused before anything is sent", () => {
  afterEach(() => {
    expect(bench.fake.writes()).toEqual([]);
  });

  it.each([
    ["running without leave to be stopped", {}, {}, "failed_precondition", /allow the downtime/],
    ["frozen", { status: "Frozen" as const }, { allowDowntime }, "failed_precondition", /frozen/],
    ["ephemeral", { ephemeral: true }, { allowDowntime }, "failed_precondition", /ephemeral/],
    [
      "protected",
      { config: { "security.protection.delete": "true" } },
      { allowDowntime },
      "failed_precondition",
      /security.protection.delete/,
    ],
    [
      "with a device of its member",
      { devices: { gpu0: { type: "gpu" } } },
      { allowDowntime },
      "failed_precondition",
      /gpu0/,
    ],
    [
      "of another architecture",
      { architecture: "riscv64" },
      { allowDowntime },
      "failed_precondition",
      /architecture/,
    ],
    [
      "with a local disk that must not be copied",
      { status: "Stopped" as const },
      { withLocalDisks: false },
      "failed_precondition",
      /local to its member/,
    ],
    [
      "in an unknown state",
      { status: "Error" as const },
      { allowDowntime },
      "unavailable",
      /state/,
    ],
  ])("because it is %s", async (_kind, fields, options, code, message) => {
    bench.fake.add({ name: "c1", location: "node1", ...fields });
    const move = bench.connector.cluster.migrate("c1", "node2", options);
    await expect(move).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ["c9", "node2", "Online", "not_found"],
    ["c1", "node9", "Online", "not_found"],
    ["c1", "node1", "Online", "failed_precondition"],
    ["c1", "node2", "Evacuated", "unavailable"],
    ["c1", "node2", "Offline", "unavailable"],
  ])("%s to %s while node2 is %s: %s", async (name, target, status, code) => {
    bench.fake.add({ name: "c1", location: "node1" });
    const node2 = bench.fake.state.members[1];
    if (node2 !== undefined) node2.status = status;
    const move = bench.connector.cluster.migrate(name, target, { allowDowntime });
    await expect(move).rejects.toMatchObject({ code, outcome: "not_applied" });
  });

  it("because its member is away", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    const node1 = bench.fake.state.members[0];
    if (node1 !== undefined) node1.status = "Offline";
    const move = bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect(move).rejects.toMatchObject({ code: "unavailable" });
  });
});

it("passes on that the server moves nothing with backups", async () => {
  const c1 = bench.fake.add({ name: "c1", location: "node1", backups: [{}] });
  const move = bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
  await expect(move).rejects.toMatchObject({ code: "failed_precondition", outcome: "not_applied" });
  expect(c1).toMatchObject({ location: "node1", status: "Running" });
});

it("refuses a second move of an instance that is on its way", async () => {
  bench.fake.add({ name: "c1", location: "node1" });
  bench.fake.state.looks = 100;
  await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
  const second = bench.connector.cluster.migrate("c1", "node3", { allowDowntime });
  await expect(second).rejects.toMatchObject({ code: "conflict", retryable: true });
  expect(moves()).toHaveLength(1);
});

describe.each(["newer LXD", "Incus"])("migrate on %s, which moves only what is stopped", (kind) => {
  beforeEach(async () => {
    await bench.close();
    bench = await openBench({ brand: kind === "Incus" ? "incus" : "lxd", project: "shop" });
    bench.fake.state.movesRunning = false;
  });

  it("stops it, moves it and starts it, though nobody waits", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect.poll(() => c1).toMatchObject({ location: "node2", status: "Running" });
    // Of LXD it is not known before; the first request is refused and has no effect.
    const refused = ["POST /1.0/instances/c1?project=shop&target=node2"];
    expect(bench.fake.writes()).toEqual([
      ...(kind === "Incus" ? [] : refused),
      "PUT /1.0/instances/c1/state?project=shop",
      "POST /1.0/instances/c1?project=shop&target=node2",
      "PUT /1.0/instances/c1/state?project=shop",
    ]);
  });

  it("waits through deadlines, which are no failures", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.looks = 4;
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    expect(await operation.done()).toEqual({ node: "node2", warnings: [] });
  });

  it("starts it again where it is when the move fails", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.state.moveFailsWith = "Storage pool not found";
    const operation = await bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect(operation.done()).rejects.toMatchObject({
      code: "not_found",
      outcome: "not_applied",
    });
    expect(c1).toMatchObject({ location: "node1", status: "Running" });
    expect(bench.warnings).toContain("An instance was not moved as it should be");
  });

  it("starts it again when the move itself is refused", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    let sent = 0;
    bench.fake.state.answers.push({
      match: { test: (text) => text.startsWith("POST") && ++sent === (kind === "Incus" ? 1 : 2) },
      status: 400,
      body: { type: "error", error: "Target node is offline" },
    });
    const move = bench.connector.cluster.migrate("c1", "node2", { allowDowntime });
    await expect(move).rejects.toMatchObject({ code: "unavailable" });
    expect(c1).toMatchObject({ location: "node1", status: "Running" });
  });

  it("does not stop what may not be stopped", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1" });
    const move = bench.connector.cluster.migrate("c1", "node2");
    await expect(move).rejects.toMatchObject({ code: "failed_precondition" });
    expect(c1.status).toBe("Running");
    expect(bench.fake.writes()).toEqual([]);
  });
});
