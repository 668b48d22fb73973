import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Kappa4Error } from "../../../src/contract/errors.ts";
import type { Guest } from "../../../src/contract/snapshot.ts";
import { type Bench, openBench } from "./connect.ts";

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

async function guest(name: string): Promise<Guest> {
  const { guests } = await bench.connector.cluster.snapshot();
  const found = guests.find(({ id }) => id === name);
  if (found === undefined) throw new Error(`no guest ${name}`);
  return found;
}

describe("snapshot", () => {
  it("maps members with what of their memory is not their instances'", async () => {
    bench.fake.add({ name: "c1", location: "node1", memory: 3000 });
    const { nodes, meta } = await bench.connector.cluster.snapshot();
    expect(meta).toMatchObject({ name: "lab", kind: "lxd", takenAt: "2026-01-01T00:00:00.000Z" });
    expect(nodes).toHaveLength(3);
    expect(nodes[0]).toEqual({
      name: "node1",
      status: "online",
      maintenance: false,
      ignored: false,
      cpu: { cores: 8, used: 0 },
      memory: { total: 100_000, used: 40_000 },
      disk: { total: 5000, used: 500 },
      base: { cpu: 0, memory: 37_000 },
      storages: [
        { id: "default", shared: false, total: 5000, used: 500 },
        { id: "remote", shared: true, total: 5000, used: 500 },
      ],
    });
  });

  it("asks few questions: five, one per member, and one per local pool and member", async () => {
    for (let index = 0; index < 50; index += 1) {
      bench.fake.add({ name: `c${index}`, location: "node1" });
    }
    await bench.connector.cluster.snapshot();
    expect(bench.fake.requests).toHaveLength(5 + 3 + 3 + 1);
    expect(bench.fake.writes()).toEqual([]);
  });

  it("reads limits, tags and networks from the configuration with its profiles", async () => {
    bench.fake.add({
      name: "web",
      location: "node2",
      memory: 2000,
      config: {
        "limits.memory": "64MiB",
        "limits.cpu": "0-1",
        "user.kappa4.tags": "plb_affinity_web;plb_pin_node2",
      },
      devices: {
        root: { type: "disk", path: "/", pool: "remote", size: "10GiB" },
        eth0: { type: "nic", network: "br0" },
        eth1: { type: "nic", nictype: "bridged", parent: "br1" },
      },
    });
    expect(await guest("web")).toEqual({
      id: "web",
      name: "web",
      type: "lxc",
      node: "node2",
      status: "running",
      cpu: { cores: 2, used: 0 },
      memory: { total: 64 * 2 ** 20, used: 2000 },
      disk: { total: 10 * 2 ** 30, used: 0 },
      volumes: [{ storage: "remote", bytes: 10 * 2 ** 30 }],
      bridges: ["br0", "br1"],
      tags: ["plb_affinity_web", "plb_pin_node2"],
      pool: null,
      ha: null,
      localResources: [],
      lock: null,
    });
  });

  it("gives an instance without limits the size of its member", async () => {
    bench.fake.add({ name: "c1", location: "node1" });
    expect(await guest("c1")).toMatchObject({ cpu: { cores: 8 }, memory: { total: 100_000 } });
  });

  it("needs two readings for CPU use, and says so after the first", async () => {
    const c1 = bench.fake.add({ name: "c1", location: "node1", config: { "limits.cpu": "2" } });
    const first = await bench.connector.cluster.snapshot();
    expect(first.meta.warnings?.join()).toMatch(/between two readings/);
    c1.cpu = 5e9;
    await bench.clock.sleep(10_000);
    const second = await bench.connector.cluster.snapshot();
    expect(second.meta.warnings).toEqual([]);
    expect(second.guests[0]?.cpu).toEqual({ cores: 2, used: 0.25 });
    expect(second.nodes[0]?.cpu.used).toBe(0.5);
  });

  it.each([
    ["Online", "online", false],
    ["Evacuated", "online", true],
    ["Offline", "offline", false],
    ["Blocked", "unknown", false],
    ["Dreaming", "unknown", false],
  ])("takes a member that is %s for %s, maintenance %s", async (word, status, maintenance) => {
    const [node1] = bench.fake.state.members;
    if (node1 !== undefined) node1.status = word;
    const { nodes, meta } = await bench.connector.cluster.snapshot();
    expect(nodes[0]).toMatchObject({ status, maintenance });
    expect(meta.warnings ?? []).toHaveLength(status === "unknown" ? 1 : 0);
  });

  it("counts the instances of a member that is away and does not know their state", async () => {
    bench.fake.add({ name: "c3", location: "node3" });
    const node3 = bench.fake.state.members[2];
    if (node3 !== undefined) node3.status = "Offline";
    const { nodes, meta } = await bench.connector.cluster.snapshot();
    expect(meta.warnings?.join()).toMatch(/node3 is away/);
    expect(await guest("c3")).toMatchObject({ node: "node3", status: "unknown" });
    expect(nodes[2]).toMatchObject({
      status: "offline",
      memory: { total: 0, used: 0 },
      storages: [],
    });
    expect(bench.fake.requests.some((request) => request.includes("resources?target=node3"))).toBe(
      false,
    );
  });

  it("reports a member that does not answer and is not marked offline yet", async () => {
    bench.fake.state.answers.push({
      match: /resources\?target=node2/,
      status: 500,
      body: { type: "error", error: "Missing event connection with target cluster member" },
    });
    const { nodes, meta } = await bench.connector.cluster.snapshot();
    expect(nodes[1]).toMatchObject({ name: "node2", status: "unknown" });
    expect(meta.warnings).toEqual(["Member node2 is not marked offline but does not answer."]);
  });

  it("names the devices that bind an instance to its member", async () => {
    bench.fake.add({
      name: "c1",
      location: "node1",
      devices: {
        root: { type: "disk", path: "/", pool: "default" },
        gpu0: { type: "gpu" },
        host: { type: "disk", source: "/srv", path: "/srv" },
        data: { type: "disk", pool: "default", source: "data", path: "/data" },
        far: { type: "disk", pool: "remote", source: "far", path: "/far" },
        init: { type: "disk", source: "cloud-init:config" },
        eth0: { type: "nic", nictype: "sriov", parent: "ens1" },
      },
    });
    expect((await guest("c1")).localResources).toEqual(["gpu0", "host", "data", "eth0"]);
  });

  it.each([
    ["protected", { config: { "security.protection.delete": "true" } }, /security\.protection/],
    ["ephemeral", { ephemeral: true }, /ephemeral/],
    ["with backups", { backups: [{}] }, /backups/],
    ["frozen", { status: "Frozen" as const }, /frozen/],
  ])("says why an instance that is %s goes nowhere", async (_kind, fields, reason) => {
    bench.fake.add({ name: "c1", location: "node1", ...fields });
    const { refusedNodes = {} } = await guest("c1");
    expect(Object.keys(refusedNodes)).toEqual(["node2", "node3"]);
    expect(refusedNodes.node2).toMatch(reason);
  });

  it("lets Incus move what is protected, for it does so without harm", async () => {
    await bench.close();
    bench = await openBench({ brand: "incus" });
    const config = { "security.protection.delete": "true" };
    bench.fake.add({ name: "c1", location: "node1", config });
    expect((await guest("c1")).refusedNodes).toBeUndefined();
  });

  it("refuses members of another architecture, but not for its own 32 bits", async () => {
    const node2 = bench.fake.state.members[1];
    if (node2 !== undefined) node2.architecture = "aarch64";
    bench.fake.add({ name: "c1", location: "node1" });
    bench.fake.add({ name: "old", location: "node1", architecture: "i686" });
    expect(Object.keys((await guest("c1")).refusedNodes ?? {})).toEqual(["node2"]);
    expect(Object.keys((await guest("old")).refusedNodes ?? {})).toEqual(["node2"]);
  });

  it("leaves out the copy of a move under way and locks the original", async () => {
    bench.fake.state.looks = 100;
    bench.fake.add({ name: "c1", location: "node1", uid: "u1", status: "Stopped" });
    await bench.connector.cluster.migrate("c1", "node2");
    bench.fake.add({ name: "lxd-move-of-u1", location: "node2", uid: "u1", status: "Stopped" });
    const { guests, meta } = await bench.connector.cluster.snapshot();
    expect(guests.map(({ id, lock }) => [id, lock])).toEqual([["c1", "migrate"]]);
    expect(meta.warnings?.join()).not.toMatch(/left over/);
  });

  it("warns of the copy of a move that failed, and lets the original go nowhere", async () => {
    bench.fake.add({ name: "c1", location: "node1", uid: "u1" });
    bench.fake.add({ name: "lxd-move-of-u1", location: "node2", uid: "u1", status: "Stopped" });
    const { guests, meta } = await bench.connector.cluster.snapshot();
    expect(guests.map(({ id }) => id)).toEqual(["c1"]);
    expect(guests[0]?.refusedNodes?.node2).toMatch(/lxd-move-of-u1 is left over/);
    expect(meta.warnings?.join()).toMatch(/lxd-move-of-u1 is left over/);
  });

  it("does not lose an instance of which only the copy is there", async () => {
    bench.fake.add({ name: "lxd-move-of-u1", location: "node2", uid: "u1", status: "Stopped" });
    const { guests, meta } = await bench.connector.cluster.snapshot();
    expect(guests.map(({ id }) => id)).toEqual(["lxd-move-of-u1"]);
    expect(meta.warnings?.join()).toMatch(/all there is/);
  });

  it("refuses an answer that is not LXD's", async () => {
    bench.fake.state.answers.push({ match: /members/, status: 200, body: { hello: "world" } });
    await expect(bench.connector.cluster.snapshot()).rejects.toMatchObject({ code: "protocol" });
  });

  it("tells strangers from those who lack a right", async () => {
    bench.fake.state.auth = "untrusted";
    const strange = bench.connector.cluster.snapshot();
    await expect(strange).rejects.toMatchObject({ code: "auth" });
    bench.fake.state.auth = "trusted";
    bench.fake.state.answers.push({
      match: /instances\?/,
      status: 403,
      body: { type: "error", error: "not authorized" },
    });
    const limited = bench.connector.cluster.snapshot();
    await expect(limited).rejects.toMatchObject({ code: "permission" });
  });
});

