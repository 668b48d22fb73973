import type { ProxmoxSimulator, ProxmoxSimulatorOptions } from "@kappa4/simulator";
import { afterEach, describe, expect, it } from "vitest";
import type { Operation } from "../../../src/index.ts";
import type { ProxmoxConnector } from "../../../src/providers/proxmox/index.ts";
import { connectTo, startCluster, TOKEN_SECRET, writesTo } from "./target.ts";

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

interface Change {
  readonly what: string;
  /** What has to be done before. */
  prepare?(connector: ProxmoxConnector): Promise<unknown>;
  send(connector: ProxmoxConnector): Promise<Operation<unknown>>;
  readonly gives: unknown;
  /** Whether the cluster shows it. */
  shows(simulator: ProxmoxSimulator): boolean;
}

const GIB = 2 ** 30;
const INPUT = { name: "new", type: "qemu", node: "pve1", cores: 1, memoryBytes: GIB } as const;
const runs = (id: number, expected: boolean) => (simulator: ProxmoxSimulator) =>
  simulator.guest(id).running === expected;
const exists = (id: number) => (simulator: ProxmoxSimulator) => simulator.placements().has(id);
const snapped = (id: number, name: string) => (simulator: ProxmoxSimulator) =>
  simulator.guest(id).snapshots.has(name);
const done = { changed: true };

const CHANGES: readonly Change[] = [
  {
    what: "start of a VM",
    send: (c) => c.compute.start(118),
    gives: done,
    shows: runs(118, true),
  },
  {
    what: "stop of a VM",
    send: (c) => c.compute.stop(100),
    gives: done,
    shows: runs(100, false),
  },
  {
    what: "hard stop of a VM",
    send: (c) => c.compute.stop(100, { mode: "force" }),
    gives: done,
    shows: runs(100, false),
  },
  {
    what: "stop of a container",
    send: (c) => c.compute.stop(200),
    gives: done,
    shows: runs(200, false),
  },
  {
    what: "stop under HA",
    send: (c) => c.compute.stop(115),
    gives: done,
    shows: runs(115, false),
  },
  {
    what: "restart of a VM",
    send: (c) => c.compute.restart(100),
    gives: done,
    shows: runs(100, true),
  },
  {
    what: "restart of a container",
    send: (c) => c.compute.restart(200),
    gives: done,
    shows: runs(200, true),
  },
  {
    what: "creation of a VM",
    send: (c) =>
      c.compute.create({
        name: "new",
        type: "qemu",
        node: "pve3",
        cores: 2,
        memoryBytes: 2 * GIB,
        settings: { scsi0: "ceph:32" },
      }),
    gives: { id: 120 },
    shows: exists(120),
  },
  {
    what: "creation of a container",
    send: (c) =>
      c.compute.create({
        name: "new",
        type: "lxc",
        node: "pve3",
        cores: 1,
        memoryBytes: GIB,
        settings: { ostemplate: "local:vztmpl/debian.tar.zst", rootfs: "ceph:8" },
      }),
    gives: { id: 120 },
    shows: exists(120),
  },
  {
    what: "clone of a template",
    send: (c) => c.compute.clone(119, { name: "copy" }),
    gives: { id: 120 },
    shows: exists(120),
  },
  {
    what: "clone to another node",
    send: (c) => c.compute.clone(118, { name: "copy", node: "pve2" }),
    gives: { id: 120 },
    shows: (simulator) => simulator.placements().get(120) === "pve2",
  },
  {
    what: "deletion",
    send: (c) => c.compute.delete(118),
    gives: done,
    shows: (simulator) => !exists(118)(simulator),
  },
  {
    what: "snapshot of a VM",
    send: (c) => c.snapshots.create(100, "kept"),
    gives: done,
    shows: snapped(100, "kept"),
  },
  {
    what: "snapshot of a container",
    send: (c) => c.snapshots.create(200, "kept"),
    gives: done,
    shows: snapped(200, "kept"),
  },
  {
    what: "deletion of a snapshot",
    prepare: async (c) => (await c.snapshots.create(100, "kept")).done(),
    send: (c) => c.snapshots.delete(100, "kept"),
    gives: done,
    shows: (simulator) => !snapped(100, "kept")(simulator),
  },
  {
    what: "return to a snapshot",
    prepare: async (c) => {
      await (await c.snapshots.create(100, "first")).done();
      await (await c.snapshots.create(100, "second")).done();
    },
    send: (c) => c.snapshots.restore(100, "first"),
    gives: done,
    shows: (simulator) => simulator.guest(100).currentSnapshot === "first",
  },
  {
    what: "resumption of a paused VM",
    prepare: (c) => c.native.request("POST", "/nodes/pve1/qemu/100/status/suspend"),
    send: (c) => c.compute.start(100),
    gives: done,
    shows: (simulator) => runs(100, true)(simulator) && !simulator.guest(100).paused,
  },
  {
    what: "start under HA",
    prepare: async (c) => (await c.compute.stop(115)).done(),
    send: (c) => c.compute.start(115),
    gives: done,
    shows: runs(115, true),
  },
  {
    what: "hard stop under HA",
    send: (c) => c.compute.stop(115, { mode: "force" }),
    gives: done,
    shows: runs(115, false),
  },
];

