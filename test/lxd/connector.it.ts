import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LxdConnector } from "../../packages/connectors/src/providers/lxd/index.ts";
import type { ContainerState } from "../servers/lxd-fixture.ts";
import { CAPACITY, connect, holdCluster, strangerOf } from "./connect.ts";

const MIB = 2 ** 20;
const LOADS: Readonly<Record<string, number>> = { web1: 20 * MIB, web2: 10 * MIB };
const cluster = holdCluster();
let connector: LxdConnector;

beforeAll(async () => {
  await cluster.start();
  if (cluster.unavailable() !== undefined) return;
  await cluster.get().createContainers([
    { name: "web1", member: "node1", loadMegabytes: 20, tags: ["plb_affinity_web"] },
    { name: "web2", member: "node1", loadMegabytes: 10, config: { "limits.cpu": "1" } },
    { name: "cold", member: "node2", start: false },
  ]);
  connector = connect(cluster.get());
}, 180_000);

afterAll(async () => {
  await connector?.close();
  await cluster.stop();
}, 60_000);

beforeEach((context) => {
  const reason = cluster.unavailable();
  if (reason !== undefined) context.skip(reason);
});

async function find(name: string): Promise<ContainerState | undefined> {
  return (await cluster.get().containers()).find((container) => container.name === name);
}

describe("reading a real cluster", () => {
  it("says who answers", async () => {
    expect(await connector.ping()).toEqual({ version: "lxd 5.0.2" });
  });

  it("reads members, containers and the memory they really use, and writes nothing", async () => {
    const mark = cluster.get().mark();
    // A container runs before its load has taken its memory.
    await expect
      .poll(async () =>
        (await connector.cluster.snapshot()).guests.map(
          ({ name, memory }) => memory.used > (LOADS[name] ?? -1),
        ),
      )
      .toEqual([true, true, true]);
    const snapshot = await connector.cluster.snapshot();
    expect(snapshot.nodes.map(({ name, status }) => [name, status])).toEqual([
      ["node1", "online"],
      ["node2", "online"],
      ["node3", "online"],
    ]);
    const [node1] = snapshot.nodes;
    expect(node1?.memory.total).toBe(CAPACITY.memoryBytes);
    expect(node1?.memory.used).toBeGreaterThan(30 * MIB);
    expect(node1?.memory.used).toBeLessThan(50 * MIB);
    expect(node1?.storages).toMatchObject([{ id: "default", shared: false }]);
    const [cold, web1, web2] = snapshot.guests.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(cold).toMatchObject({
      id: "cold",
      node: "node2",
      status: "stopped",
      memory: { used: 0 },
    });
    expect(web1).toMatchObject({
      id: "web1",
      type: "lxc",
      node: "node1",
      status: "running",
      tags: ["plb_affinity_web"],
      memory: { total: 64 * MIB },
      volumes: [{ storage: "default" }],
      localResources: [],
      lock: null,
    });
    expect(web1?.memory.used).toBeGreaterThan(20 * MIB);
    expect(web2?.cpu.cores).toBe(1);
    expect(await connector.cluster.describeGuests(["web1"])).toMatchObject([{ id: "web1" }]);
    expect((await connector.cluster.state()).guests).toHaveLength(3);
    expect(cluster.get().writesSince(mark)).toEqual([]);
  });
});

describe("moving a real container", () => {
  it("refuses without leave to stop it, and sends nothing", async () => {
    const mark = cluster.get().mark();
    const move = connector.cluster.migrate("web1", "node2");
    await expect(move).rejects.toMatchObject({ code: "failed_precondition" });
    expect(cluster.get().writesSince(mark)).toEqual([]);
  });

  it("moves one that runs with one request; name, uid, tags and load stay", async () => {
    const before = await find("web1");
    const mark = cluster.get().mark();
    const operation = await connector.cluster.migrate("web1", "node2", { allowDowntime: true });
    expect(await operation.done()).toEqual({ node: "node2", warnings: [] });
    expect(await find("web1")).toEqual({ ...before, member: "node2" });
    expect(cluster.get().writesSince(mark)).toEqual(["POST /1.0/instances/web1"]);
    await expect
      .poll(async () => (await connector.cluster.snapshot()).nodes[1]?.memory.used)
      .toBeGreaterThan(20 * MIB);
  });

  it("moves one that is stopped without leave, and leaves it stopped", async () => {
    const operation = await connector.cluster.migrate("cold", "node3");
    await operation.done();
    expect(await find("cold")).toMatchObject({ member: "node3", status: "Stopped" });
  });

  it("shows a move under way as a lock, and refuses a second one", async () => {
    const operation = await connector.cluster.migrate("web2", "node3", { allowDowntime: true });
    const second = connector.cluster.migrate("web2", "node2", { allowDowntime: true });
    await expect(second).rejects.toMatchObject({ code: "conflict" });
    const other = connect(cluster.get());
    expect(await other.resumeOperation(operation.token).done()).toMatchObject({ node: "node3" });
    await other.close();
    expect(await find("web2")).toMatchObject({ member: "node3", status: "Running" });
  });

  it("names what is not there and what needs no move", async () => {
    const options = { allowDowntime: true };
    const migrate = connector.cluster.migrate;
    await expect(migrate("nobody", "node1", options)).rejects.toMatchObject({ code: "not_found" });
    await expect(migrate("web1", "node9", options)).rejects.toMatchObject({ code: "not_found" });
    const code = "failed_precondition";
    await expect(migrate("web1", "node2", options)).rejects.toMatchObject({ code });
  });

  it("does not let an ephemeral container be deleted by a move", async () => {
    await cluster.get().call("POST", "/1.0/instances?target=node1", {
      name: "brief",
      ephemeral: true,
      source: { type: "image", alias: cluster.get().image },
    });
    await cluster.get().call("PUT", "/1.0/instances/brief/state", { action: "start" });
    const move = connector.cluster.migrate("brief", "node2", { allowDowntime: true });
    await expect(move).rejects.toMatchObject({ code: "failed_precondition" });
    expect(await find("brief")).toMatchObject({ member: "node1", status: "Running" });
    const stop = await connector.compute.stop("brief", { mode: "force" });
    expect(await stop.done()).toEqual({ changed: true });
    expect(await find("brief")).toBeUndefined();
  });
});

