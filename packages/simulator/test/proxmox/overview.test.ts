import { generateCluster, type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { afterEach, describe, expect, test } from "vitest";
import { call, data, READER, start, statusOf, TOKEN } from "./client.ts";

let simulator: ProxmoxSimulator;
afterEach(() => simulator.close());

type Row = Record<string, unknown>;
const byId = (rows: readonly Row[]): Record<string, Row> =>
  Object.fromEntries(rows.map((row) => [String(row.id), row]));

async function resources(query = "", token = TOKEN): Promise<Record<string, Row>> {
  return byId(await data<Row[]>(simulator, `/cluster/resources${query}`, token));
}

describe("/cluster/resources", () => {
  test("shows guests, nodes, storages, pools and networks, and filters by type", async () => {
    simulator = await startProxmox({ tokens: [TOKEN] });
    const all = await resources();
    expect(all["qemu/100"]).toMatchObject({
      vmid: 100,
      node: "pve1",
      name: "web-1",
      status: "running",
      template: 0,
      maxcpu: 4,
      cpu: 0.31,
      maxmem: 8 * 2 ** 30,
      mem: 6.5 * 2 ** 30,
      maxdisk: 32 * 2 ** 30,
      disk: 0,
      tags: "plb_anti_affinity_web;prod",
    });
    expect(all["qemu/114"]).toMatchObject({ lock: "backup" });
    expect(all["qemu/115"]).toMatchObject({ hastate: "started" });
    expect(all["qemu/119"]).toMatchObject({ template: 1, status: "stopped", cpu: 0, mem: 0 });
    expect(all["lxc/200"]).toMatchObject({ type: "lxc", name: "dns", status: "running" });
    expect(all["node/pve1"]).toMatchObject({ status: "online", hastate: "online", maxcpu: 32 });
    expect(all["storage/pve1/ceph"]).toMatchObject({ shared: 1, plugintype: "rbd" });
    expect(all["/pool/databases"]).toMatchObject({ type: "pool", maxcpu: 16 });
    expect(all["network/pve1/zone/localnetwork"]).toMatchObject({ "network-type": "zone" });
    const types = async (query: string): Promise<unknown[]> =>
      [...new Set(Object.values(await resources(query)).map((row) => row.type))].toSorted();
    expect(await types("?type=vm")).toEqual(["lxc", "qemu"]);
    expect(await types("?type=node")).toEqual(["node"]);
    expect(await types("?type=storage")).toEqual(["storage"]);
    const wrong = await call(simulator, "GET", "/cluster/resources?type=pool");
    expect(wrong.body?.errors?.type).toMatch(/does not have a value in the enumeration/);
  });

  test("version 8 knows neither memhost nor networks", async () => {
    simulator = await startProxmox({ tokens: [TOKEN], version: "8.4" });
    const all = await resources();
    expect(all["qemu/100"]).not.toHaveProperty("memhost");
    expect(all["sdn/pve1/localnetwork"]).toMatchObject({ type: "sdn" });
  });

  test("the order changes from call to call, and the same seed gives the same orders", async () => {
    const orders = async (seed: number): Promise<string[]> => {
      const one = await startProxmox({ tokens: [TOKEN], seed });
      const ids: string[] = [];
      for (let i = 0; i < 2; i++) {
        const rows = await data<Row[]>(one, "/cluster/resources?type=vm");
        ids.push(rows.map((row) => row.id).join());
      }
      await one.close();
      return ids;
    };
    const [first, again, other] = [await orders(1), await orders(1), await orders(2)];
    expect(first[0]).not.toBe(first[1]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    simulator = await startProxmox();
  });

  test("figures lag by up to ten seconds, placement and locks do not", async () => {
    simulator = await startProxmox({ tokens: [TOKEN] });
    simulator.advance(1000);
    const upid = await start(simulator, "POST", "/nodes/pve4/qemu/118/status/start");
    simulator.lockGuest(100, "snapshot");
    simulator.advance(4000);
    expect(await statusOf(simulator, upid)).toBe("OK");
    const soon = await resources("?type=vm");
    expect(soon["qemu/118"]).toMatchObject({ status: "stopped" });
    expect(soon["qemu/100"]).toMatchObject({ lock: "snapshot" });
    const now = await data<Row[]>(simulator, "/nodes/pve4/qemu");
    expect(now).toMatchObject([{ vmid: 118, status: "running" }]);
    simulator.advance(6000);
    expect((await resources("?type=vm"))["qemu/118"]).toMatchObject({ status: "running" });
  });

  test("a node that went away keeps its last figures for five minutes", async () => {
    simulator = await startProxmox({ tokens: [TOKEN] });
    simulator.setNodeOnline("pve2", false);
    simulator.advance(60_000);
    const soon = await resources();
    expect(soon["node/pve2"]).toMatchObject({ status: "offline", maxcpu: 32 });
    expect(soon["node/pve2"]).not.toHaveProperty("mem");
    expect(soon["qemu/103"]).toMatchObject({ status: "running", name: "db-2" });
    simulator.advance(300_000);
    const later = await resources();
    expect(later["node/pve2"]).not.toHaveProperty("maxcpu");
    expect(later["qemu/103"]).toEqual({
      id: "qemu/103",
      vmid: 103,
      node: "pve2",
      type: "qemu",
      status: "unknown",
      tags: "prod",
      pool: "databases",
    });
  });

  test("shows a thousand guests on 32 nodes", async () => {
    const snapshot = generateCluster({ nodes: 32, guests: 1000 });
    simulator = await startProxmox({ tokens: [TOKEN], snapshot });
    const all = await resources();
    expect(Object.keys(all).filter((id) => /^(?:qemu|lxc)\//.test(id))).toHaveLength(1000);
    expect(Object.keys(all).filter((id) => id.startsWith("node/"))).toHaveLength(32);
  });
});

describe("what a caller without privileges sees", () => {
  const bare = { id: "bare@pve!none", secret: "secret-of-bare" };

  test("nodes without figures and nothing else", async () => {
    simulator = await startProxmox({ tokens: [{ ...bare, privsep: true }] });
    expect(await resources("", bare)).toEqual(
      Object.fromEntries(
        ["pve1", "pve2", "pve3", "pve4"].map((node) => [
          `node/${node}`,
          { id: `node/${node}`, node, type: "node", status: "online", hastate: "online" },
        ]),
      ),
    );
    const refused = await call(simulator, "GET", "/cluster/status", undefined, bare);
    expect(refused.reason).toBe("Permission check failed (/, Sys.Audit)");
    const rules = await call(simulator, "GET", "/cluster/ha/rules", undefined, bare);
    expect(rules.status).toBe(403);
  });

  test("only the guests, storages and pools that it may look at", async () => {
    const acl = [
      { path: "/vms/100", role: "PVEAuditor" },
      { path: "/storage/ceph", role: "PVEAuditor" },
      { path: "/pool/databases", role: "PVEAuditor" },
    ];
    simulator = await startProxmox({ tokens: [{ ...bare, privsep: true, acl }] });
    const seen = Object.keys(await resources("", bare)).filter((id) => !id.startsWith("node/"));
    expect(seen.toSorted()).toEqual([
      "/pool/databases",
      "qemu/100",
      "qemu/102",
      "qemu/103",
      "storage/pve1/ceph",
      "storage/pve2/ceph",
      "storage/pve3/ceph",
      "storage/pve4/ceph",
    ]);
    const list = await data<Row[]>(simulator, "/nodes/pve1/qemu", bare);
    expect(list.map((row) => row.vmid).toSorted()).toEqual([100, 102]);
  });

  test("its own tasks; an auditor sees all", async () => {
    simulator = await startProxmox({
      tokens: [TOKEN, { ...bare, privsep: true, acl: [{ path: "/vms", role: "PVEVMUser" }] }],
      readOnlyToken: READER,
    });
    await start(simulator, "POST", "/nodes/pve4/qemu/118/status/start");
    const own = await call(simulator, "POST", "/nodes/pve1/qemu/117/status/stop", {}, bare);
    simulator.advance(10_000);
    const types = async (token: typeof TOKEN): Promise<unknown[]> =>
      (await data<Row[]>(simulator, "/cluster/tasks", token)).map((task) => task.type).toSorted();
    expect(own.status).toBe(200);
    expect(await types(bare)).toEqual(["qmstop"]);
    expect(await types(READER)).toEqual(["qmstart", "qmstop"]);
  });
});

describe("nodes", () => {
  test("tell about themselves, through the contacted node", async () => {
    simulator = await startProxmox({ tokens: [TOKEN] });
    const status = await data(simulator, "/nodes/pve2/status");
    expect(status).toMatchObject({
      cpuinfo: { cpus: 32, mhz: expect.any(String) },
      loadavg: [expect.any(String), expect.any(String), expect.any(String)],
      memory: { total: 96 * 2 ** 30, available: expect.any(Number) },
      pveversion: expect.stringMatching(/^pve-manager\/9\.1\.9\//),
    });
    expect(await data(simulator, "/nodes/pve2/version")).toMatchObject({ version: "9.1.9" });
    const network = await data<Row[]>(simulator, "/nodes/pve2/network?type=bridge");
    expect(network).toMatchObject([{ iface: "vmbr0", type: "bridge", active: 1 }]);
    const storages = await data<Row[]>(simulator, "/nodes/pve2/storage?content=images");
    expect(storages.map((row) => [row.storage, row.shared])).toEqual([
      ["ceph", 1],
      ["local-lvm", 0],
    ]);
  });

  test.each([
    ["9.1", "day", 1440, true],
    ["8.4", "day", 70, false],
    ["9.1", "hour", 60, true],
  ])("version %s keeps figures of a %s in %i points", async (version, timeframe, points, psi) => {
    simulator = await startProxmox({ tokens: [TOKEN], version });
    const path = `rrddata?timeframe=${timeframe}&cf=AVERAGE`;
    const node = await data<Row[]>(simulator, `/nodes/pve1/${path}`);
    // The contacted node answers for all, and the kind in the path does not matter.
    const guest = await data<Row[]>(simulator, `/nodes/pve3/qemu/201/${path}`);
    expect([node.length, guest.length]).toEqual([points, points]);
    expect(node.at(-1)).toMatchObject({ maxcpu: 32, memtotal: 96 * 2 ** 30 });
    expect(guest.at(-1)).toMatchObject({ maxcpu: 2, cpu: 0.1 });
    expect("pressurecpusome" in (node.at(-1) ?? {})).toBe(psi);
    expect("pressurememoryfull" in (guest.at(-1) ?? {})).toBe(psi);
  });
});

describe("a node that has booted, and on which corosync does not run yet", () => {
  test("shows itself as if it had no cluster, and the cluster's configuration all the same", async () => {
    simulator = await startProxmox({ tokens: [TOKEN], entryNode: "pve2" });
    simulator.setNodeJoined("pve2", false);
    const status = await data<Row[]>(simulator, "/cluster/status");
    expect(status).toMatchObject([{ type: "node", name: "pve2", nodeid: 0, local: 1, online: 1 }]);
    const rows = await data<Row[]>(simulator, "/cluster/resources");
    const nodes = rows.filter(({ type }) => type === "node").map(({ node }) => node);
    expect(nodes).toEqual(["pve2"]);
    const elsewhere = rows.filter(({ vmid, node }) => vmid !== undefined && node !== "pve2");
    expect(new Set(elsewhere.map((row) => row.status))).toEqual(new Set(["unknown"]));
    const configured = await data<Row[]>(simulator, "/cluster/config/nodes");
    expect(configured.map(({ node }) => node)).toEqual(["pve1", "pve2", "pve3", "pve4"]);
    const refused = await call(simulator, "POST", "/nodes/pve2/qemu/201/status/stop", {});
    expect([refused.status, refused.body?.message]).toEqual([
      500,
      expect.stringContaining("cluster not ready - no quorum?"),
    ]);
    simulator.setNodeJoined("pve2", true);
    expect(await data<Row[]>(simulator, "/cluster/status")).toHaveLength(5);
  });
});

describe("a cluster of one", () => {
  test("has no cluster entry, and its only node the id 0", async () => {
    simulator = await startProxmox({
      tokens: [TOKEN],
      snapshot: generateCluster({ nodes: 1, guests: 3 }),
    });
    const status = await data<Row[]>(simulator, "/cluster/status");
    expect(status).toMatchObject([{ type: "node", nodeid: 0, local: 1, online: 1 }]);
    expect(await data(simulator, "/cluster/config/nodes")).toEqual([]);
  });
});
