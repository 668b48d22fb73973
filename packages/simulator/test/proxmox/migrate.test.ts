import {
  type ProxmoxSimulator,
  type ProxmoxSimulatorOptions,
  startProxmox,
} from "@kappa4/simulator";
import { afterEach, describe, expect, test } from "vitest";
import { call, data, start, statusOf, TOKEN } from "./client.ts";

const GIB = 2 ** 30;
let simulator: ProxmoxSimulator;
afterEach(() => simulator.close());

async function begin(options: ProxmoxSimulatorOptions = {}): Promise<void> {
  simulator = await startProxmox({ tokens: [TOKEN], ...options });
}

async function move(
  node: string,
  kind: "qemu" | "lxc",
  id: number,
  form: Record<string, string | number>,
): Promise<string> {
  return await start(simulator, "POST", `/nodes/${node}/${kind}/${id}/migrate`, form);
}

async function logOf(upid: string): Promise<string> {
  const node = upid.split(":")[1];
  const rows = await data<{ t: string }[]>(simulator, `/nodes/${node}/tasks/${upid}/log?limit=0`);
  return rows.map((row) => row.t).join("\n");
}

describe("a VM", () => {
  test("moves live: locked on the way, on the target before the task ends", async () => {
    await begin();
    const upid = await move("pve1", "qemu", 102, { target: "pve4", online: 1 });
    expect(upid).toMatch(
      /^UPID:pve1:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:qmigrate:102:automation@pve!kappa4:$/,
    );
    simulator.advance(6000);
    expect(simulator.guest(102).config.get("lock")).toBe("migrate");
    expect(simulator.guest(102).node).toBe("pve1");
    const second = await call(simulator, "POST", "/nodes/pve1/qemu/102/migrate", {
      target: "pve3",
      online: 1,
    });
    expect(second.reason).toBe("VM is locked (migrate)");
    // 13.5 GiB at 1 GB/s, and 8 s besides: it switches in the last seconds.
    simulator.advance(13_000);
    expect(simulator.guest(102).node).toBe("pve4");
    expect(await statusOf(simulator, upid)).toBe("running");
    simulator.advance(5000);
    expect(await statusOf(simulator, upid)).toBe("OK");
    expect(simulator.guest(102)).toMatchObject({ node: "pve4", running: true });
    expect(simulator.guest(102).config.has("lock")).toBe(false);
    const log = await logOf(upid);
    expect(log).toMatch(/starting migration of VM 102 to node 'pve4'/);
    expect(log).toMatch(
      /migration active, transferred 4\.\d GiB of 16\.0 GiB VM-state, \d+\.\d MiB\/s/,
    );
    expect(log).toMatch(/migration finished successfully \(duration 00:00:\d\d\)\nTASK OK$/);
  });

  test("its memory arrives on the target bit by bit and leaves the source at the end", async () => {
    await begin();
    const used = async (node: string): Promise<number> =>
      ((await data(simulator, `/nodes/${node}/status`)).memory as { used: number }).used;
    const before = await used("pve4");
    await move("pve1", "qemu", 102, { target: "pve4", online: 1 });
    simulator.advance(9000);
    const midway = await used("pve4");
    simulator.advance(30_000);
    expect(midway - before).toBeGreaterThan(3 * GIB);
    expect(midway - before).toBeLessThan(13.5 * GIB);
    const { hostOverheadBytes } = simulator.guest(102);
    expect((await used("pve4")) - before).toBe(13.5 * GIB + hostOverheadBytes);
  });

  test("takes longer beside another from the same node", async () => {
    const alone = await secondsFor([102]);
    const together = await secondsFor([102, 105]);
    expect(together).toBeGreaterThan(alone * 1.4);
  });

  test("takes more rounds when it rewrites its memory, and gets there all the same", async () => {
    await begin();
    simulator.setLoad(108, { dirtyBytesPerSecond: 900_000_000 });
    const upid = await move("pve1", "qemu", 108, { target: "pve3", online: 1 });
    simulator.advance(200_000);
    expect(await statusOf(simulator, upid)).toBe("OK");
    expect(await logOf(upid)).toMatch(/auto-increased downtime/);
  });

  test("takes its local disk along only when told to", async () => {
    await begin();
    const without = await move("pve1", "qemu", 111, { target: "pve3", online: 1 });
    simulator.advance(10_000);
    expect(await statusOf(simulator, without)).toBe("migration aborted");
    expect(await logOf(without)).toMatch(
      /can't live migrate attached local disks without with-local-disks/,
    );
    const bytes = async (node: string): Promise<number> =>
      Number((await data(simulator, `/nodes/${node}/storage/local-lvm/status`)).used);
    const before = await bytes("pve3");
    const upid = await move("pve1", "qemu", 111, {
      target: "pve3",
      online: 1,
      "with-local-disks": 1,
    });
    simulator.advance(120_000);
    expect(await statusOf(simulator, upid)).toBe("running");
    simulator.advance(480_000);
    expect(await statusOf(simulator, upid)).toBe("OK");
    expect(await logOf(upid)).toMatch(/mirror-scsi0: transferred .* of 120\.0 GiB/);
    expect((await bytes("pve3")) - before).toBe(120 * GIB);
  });

  test("is slowed down by a limit of its own", async () => {
    await begin();
    const upid = await move("pve1", "qemu", 108, { target: "pve3", online: 1, bwlimit: 102_400 });
    simulator.advance(30_000);
    expect(await statusOf(simulator, upid)).toBe("running");
    simulator.advance(20_000);
    expect(await statusOf(simulator, upid)).toBe("OK");
    expect(await logOf(upid)).toMatch(/VM-state, 100\.0 MiB\/s/);
  });

  test("can change its storage on the way", async () => {
    await begin();
    const form = { target: "pve4", online: 1, "with-local-disks": 1, targetstorage: "ceph" };
    await move("pve1", "qemu", 111, form);
    simulator.advance(600_000);
    expect(simulator.guest(111).config.get("scsi0")).toMatch(/^ceph:vm-111-disk-0,/);
  });

  test("moves cold when it is stopped, whatever the flag says", async () => {
    await begin();
    const upid = await move("pve4", "qemu", 118, { target: "pve2", online: 1 });
    simulator.advance(10_000);
    expect(await statusOf(simulator, upid)).toBe("OK");
    expect(simulator.guest(118)).toMatchObject({ node: "pve2", running: false });
  });

  test.each([
    [
      "running without the flag",
      100,
      { target: "pve2" },
      "can't migrate running VM without --online",
    ],
    [
      "to a node that does not exist",
      100,
      { target: "pve9", online: 1 },
      "no such cluster node 'pve9'",
    ],
    [
      "with a storage that the target lacks",
      100,
      { target: "pve2", online: 1 },
      "storage 'ceph' is not available on node 'pve2'",
    ],
  ])("is refused at once when %s", async (_, id, form, reason) => {
    await begin();
    if (reason.startsWith("storage")) {
      await simulator.close();
      await begin({ snapshot: withoutCephOnPve2 });
    }
    const answer = await call(simulator, "POST", `/nodes/pve1/qemu/${id}/migrate`, form);
    expect(answer).toMatchObject({ status: 500, reason });
    expect(simulator.moves).toEqual([]);
  });

  test.each([
    [
      "a passed-through device",
      "pve2",
      107,
      "pve3",
      "can't migrate VM which uses local devices: hostpci0",
    ],
    [
      "a target that is down",
      "pve1",
      100,
      "pve4",
      "Can't connect to destination address using public key",
    ],
  ])("fails in the task because of %s", async (_, node, id, target, text) => {
    await begin({ offline: ["pve4"] });
    const upid = await move(node, "qemu", id, { target, online: 1 });
    simulator.advance(10_000);
    expect(await statusOf(simulator, upid)).toBe("migration aborted");
    expect(await logOf(upid)).toContain(text);
    expect(simulator.guest(id)).toMatchObject({ node, running: true });
  });

  test("knows the conntrack flag from version 9 on", async () => {
    for (const [version, status] of [
      ["8.4", 400],
      ["9.1", 200],
    ] as const) {
      const one = await startProxmox({ tokens: [TOKEN], version });
      const form = { target: "pve2", online: 1, "with-conntrack-state": 1 };
      expect((await call(one, "POST", "/nodes/pve1/qemu/100/migrate", form)).status).toBe(status);
      await one.close();
    }
    await begin();
  });
});

