import { generateCluster, type ProxmoxSimulatorOptions } from "@kappa4/simulator";
import { afterEach, describe, expect, it } from "vitest";
import { connectTo, startCluster, TOKEN_SECRET } from "./target.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(options: ProxmoxSimulatorOptions = {}) {
  const simulator = await startCluster(options);
  open.push(simulator);
  const connector = connectTo(simulator);
  open.push(connector);
  return { simulator, connector };
}

describe("reading a whole cluster", () => {
  it.each(["8.4", "9.1"])(
    "costs seven requests for 1,000 guests on version %s",
    async (version) => {
      const snapshot = generateCluster({ nodes: 32, guests: 1000 });
      const { simulator, connector } = await start({ version, snapshot });
      const read = await connector.cluster.snapshot();
      expect([read.nodes.length, read.guests.length]).toEqual([32, 1000]);
      expect(simulator.requests).toHaveLength(7);
      expect(new Set(simulator.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
      expect(read.meta.warnings).toEqual([]);
    },
  );

  it("tells what HA knows", async () => {
    const { simulator, connector } = await start({ maintenance: ["pve2"] });
    const snapshot = await connector.cluster.snapshot();
    expect(snapshot.nodes.find(({ name }) => name === "pve2")?.maintenance).toBe(true);
    expect(snapshot.guests.find(({ id }) => id === 115)?.ha?.state).toBe("started");
    expect(snapshot.haRules).toEqual([
      {
        id: "lb-apart",
        type: "resource-affinity",
        affinity: "negative",
        resources: ["vm:115", "vm:116"],
      },
    ]);
    expect(snapshot.pools).toEqual({ databases: {} });
    expect(snapshot.meta).toMatchObject({ name: "lab", kind: "proxmox", autoRebalance: false });
    expect(snapshot.meta.takenAt).toBe(new Date(simulator.now()).toISOString());
  });

  it("keeps what is on a lost node, and says so", async () => {
    const { connector } = await start({ offline: ["pve2"] });
    const snapshot = await connector.cluster.snapshot();
    expect(snapshot.nodes.find(({ name }) => name === "pve2")?.status).toBe("offline");
    const stale = snapshot.guests.filter(({ node }) => node === "pve2");
    expect(stale.length).toBeGreaterThan(0);
    expect(new Set(stale.map(({ status }) => status))).toEqual(new Set(["unknown"]));
    expect(snapshot.meta.warnings?.join()).toContain("have not been reported");
  });

  it("waits for a node that is not connected with its cluster yet: what it says of itself is not the cluster", async () => {
    const { simulator, connector } = await start();
    simulator.setNodeJoined("pve1", false);
    const error = {
      code: "unavailable",
      message: expect.stringContaining("pve1 belongs to a cluster and is not connected with it"),
    };
    await expect(connector.cluster.state()).rejects.toMatchObject(error);
    await expect(connector.cluster.snapshot()).rejects.toMatchObject(error);
    const join = async () => simulator.setNodeJoined("pve1", true);
    const patient = connectTo(
      simulator,
      {},
      { clock: { now: () => simulator.now(), sleep: join } },
    );
    open.push(patient);
    const { name, nodes } = await patient.cluster.state();
    expect([name, nodes.length]).toEqual(["lab", 4]);
  });

  it("asks the next address while one of them belongs to such a node", async () => {
    const { simulator, connector } = await start({ entryNodes: [{ node: "pve2" }] });
    const entries = async () => {
      const from = simulator.requests.length;
      const began = simulator.now();
      const { name } = await connector.cluster.state();
      const asked = simulator.requests.slice(from).map(({ node }) => node);
      return { name, asked: [...new Set(asked)], waitedMs: simulator.now() - began };
    };
    simulator.setNodeJoined("pve1", false);
    expect(await entries()).toEqual({ name: "lab", asked: ["pve1", "pve2"], waitedMs: 0 });
    // What follows goes to the one that is well.
    expect(await entries()).toEqual({ name: "lab", asked: ["pve2"], waitedMs: 0 });
    expect((await connector.cluster.snapshot()).nodes).toHaveLength(4);
    simulator.setNodeJoined("pve2", false);
    simulator.setNodeJoined("pve1", true);
    expect(await entries()).toEqual({ name: "lab", asked: ["pve2", "pve1"], waitedMs: 0 });
    simulator.setNodeJoined("pve1", false);
    await expect(connector.cluster.state()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("goes by the name of a node that has no cluster", async () => {
    const { connector } = await start({ snapshot: generateCluster({ nodes: 1, guests: 3 }) });
    const { name, nodes } = await connector.cluster.state();
    expect(name).toBe(nodes[0]?.name);
  });

  it("says when there is no quorum", async () => {
    const { simulator, connector } = await start();
    simulator.setQuorum(false);
    const { meta } = await connector.cluster.snapshot();
    expect(meta.warnings?.join()).toContain("no quorum");
  });

  it("does with what credentials may see, and says what is missing", async () => {
    const acl = [{ path: "/vms", privileges: ["VM.Audit"] }];
    const token = { id: "viewer@pve!few", secret: TOKEN_SECRET, acl, privsep: true };
    const simulator = await startCluster({ tokens: [token] });
    open.push(simulator);
    const auth = { type: "token", token: `viewer@pve!few=${TOKEN_SECRET}` } as const;
    const connector = connectTo(simulator, { auth });
    open.push(connector);
    const snapshot = await connector.cluster.snapshot();
    expect(snapshot.guests).toHaveLength(24);
    expect(snapshot.nodes.every(({ status }) => status === "unknown")).toBe(true);
    expect(snapshot.meta.name).toBe("gold");
    expect(snapshot.meta.warnings).toHaveLength(5);
    const missing = await connector.cluster.checkAccess();
    expect(missing.map(({ privilege, path }) => `${privilege} ${path}`)).toEqual([
      "Sys.Audit /",
      "Sys.Audit /nodes",
      "VM.Migrate /vms",
      "Datastore.Audit /storage",
      "Pool.Audit /pool",
    ]);
  });

  it("asks a node that went away just now a few times, not once for each guest", async () => {
    const options = { snapshot: generateCluster({ nodes: 3, guests: 300 }) };
    const { simulator, connector } = await start(options);
    const [, , away = ""] = (await connector.cluster.state()).nodes.map(({ name }) => name);
    simulator.setNodeOnline(away, false);
    const snapshot = await connector.cluster.snapshot({ detail: "full" });
    const guests = snapshot.guests.filter(({ node }) => node === away);
    expect(guests.length).toBeGreaterThan(60);
    expect(guests.every(({ volumes }) => volumes === undefined)).toBe(true);
    const others = snapshot.guests.filter(({ node, template }) => node !== away && !template);
    expect(others.every(({ volumes }) => volumes !== undefined)).toBe(true);
    expect(snapshot.meta.warnings).toContain(
      `${away} does not answer: ${guests.length} of its guests could not be described.`,
    );
    // At most 16 guests are asked for at a time, with two requests each, twice.
    expect(simulator.requests.filter(({ status }) => status === 595).length).toBeLessThan(65);
  });

  it.each([403, 500])("goes on when one guest cannot be read: %i", async (status) => {
    const { simulator, connector } = await start();
    const on = { method: "GET", path: "/nodes/pve1/qemu/100/config" };
    simulator.faults.add({ kind: "status", status, on, times: 9 });
    const snapshot = await connector.cluster.snapshot({ detail: "full" });
    const undescribed = snapshot.guests.filter(
      ({ volumes, template }) => volumes === undefined && !template,
    );
    expect(undescribed.map(({ id }) => id)).toEqual([100]);
    expect(snapshot.meta.warnings).toContainEqual(
      expect.stringContaining("Guest 100 could not be described"),
    );
  });

  it("describes every guest although the line stumbles", async () => {
    const { simulator, connector } = await start();
    const on = { method: "GET", path: /\/config$/ };
    simulator.faults.add({ kind: "cut-before", on, times: 3 });
    simulator.faults.add({ kind: "status", status: 503, on, times: 1 });
    const snapshot = await connector.cluster.snapshot({ detail: "full" });
    expect(snapshot.meta.warnings).toEqual([]);
  });

  it("reads the pressure of nodes and guests when asked", async () => {
    const { connector } = await start();
    const plain = await connector.cluster.snapshot();
    expect(plain.nodes.some(({ psi }) => psi !== undefined)).toBe(false);
    const snapshot = await connector.cluster.snapshot({ psi: true });
    expect(snapshot.nodes.every(({ psi }) => psi !== undefined)).toBe(true);
    expect(snapshot.guests.find(({ id }) => id === 105)?.psi).toBeDefined();
  });

  it("has no pressure on version 8, and says so", async () => {
    const { connector } = await start({ version: "8.4" });
    const snapshot = await connector.cluster.snapshot({ psi: true });
    expect(snapshot.nodes.some(({ psi }) => psi !== undefined)).toBe(false);
    expect(snapshot.meta.warnings?.join()).toContain(
      "No pressure figures of pve1, pve2, pve3, pve4",
    );
  });
});

describe("describing guests", () => {
  it("tells volumes, networks and what holds a guest, in two requests each", async () => {
    const { simulator, connector } = await start();
    const details = await connector.cluster.describeGuests([100, 107, 111, "203"]);
    expect(simulator.requests).toHaveLength(1 + 3 * 2 + 1);
    const GIB = 2 ** 30;
    expect(
      details.map(({ id, volumes, bridges, localResources }) => ({
        id,
        volumes,
        bridges,
        localResources,
      })),
    ).toEqual([
      {
        id: 100,
        volumes: [{ storage: "ceph", bytes: 32 * GIB }],
        bridges: ["vmbr0"],
        localResources: [],
      },
      {
        id: 107,
        volumes: [{ storage: "ceph", bytes: 32 * GIB }],
        bridges: ["vmbr0"],
        localResources: ["hostpci0"],
      },
      {
        id: 111,
        volumes: [{ storage: "local-lvm", bytes: 120 * GIB }],
        bridges: ["vmbr0"],
        localResources: [],
      },
      {
        id: 203,
        volumes: [{ storage: "local-lvm", bytes: 8 * GIB }],
        bridges: ["vmbr0"],
        localResources: [],
      },
    ]);
  });

  it("looks for nobody whom a snapshot shows, and for everybody where it lacks one", async () => {
    const { simulator, connector } = await start();
    const snapshot = await connector.cluster.snapshot();
    const before = simulator.requests.length;
    await connector.cluster.describeGuests([100, "203"], { snapshot });
    expect(simulator.requests.length - before).toBe(2 + 1);
    const guests = snapshot.guests.filter(({ id }) => id !== 203);
    await connector.cluster.describeGuests([203], { snapshot: { guests } });
    expect(simulator.requests.length - before).toBe(3 + 1 + 1);
  });

  it("manages for a locked guest, and without the right to move", async () => {
    const { simulator } = await start();
    const connector = connectTo(simulator);
    open.push(connector);
    const [locked] = await connector.cluster.describeGuests([114]);
    expect(locked).toMatchObject({ lock: "backup", volumes: [{ storage: "ceph" }] });
    simulator.faults.add({ kind: "status", status: 403, on: { path: /qemu\/107\/migrate$/ } });
    const [looked] = await connector.cluster.describeGuests([107]);
    expect(looked?.localResources).toEqual(["hostpci0"]);
  });

  it("finds a guest that moved in between", async () => {
    const { simulator, connector } = await start();
    const missing = JSON.stringify({
      data: null,
      message: "Configuration file 'nodes/pve1/lxc/200.conf' does not exist\n",
    });
    simulator.faults.add({
      kind: "status",
      status: 500,
      body: missing,
      on: { path: /lxc\/200\/config$/ },
    });
    const [detail] = await connector.cluster.describeGuests([200]);
    expect(detail?.id).toBe(200);
    const snapshot = await connector.cluster.snapshot();
    const guests = snapshot.guests.map((guest) => ({ ...guest, node: "pve2" }));
    const [moved] = await connector.cluster.describeGuests([200], { snapshot: { guests } });
    expect(moved?.id).toBe(200);
  });

  it.each([99, "web-1", 100.5, -1])("knows no guest %j", async (id) => {
    const { connector } = await start();
    await expect(connector.cluster.describeGuests([id])).rejects.toMatchObject({
      code: "invalid_argument",
    });
  });
});