/** A cluster in which everything is as the change wants it, and what has been sent since then. */
async function startFor({ prepare }: Change, options: ProxmoxSimulatorOptions = {}) {
  const lab = await start(options);
  const { simulator, connector } = lab;
  await prepare?.(connector);
  simulator.advance(60_000);
  const [writes, tasks] = [writesTo(simulator).length, simulator.tasks.length];
  return {
    ...lab,
    written: () => writesTo(simulator).length - writes,
    begun: () => simulator.tasks.length - tasks,
  };
}

describe.each(CHANGES)("$what", (change) => {
  const { send, gives, shows } = change;

  it.each(["8.4", "9.1"])("is done on version %s", async (version) => {
    const { simulator, connector, written } = await startFor(change, { version });
    const operation = await send(connector);
    expect(await operation.done()).toEqual(gives);
    expect(shows(simulator)).toBe(true);
    expect(written()).toBe(1);
    expect((await operation.status()).state).toBe("succeeded");
  });

  it("goes on from its token", async () => {
    const { simulator, connector, written } = await startFor(change);
    const { token } = await send(connector);
    const other = connectTo(simulator);
    open.push(other);
    expect(await other.resumeOperation(token).done()).toEqual(gives);
    expect(written()).toBe(1);
  });

  it.each(["cut-after-accept", "garbage"] as const)(
    "is found when its answer is lost: %s",
    async (kind) => {
      const { simulator, connector, written } = await startFor(change);
      for (const method of ["POST", "DELETE"]) simulator.faults.add({ kind, on: { method } });
      expect(await (await send(connector)).done()).toEqual(gives);
      expect(shows(simulator)).toBe(true);
      expect(written()).toBe(1);
    },
  );

  it("is known not to have begun when it did not arrive", async () => {
    const { simulator, connector, written, begun } = await startFor(change);
    for (const method of ["POST", "DELETE"])
      simulator.faults.add({ kind: "cut-before", on: { method } });
    await expect(send(connector)).rejects.toMatchObject({
      code: "network",
      outcome: "not_applied",
    });
    expect(written()).toBe(1);
    expect(begun()).toBe(0);
  });
});