describe("the life of real containers", () => {
  it("creates, starts, saves, clones, restores and deletes", async () => {
    const { compute, snapshots } = connector;
    const input = {
      name: "made",
      type: "lxc",
      node: "node1",
      cores: 1,
      memoryBytes: 32 * MIB,
      settings: { image: cluster.get().image },
    } as const;
    expect(await (await compute.create(input)).done()).toEqual({ id: "made" });
    const twice = await compute.create(input);
    await expect(twice.done()).rejects.toMatchObject({ code: "already_exists" });
    expect(await (await compute.start("made")).done()).toEqual({ changed: true });
    expect(await (await compute.start("made")).done()).toEqual({ changed: false });
    expect(await (await snapshots.create("made", "before")).done()).toEqual({ changed: true });
    const names: string[] = [];
    for await (const { name } of snapshots.list("made")) names.push(name);
    expect(names).toEqual(["before"]);
    expect(await (await snapshots.restore("made", "before")).done()).toEqual({ changed: true });
    const clone = await compute.clone("made", { name: "copy", node: "node2" });
    expect(await clone.done()).toEqual({ id: "copy" });
    expect(await find("copy")).toMatchObject({ member: "node2", status: "Stopped" });
    expect(await (await snapshots.delete("made", "before")).done()).toEqual({ changed: true });
    expect(await (await compute.restart("made")).done()).toEqual({ changed: true });
    await expect(compute.delete("made")).rejects.toMatchObject({ code: "failed_precondition" });
    expect(await (await compute.stop("made")).done()).toEqual({ changed: true });
    expect(await (await compute.stop("made")).done()).toEqual({ changed: false });
    for (const name of ["made", "copy"]) {
      expect(await (await compute.delete(name)).done()).toEqual({ changed: true });
    }
    expect(await (await compute.delete("made")).done()).toEqual({ changed: false });
  });

  it("works in another project, whose operations carry a query in their address", async () => {
    await cluster.get().call("POST", "/1.0/projects", {
      name: "shop",
      config: { "features.images": "false", "features.profiles": "false" },
    });
    const shop = connect(cluster.get(), { project: "shop" });
    const creation = await shop.compute.create({
      name: "till",
      type: "lxc",
      node: "node1",
      cores: 1,
      memoryBytes: 32 * MIB,
      settings: { image: cluster.get().image },
    });
    await creation.done();
    const move = await shop.cluster.migrate("till", "node2");
    expect(await move.done()).toEqual({ node: "node2", warnings: [] });
    expect((await shop.cluster.snapshot()).guests.map(({ id }) => id)).toEqual(["till"]);
    expect(await find("till")).toBeUndefined();
    await (await shop.compute.delete("till")).done();
    await shop.close();
  });
});

describe("what a certificate may do", () => {
  it("lacks nothing when it is trusted", async () => {
    expect(await connector.cluster.checkAccess()).toEqual([]);
  });

  it("lacks everything before it is, and the project when it is restricted to another", async () => {
    const auth = strangerOf(cluster.get());
    const other = connect(cluster.get(), { auth });
    await expect(other.ping()).rejects.toMatchObject({ code: "auth" });
    await expect(other.cluster.state()).rejects.toMatchObject({ code: "auth" });
    expect(await other.cluster.checkAccess()).toMatchObject([
      { privilege: "trusted client certificate" },
    ]);
    const [, base64 = ""] = /-----BEGIN CERTIFICATE-----([^-]+)/.exec(auth.cert) ?? [];
    await cluster.get().call("POST", "/1.0/certificates", {
      type: "client",
      name: "other",
      certificate: base64.replaceAll(/\s/g, ""),
      restricted: true,
      projects: ["shop"],
    });
    expect(await other.ping()).toEqual({ version: "lxd 5.0.2" });
    expect(await other.cluster.checkAccess()).toMatchObject([{ privilege: "project default" }]);
    await expect(other.cluster.snapshot()).rejects.toMatchObject({ code: "permission" });
    const inShop = connect(cluster.get(), { auth, project: "shop" });
    expect(await inShop.cluster.checkAccess()).toEqual([]);
    await inShop.close();
    await other.close();
  });

  it("is not shown to a server with another certificate than the pinned one", async () => {
    const sha256 = "0".repeat(64);
    const other = connect(cluster.get(), { tls: { verify: "pin", sha256 } });
    await expect(other.ping()).rejects.toMatchObject({ code: "auth" });
    await other.close();
  });
});
