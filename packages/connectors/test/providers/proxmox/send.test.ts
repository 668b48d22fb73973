import { afterEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../src/index.ts";
import { connectTo, PASSWORD, simulatedClock, startCluster } from "./target.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start() {
  const simulator = await startCluster();
  open.push(simulator);
  const connect = (
    options: Parameters<typeof connectTo>[1] = {},
    context: Parameters<typeof connectTo>[2] = {},
  ) => {
    const connector = connectTo(simulator, options, context);
    open.push(connector);
    return connector;
  };
  return { simulator, connect, connector: connect() };
}

const NOT_APPLIED = { code: "network", outcome: "not_applied" };

describe("the search for a write whose answer was lost", () => {
  it("takes no task that was there before", async () => {
    const { simulator, connect, connector } = await start();
    // Another process with the same credentials.
    const other = connect();
    await (await other.compute.restart(100)).done();
    simulator.faults.add({ kind: "cut-before", on: { method: "POST", path: /reboot$/ } });
    await expect(connector.compute.restart(100)).rejects.toMatchObject(NOT_APPLIED);
  });

  it("takes no task of another user", async () => {
    const { simulator, connect } = await start();
    const root = connect({ auth: { type: "password", username: "root@pam", password: PASSWORD } });
    const path = "/nodes/pve1/qemu/100/status/reboot";
    const clock = simulatedClock(simulator);
    let began: Promise<unknown> | undefined;
    const meddled: Clock = {
      now: clock.now,
      sleep: async (ms, signal) => {
        began ??= root.native.request("POST", path);
        await began;
        await clock.sleep(ms, signal);
      },
    };
    const connector = connect({}, { clock: meddled });
    simulator.faults.add({ kind: "cut-before", on: { method: "POST", path } });
    await expect(connector.compute.restart(100)).rejects.toMatchObject(NOT_APPLIED);
    expect(simulator.tasks).toHaveLength(1);
  });

  it("takes no guest of another name for the copy that was asked for", async () => {
    const { simulator, connect, connector } = await start();
    const foreign = { name: "foreign", type: "qemu", node: "pve1", cores: 1 } as const;
    const { id } = await (
      await connect().compute.create({ ...foreign, memoryBytes: 2 ** 30 })
    ).done();
    // The id was free when it was asked for, and taken a moment later.
    const body = JSON.stringify({ data: String(id) });
    simulator.faults.add({ kind: "status", status: 200, body, on: { path: "/cluster/nextid" } });
    simulator.faults.add({ kind: "cut-before", on: { method: "POST", path: /clone$/ } });
    const clone = connector.compute.clone(119, { name: "copy" });
    await expect(clone).rejects.toMatchObject(NOT_APPLIED);
  });
});

describe("a guest in the making", () => {
  it("is not taken for made while it is locked, when its task cannot be seen", async () => {
    const { simulator, connector } = await start();
    const on = { method: "GET", path: /\/tasks\/[^/]+\/status$/ };
    const input = {
      name: "new",
      type: "qemu",
      node: "pve1",
      cores: 1,
      memoryBytes: 2 ** 30,
    } as const;
    const operation = await connector.compute.create(input);
    simulator.faults.add({ kind: "status", status: 595, on, times: 1000 });
    expect((await operation.status()).state).toBe("unknown");
    expect(await operation.done()).toEqual({ id: 120 });
    expect(simulator.guest(120).config.has("lock")).toBe(false);
  });
});