describe("a container", () => {
  test("stops, moves and starts again", async () => {
    await begin();
    const upid = await move("pve1", "lxc", 201, { target: "pve3", restart: 1 });
    simulator.advance(4500);
    expect(simulator.guest(201)).toMatchObject({ running: false, node: "pve1" });
    expect(simulator.guest(201).config.get("lock")).toBe("migrate");
    simulator.advance(20_000);
    expect(await statusOf(simulator, upid)).toBe("OK");
    expect(simulator.guest(201)).toMatchObject({ running: true, node: "pve3" });
    expect(await logOf(upid)).toMatch(/shutdown CT 201(?:.|\n)*start container on target node/);
  });

  test("is started again where it was when the move fails", async () => {
    await begin();
    simulator.faults.add({
      kind: "task-fails",
      on: { guest: 201 },
      phase: "memory",
      text: "rsync broke",
    });
    const upid = await move("pve1", "lxc", 201, { target: "pve3", restart: 1 });
    simulator.advance(20_000);
    expect(await statusOf(simulator, upid)).toBe("migration aborted");
    expect(simulator.guest(201)).toMatchObject({ running: true, node: "pve1" });
    expect(simulator.guest(201).config.has("lock")).toBe(false);
  });

  test("is refused at once without restart, and in the task when live or locked", async () => {
    await begin();
    const answer = await call(simulator, "POST", "/nodes/pve1/lxc/201/migrate", { target: "pve3" });
    expect(answer.reason).toBe("can't migrate running container without --online or --restart");
    const live = await move("pve1", "lxc", 201, { target: "pve3", online: 1 });
    simulator.advance(5000);
    expect(await logOf(live)).toContain("lxc live migration is currently not implemented");
    simulator.lockGuest(201, "backup");
    const locked = await move("pve1", "lxc", 201, { target: "pve3", restart: 1 });
    simulator.advance(5000);
    expect(await logOf(locked)).toContain("CT is locked (backup)");
  });
});