describe("members that share one host", () => {
  it("have the capacity they are given, and use what their instances use", async () => {
    await bench.close();
    const capacity = { memoryBytes: 10_000, cores: 4 };
    bench = await openBench({
      connection: { memberCapacity: { node1: capacity, node2: capacity, node3: capacity } },
    });
    bench.fake.add({ name: "c1", location: "node1", memory: 3000 });
    bench.fake.add({ name: "c2", location: "node1", memory: 1000 });
    const { nodes } = await bench.connector.cluster.snapshot();
    expect(nodes[0]).toMatchObject({
      cpu: { cores: 4 },
      memory: { total: 10_000, used: 4000 },
      base: { cpu: 0, memory: 0 },
    });
    expect(nodes[1]).toMatchObject({ memory: { total: 10_000, used: 0 } });
    expect(bench.fake.requests.some((request) => request.includes("/1.0/resources"))).toBe(false);
  });
});

describe("state and describeGuests", () => {
  it("tell places, locks and what binds", async () => {
    bench.fake.add({ name: "c1", location: "node1", memory: 3000, status: "Stopped" });
    const state = await bench.connector.cluster.state();
    expect(state.guests).toEqual([
      {
        id: "c1",
        name: "c1",
        type: "lxc",
        node: "node1",
        status: "stopped",
        lock: null,
        memory: { total: 100_000, used: 3000 },
      },
    ]);
    expect(state.nodes[0]).toEqual({
      name: "node1",
      status: "online",
      maintenance: false,
      memory: { total: 100_000, used: 40_000 },
    });
    const [detail] = await bench.connector.cluster.describeGuests(["c1"]);
    expect(detail).toMatchObject({ id: "c1", volumes: [{ storage: "default", bytes: 0 }] });
    const missing = bench.connector.cluster.describeGuests(["c9"]);
    await expect(missing).rejects.toSatisfy((error) => Kappa4Error.is(error, "not_found"));
  });
});
