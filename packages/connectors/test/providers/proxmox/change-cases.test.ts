import { describe, expect, it } from "vitest";
import { closing, start } from "./change-lab.ts";
import { done, GIB } from "./change-table.ts";
import { connectTo, TOKEN_SECRET, writesTo } from "./target.ts";

const INPUT = { name: "new", type: "qemu", node: "pve1", cores: 1, memoryBytes: GIB } as const;

describe("changes", () => {
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
    const other = closing(connectTo(simulator, {}, { random: () => 0.25 }));
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
    const connector = closing(
      connectTo(simulator, {
        auth: { type: "token", token: `${token.id}=${TOKEN_SECRET}` },
      }),
    );
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