describe("preconditions", () => {
  test("of a VM, in both versions", async () => {
    await begin();
    const nine = await data(simulator, "/nodes/pve1/qemu/111/migrate");
    expect(nine).toMatchObject({
      running: 1,
      not_allowed_nodes: {},
      local_disks: [
        {
          volid: "local-lvm:vm-111-disk-0",
          size: 120 * GIB,
          drivename: "scsi0",
          is_attached: 1,
          shared: 0,
        },
      ],
      local_resources: [],
      "has-dbus-vmstate": 1,
      "dependent-ha-resources": [],
    });
    expect((nine.allowed_nodes as string[]).toSorted()).toEqual(["pve2", "pve3", "pve4"]);
    const gpu = await data(simulator, "/nodes/pve2/qemu/107/migrate");
    expect(gpu.local_resources).toEqual(["hostpci0"]);
    const eight = await startProxmox({ tokens: [TOKEN], version: "8.4" });
    const old = await data(eight, "/nodes/pve1/qemu/111/migrate");
    expect(old).not.toHaveProperty("has-dbus-vmstate");
    expect((await call(eight, "GET", "/nodes/pve1/lxc/201/migrate")).status).toBe(501);
    await eight.close();
  });

  test("name the mapped device that a node lacks, and so does the task", async () => {
    await begin();
    simulator.setMapping("gpu", ["pve1", "pve4"]);
    simulator.guest(100).config.set("hostpci0", "mapping=gpu,pcie=1");
    expect(await data(simulator, "/nodes/pve1/qemu/100/migrate")).toMatchObject({
      not_allowed_nodes: {
        pve2: { "unavailable-resources": ["hostpci0"] },
        pve3: { "unavailable-resources": ["hostpci0"] },
      },
      "mapped-resources": ["hostpci0"],
    });
    const upid = await move("pve1", "qemu", 100, { target: "pve3", online: 1 });
    simulator.advance(5000);
    expect(await logOf(upid)).toContain("missing mapped devices hostpci0");
    expect(() => simulator.setMapping("gpu", ["pve9"])).toThrow(RangeError);
  });

  test("name the storage that a node lacks, and the rule that keeps a service away", async () => {
    await begin({ snapshot: withoutCephOnPve2 });
    const answer = await data(simulator, "/nodes/pve1/qemu/100/migrate");
    expect(answer).toMatchObject({
      allowed_nodes: ["pve3"],
      not_allowed_nodes: { pve2: { unavailable_storages: ["ceph"] } },
    });
    await simulator.close();
    await begin();
    const apart = await data(simulator, "/nodes/pve1/qemu/115/migrate");
    expect(apart.not_allowed_nodes).toEqual({
      pve3: { "blocking-ha-resources": [{ sid: "vm:116", cause: "resource-affinity" }] },
    });
    const container = await data(simulator, "/nodes/pve1/lxc/201/migrate");
    expect(container).toMatchObject({ running: 1, "not-allowed-nodes": {} });
  });
});

const withoutCephOnPve2 = {
  format: "cluster-snapshot",
  version: 1,
  nodes: ["pve1", "pve2", "pve3"].map((name) => ({
    name,
    cpu: { cores: 8 },
    memory: { total: 64 * GIB },
    storages:
      name === "pve2" ? [] : [{ id: "ceph", shared: true, total: 1000 * GIB, used: 32 * GIB }],
  })),
  guests: [
    {
      id: 100,
      name: "web",
      type: "qemu",
      node: "pve1",
      cpu: { cores: 2, used: 0.1 },
      memory: { total: 4 * GIB, used: 2 * GIB },
      volumes: [{ storage: "ceph", bytes: 32 * GIB }],
    },
  ],
} as const satisfies ProxmoxSimulatorOptions["snapshot"];

// How long the first of the guests takes to get from pve1 to pve4, in simulated seconds.
async function secondsFor(ids: readonly number[]): Promise<number> {
  const one = await startProxmox({ tokens: [TOKEN] });
  for (const id of ids) {
    const answer = await call(one, "POST", `/nodes/pve1/qemu/${id}/migrate`, {
      target: "pve4",
      online: 1,
    });
    expect(answer.status).toBe(200);
  }
  one.advance(300_000);
  const [first] = one.moves;
  await one.close();
  simulator = one;
  expect(first?.exitstatus).toBe("OK");
  return ((first?.endedAt ?? 0) - (first?.startedAt ?? 0)) / 1000;
}