describe("changes", () => {
  it.each(CHANGES.filter(({ what }) => !what.includes("HA")))(
    "fail with the log of their task: $what",
    async (change) => {
      const { simulator, connector } = await startFor(change);
      simulator.faults.add({ kind: "task-fails" });
      const operation = await change.send(connector);
      await expect(operation.done()).rejects.toMatchObject({
        code: "operation_failed",
        // What leaves no trace of its own cannot be seen to be missing.
        outcome: /^re(start|turn)/.test(change.what) ? "unknown" : "not_applied",
        log: [expect.stringContaining("TASK ERROR")],
      });
      expect((await operation.status()).state).not.toBe("succeeded");
    },
  );

  it.each(CHANGES.filter(({ what }) => !what.includes("HA")))(
    "claim nothing of what cannot be read: $what",
    async (change) => {
      const { simulator, connector } = await startFor(change);
      simulator.faults.add({ kind: "task-fails" });
      const operation = await change.send(connector);
      const on = { method: "GET", path: "/cluster/resources" };
      simulator.faults.add({ kind: "status", status: 403, on, times: 100 });
      await expect(operation.done()).rejects.toMatchObject({ outcome: "unknown" });
    },
  );

  it("name what is left of a guest that was not made to the end", async () => {
    const { simulator, connector } = await start();
    const operation = await connector.compute.clone(118, { name: "copy" });
    expect(await operation.cancel()).toBe("requested");
    await expect(operation.done()).rejects.toMatchObject({
      outcome: "applied",
      message: expect.stringMatching(
        /vm:120 is left on pve\d, locked \(clone\); remove what is left/,
      ),
    });
    expect(simulator.guest(120).config.get("lock")).toBe("clone");
  });

  it.each(["cut-after-accept", "garbage"] as const)(
    "can be cancelled although the answer to that is lost: %s",
    async (kind) => {
      const { simulator, connector } = await start();
      const operation = await connector.compute.clone(118, { name: "copy" });
      simulator.faults.add({ kind, on: { method: "DELETE", path: /\/tasks\// } });
      expect(await operation.cancel()).toBe("requested");
      await expect(operation.done()).rejects.toMatchObject({ code: "operation_failed" });
      expect(writesTo(simulator)).toHaveLength(2);
    },
  );

  it("take another id when somebody was quicker", async () => {
    const { simulator, connector } = await start();
    const taken = JSON.stringify({
      data: null,
      message: "unable to create VM 120 - VM 120 already exists on node 'pve1'\n",
    });
    simulator.faults.add({ kind: "status", status: 500, body: taken, on: { method: "POST" } });
    const operation = await connector.compute.clone(119, { name: "copy" });
    expect(await operation.done()).toMatchObject({ id: 120 });
    expect(writesTo(simulator)).toHaveLength(2);
  });

  it("never take one guest for two, when the answers are lost and the names are the same", async () => {
    const { simulator, connector } = await start();
    const on = { method: "POST", path: /qemu$/ };
    const before = simulator.placements().size;
    simulator.faults.add({ kind: "cut-after-accept", on, times: 2 });
    const create = async () => (await connector.compute.create(INPUT)).done();
    const made = await Promise.all([create(), create()]);
    expect(made.map(({ id }) => id).toSorted()).toEqual([120, 121]);
    expect(simulator.placements().size - before).toBe(2);
  });

  it("never take one clone for two, when the answers are lost and the names are the same", async () => {
    const { simulator, connector } = await start();
    const on = { method: "POST", path: /clone$/ };
    simulator.faults.add({ kind: "cut-after-accept", on, times: 2 });
    const clone = () => connector.compute.clone(119, { name: "copy" });
    const operations = await Promise.all([clone(), clone()]);
    expect(new Set(operations.map(({ id }) => id)).size).toBe(2);
    const made = await Promise.all(operations.map((operation) => operation.done()));
    expect(made.map(({ id }) => id).toSorted()).toEqual([120, 121]);
  });

  it("tell a guest of their own from that of another process by its key", async () => {
    const { simulator, connector } = await start();
    const other = connectTo(simulator, {}, { random: () => 0.25 });
    open.push(other);
    const on = { method: "POST", path: /qemu$/ };
    // Both are told that 120 is free; the request of the one never arrives, the answer of the other is lost.
    const free = JSON.stringify({ data: "120" });
    simulator.faults.add({
      kind: "status",
      status: 200,
      body: free,
      on: { path: "/cluster/nextid" },
      times: 2,
    });
    simulator.faults.add({ kind: "cut-before", on });
    simulator.faults.add({ kind: "cut-after-accept", on });
    const [lost, made] = await Promise.allSettled([
      connector.compute.create(INPUT),
      other.compute.create(INPUT),
    ]);
    const [rejected, fulfilled] = lost.status === "rejected" ? [lost, made] : [made, lost];
    expect(rejected).toMatchObject({ reason: { code: "network", outcome: "not_applied" } });
    expect(fulfilled.status).toBe("fulfilled");
    expect(simulator.placements().has(121)).toBe(false);
  });

  it("keep the description that was asked for beside the key", async () => {
    const { simulator, connector } = await start();
    const settings = { description: "the mail server" };
    await (await connector.compute.create({ ...INPUT, settings })).done();
    expect(simulator.guest(120).config.get("description")).toMatch(
      /^the mail server\n\nkappa4-key:\S+$/,
    );
  });

  it("do not take a guest that is hidden for one that is gone", async () => {
    const privileges = ["VM.Audit", "VM.PowerMgmt"];
    const acl = [{ path: "/vms/117", privileges }];
    const token = { id: "narrow@pve!kappa4", secret: TOKEN_SECRET, acl };
    const { simulator } = await start({ tokens: [token] });
    const connector = connectTo(simulator, {
      auth: { type: "token", token: `${token.id}=${TOKEN_SECRET}` },
    });
    open.push(connector);
    await expect(connector.compute.delete(100)).rejects.toMatchObject({
      code: "permission",
      message: expect.stringContaining("VM.Audit on /vms/100"),
    });
    expect(await (await connector.compute.delete(999)).done()).toEqual({ changed: false });
    expect(writesTo(simulator)).toEqual([]);
  });

  it("see a guest as its node does: one just stopped can be deleted", async () => {
    const { connector } = await start();
    await (await connector.compute.stop(117, { mode: "force" })).done();
    expect(await (await connector.compute.delete(117)).done()).toEqual(done);
  });

  it("take the present state for no snapshot, whatever the list calls it", async () => {
    const { simulator, connector } = await start();
    const { snapshots } = connector;
    const refused = { code: "invalid_argument", outcome: "not_applied" };
    await expect(snapshots.create(100, "current")).rejects.toMatchObject(refused);
    await expect(snapshots.restore(100, "current")).rejects.toMatchObject(refused);
    await expect(snapshots.delete(100, "current")).rejects.toMatchObject(refused);
    expect(simulator.requests).toEqual([]);
  });

  it("are refused in the wrong state, before anything is sent", async () => {
    const { simulator, connector } = await start();
    const refused = { code: "failed_precondition", outcome: "not_applied" };
    await expect(connector.compute.restart(118)).rejects.toMatchObject(refused);
    await expect(connector.compute.delete(100)).rejects.toMatchObject(refused);
    await expect(connector.compute.start(119)).rejects.toMatchObject(refused);
    expect(writesTo(simulator)).toEqual([]);
  });

  it("pass on what the other side refuses", async () => {
    const { connector } = await start();
    const input = { name: "new", type: "qemu", node: "pve9", cores: 1, memoryBytes: GIB } as const;
    await expect(connector.compute.create(input)).rejects.toMatchObject({ outcome: "not_applied" });
    const locked = await connector.snapshots.create(114, "kept");
    await expect(locked.done()).rejects.toMatchObject({
      code: "operation_failed",
      message: expect.stringMatching(/is locked \(backup\).*wait for the other work/),
    });
  });

  it("go back to a snapshot and forget one", async () => {
    const { simulator, connector } = await start();
    await (await connector.snapshots.create(100, "first")).done();
    await (await connector.snapshots.create(100, "second")).done();
    expect(await (await connector.snapshots.restore(100, "first")).done()).toEqual(done);
    expect(await (await connector.snapshots.delete(100, "second")).done()).toEqual(done);
    const left: unknown[] = [];
    for await (const { name, createdAt } of connector.snapshots.list(100)) {
      left.push([name, createdAt instanceof Date]);
    }
    expect(left).toEqual([["first", true]]);
    expect(writesTo(simulator)).toHaveLength(4);
  });
});
