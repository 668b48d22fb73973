import { generateCluster, type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { afterEach, describe, expect, test } from "vitest";
import { data, TOKEN } from "./client.ts";

const GIB = 2 ** 30;
let simulator: ProxmoxSimulator;
afterEach(() => simulator.close());

type Row = Record<string, unknown>;

const everything = {
  format: "cluster-snapshot",
  version: 1,
  meta: { name: "gold" },
  policy: {
    migrationBytesPerSecond: 2e9,
    localDiskBytesPerSecond: 5e8,
    migrationOverheadSeconds: 2,
  },
  nodes: [
    {
      name: "alpha",
      pveVersion: "9.1.4",
      cpu: { cores: 16, used: 3.5 },
      memory: { total: 64 * GIB, used: 20 * GIB },
      disk: { total: 480 * GIB, used: 60 * GIB },
      base: { cpu: 0.7, memory: 2 * GIB },
      storages: [
        { id: "ceph", shared: true, total: 1000 * GIB, used: 300 * GIB },
        { id: "local-lvm", shared: false, total: 500 * GIB, used: 90 * GIB },
      ],
      bridges: ["vmbr0", "vmbr7"],
      psi: { cpuSome: 1.5, memorySome: 0.25, memoryFull: 0.125, ioSome: 0.5, ioFull: 0.1 },
    },
    {
      name: "beta",
      maintenance: true,
      pveVersion: "9.1.9",
      cpu: { cores: 16, used: 0.5 },
      memory: { total: 64 * GIB, used: 3 * GIB },
      storages: [{ id: "ceph", shared: true, total: 1000 * GIB, used: 300 * GIB }],
    },
    { name: "gamma", status: "offline", cpu: { cores: 8 }, memory: { total: 32 * GIB } },
  ],
  guests: [
    {
      id: 100,
      name: "web",
      type: "qemu",
      node: "alpha",
      cpu: { cores: 4, used: 0.5 },
      memory: { total: 8 * GIB, used: 6 * GIB },
      disk: { total: 42 * GIB, used: 20 * GIB },
      volumes: [
        { storage: "ceph", bytes: 32 * GIB },
        { storage: "local-lvm", bytes: 10 * GIB },
      ],
      bridges: ["vmbr7"],
      tags: ["prod", "plb_affinity_web"],
      pool: "site",
      ha: { state: "started" },
      psi: { cpuSome: 2, cpuFull: 1 },
    },
    {
      id: 101,
      name: "gpu",
      type: "qemu",
      node: "alpha",
      status: "stopped",
      cpu: { cores: 2, used: 0 },
      memory: { total: 4 * GIB, used: 0 },
      localResources: ["hostpci0", "usb1"],
      lock: "backup",
    },
    {
      id: 200,
      name: "dns",
      type: "lxc",
      node: "beta",
      cpu: { cores: 1, used: 0.1 },
      memory: { total: GIB, used: GIB / 2 },
      disk: { total: 8 * GIB, used: 3 * GIB },
      volumes: [{ storage: "ceph", bytes: 8 * GIB }],
      ha: { state: "started" },
    },
    {
      id: 300,
      name: "lost",
      type: "qemu",
      node: "gamma",
      status: "unknown",
      cpu: { cores: 1, used: 0 },
      memory: { total: GIB, used: 0 },
    },
  ],
  pools: { site: {}, empty: {} },
  haRules: [
    {
      id: "near",
      type: "node-affinity",
      resources: ["vm:100"],
      nodes: { alpha: 2, beta: 1 },
      strict: true,
    },
    {
      id: "apart",
      type: "resource-affinity",
      affinity: "negative",
      resources: ["vm:100", "ct:200"],
    },
  ],
} as const;

describe("a snapshot", () => {
  test("comes back over the API as it went in", async () => {
    simulator = await startProxmox({ tokens: [TOKEN], snapshot: everything });
    const rows = await data<Row[]>(simulator, "/cluster/resources");
    const by = Object.fromEntries(rows.map((row) => [String(row.id), row]));
    expect(by["node/alpha"]).toMatchObject({
      cpu: 3.5 / 16,
      maxcpu: 16,
      mem: 20 * GIB,
      maxmem: 64 * GIB,
      disk: 60 * GIB,
      hastate: "online",
    });
    expect(by["node/beta"]).toMatchObject({ hastate: "maintenance", mem: 3 * GIB });
    expect(by["node/gamma"]).toEqual({
      id: "node/gamma",
      node: "gamma",
      type: "node",
      status: "offline",
      hastate: "unknown",
    });
    expect(by["storage/alpha/ceph"]).toMatchObject({
      disk: 300 * GIB,
      maxdisk: 1000 * GIB,
      shared: 1,
    });
    expect(by["storage/alpha/local-lvm"]).toMatchObject({ disk: 90 * GIB, shared: 0 });
    expect(by["storage/beta/local-lvm"]).toBeUndefined();
    expect(by["qemu/100"]).toMatchObject({
      name: "web",
      cpu: 0.5,
      maxcpu: 4,
      mem: 6 * GIB,
      maxmem: 8 * GIB,
      tags: "prod;plb_affinity_web",
      pool: "site",
      hastate: "started",
    });
    expect(by["qemu/101"]).toMatchObject({ status: "stopped", lock: "backup" });
    expect(by["lxc/200"]).toMatchObject({ disk: 3 * GIB, maxdisk: 8 * GIB });
    expect(by["qemu/300"]).toEqual({
      id: "qemu/300",
      vmid: 300,
      node: "gamma",
      type: "qemu",
      status: "unknown",
    });
    expect(by["/pool/empty"]).toBeDefined();
    const config = await data(simulator, "/nodes/alpha/qemu/100/config");
    expect(config).toMatchObject({
      scsi0: "ceph:vm-100-disk-0,iothread=1,size=32G",
      scsi1: "local-lvm:vm-100-disk-1,iothread=1,size=10G",
      net0: expect.stringContaining("bridge=vmbr7"),
    });
    const gpu = await data(simulator, "/nodes/alpha/qemu/101/config");
    expect(gpu).toMatchObject({ hostpci0: expect.any(String), usb1: expect.any(String) });
    expect((await data(simulator, "/nodes/alpha/version")).version).toBe("9.1.4");
    expect((await data(simulator, "/nodes/beta/version")).version).toBe("9.1.9");
    const bridges = await data<Row[]>(simulator, "/nodes/alpha/network?type=bridge");
    expect(bridges.map((row) => row.iface)).toEqual(["vmbr0", "vmbr7"]);
  });

  test("with its rules and its pressure", async () => {
    simulator = await startProxmox({ tokens: [TOKEN], snapshot: everything });
    expect(await data<Row[]>(simulator, "/cluster/ha/rules")).toMatchObject([
      { rule: "near", type: "node-affinity", nodes: "alpha:2,beta:1", strict: 1 },
      {
        rule: "apart",
        type: "resource-affinity",
        affinity: "negative",
        resources: "vm:100,ct:200",
      },
    ]);
    const query = "rrddata?timeframe=hour&cf=AVERAGE";
    const node = await data<Row[]>(simulator, `/nodes/alpha/${query}`);
    expect(node.at(-1)).toMatchObject({
      pressurecpusome: 1.5,
      pressurememorysome: 0.25,
      pressurememoryfull: 0.125,
      pressureiosome: 0.5,
      pressureiofull: 0.1,
    });
    const guest = await data<Row[]>(simulator, `/nodes/alpha/qemu/100/${query}`);
    expect(guest.at(-1)).toMatchObject({ pressurecpusome: 2, pressurecpufull: 1 });
  });

  test("gives way to a version that is given besides: rules of nodes are groups then", async () => {
    simulator = await startProxmox({ tokens: [TOKEN], snapshot: everything, version: "8.4" });
    expect((await data(simulator, "/nodes/alpha/version")).version).toBe("8.4.21");
    const groups = await data<Row[]>(simulator, "/cluster/ha/groups");
    expect(groups).toMatchObject([{ group: "near", nodes: "alpha:2,beta:1", restricted: 1 }]);
    expect(await data(simulator, "/cluster/ha/resources/vm:100")).toMatchObject({ group: "near" });
  });

  test.each([
    ["no object", [], "This is no cluster-snapshot of version 1"],
    ["another version", { ...everything, version: 2 }, "version"],
    [
      "a guest on a node that is not there",
      { ...everything, nodes: everything.nodes.slice(0, 2) },
      'Guest 300 of the snapshot is on "gamma"',
    ],
    [
      "a guest twice",
      { ...everything, guests: [...everything.guests, everything.guests[0]] },
      "names guest 100 twice",
    ],
  ])("with %s is refused", async (_, snapshot, message) => {
    simulator = await startProxmox();
    await expect(startProxmox({ snapshot: snapshot as never })).rejects.toThrow(message);
  });
});

describe("recorded answers", () => {
  const recorded = {
    data: [
      {
        id: "qemu/100",
        type: "qemu",
        vmid: 100,
        node: "pve2",
        name: "web1",
        status: "running",
        template: 0,
        maxcpu: 1,
        cpu: 0.0249,
        maxmem: 1_073_741_824,
        mem: 842_551_296,
        memhost: 901_775_360,
        maxdisk: 34_359_738_368,
        disk: 0,
        uptime: 874_350,
        netin: 2_456_116_121,
        netout: 545_248_946,
        diskread: 4_510_777_856,
        diskwrite: 6_059_209_728,
        tags: "prod;web",
        pool: "dev",
        hastate: "started",
      },
      { id: "qemu/103", type: "qemu", vmid: 103, node: "pve3", status: "unknown" },
      {
        id: "node/pve1",
        type: "node",
        node: "pve1",
        status: "online",
        maxcpu: 4,
        cpu: 0.005,
        maxmem: 16_668_827_648,
        mem: 1_681_965_056,
        maxdisk: 482_713_534_464,
        disk: 2_983_723_008,
        uptime: 872_961,
      },
      {
        id: "node/pve2",
        type: "node",
        node: "pve2",
        status: "online",
        hastate: "maintenance",
        maxcpu: 12,
        cpu: 0.0625,
        maxmem: 33_567_911_936,
        mem: 8_127_873_024,
      },
      { id: "node/pve3", type: "node", node: "pve3", status: "offline" },
      {
        id: "storage/pve1/ceph",
        type: "storage",
        storage: "ceph",
        node: "pve1",
        shared: 1,
        plugintype: "rbd",
        content: "images,rootdir",
        maxdisk: 10_737_418_240_000,
        disk: 104_857_600_000,
        status: "available",
      },
    ],
  };

  test("become a cluster that gives the same answers again", async () => {
    const startAt = Date.UTC(2026, 2, 1);
    simulator = await startProxmox({ tokens: [TOKEN], resources: recorded, startAt });
    const rows = await data<Row[]>(simulator, "/cluster/resources");
    const by = new Map(rows.map((row) => [row.id, row]));
    for (const entry of recorded.data) expect(by.get(entry.id)).toMatchObject(entry);
  });

  test("in which guests can move: shared storage is taken to reach every node", async () => {
    simulator = await startProxmox({ tokens: [TOKEN], resources: recorded.data });
    const answer = await data(simulator, "/nodes/pve2/qemu/100/migrate");
    expect((answer.allowed_nodes as string[]).toSorted()).toEqual(["pve1", "pve3"]);
  });

  test("with the rules and the guests of HA besides, as they were recorded", async () => {
    const rule = { rule: "near", type: "node-affinity", resources: "vm:100", nodes: "pve1:2,pve2" };
    const resource = { sid: "vm:100", type: "vm", state: "started", max_restart: 3 };
    simulator = await startProxmox({
      tokens: [TOKEN],
      resources: recorded,
      haRules: { data: [{ ...rule, strict: 0, disable: 1 }] },
      haResources: [resource],
    });
    const rules = await data<Row[]>(simulator, "/cluster/ha/rules");
    expect(rules).toMatchObject([{ ...rule, strict: 0, disable: 1 }]);
    const resources = await data<Row[]>(simulator, "/cluster/ha/resources");
    expect(resources).toMatchObject([resource]);
    await expect(startProxmox({ resources: recorded, haRules: [{ rule: "x" }] })).rejects.toThrow(
      "This is no answer of GET /cluster/ha/rules",
    );
  });

  test("that are none are refused", async () => {
    simulator = await startProxmox();
    await expect(startProxmox({ resources: { data: [{ type: "qemu" }] } })).rejects.toThrow(
      /This is no answer of GET \/cluster\/resources:\n {2}0: a guest has a vmid/,
    );
    await expect(startProxmox({ resources: [] })).rejects.toThrow(/no entry of type node/);
  });
});

describe("a generated cluster", () => {
  test("is the same for the same seed, out of balance, and nowhere overfull", async () => {
    const one = generateCluster({ nodes: 12, guests: 300, seed: 7 });
    expect(generateCluster({ nodes: 12, guests: 300, seed: 7 })).toEqual(one);
    expect(generateCluster({ nodes: 12, guests: 300, seed: 8 })).not.toEqual(one);
    simulator = await startProxmox({ tokens: [TOKEN], snapshot: one });
    const nodes = await data<{ mem: number; maxmem: number }[]>(simulator, "/nodes");
    const shares = nodes.map((node) => node.mem / node.maxmem);
    expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.3);
    expect(Math.max(...shares)).toBeLessThan(0.95);
    expect(() => generateCluster({ nodes: 0 })).toThrow(RangeError);
  });
});
