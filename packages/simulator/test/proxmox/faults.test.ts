import { type Phase, type ProxmoxSimulator, parseFault, startProxmox } from "@kappa4/simulator";
import { beforeEach, describe, expect, test } from "vitest";
import { call, send, start, statusOf, TOKEN, tokenHeader } from "./client.ts";

let simulator: ProxmoxSimulator;
beforeEach(async () => {
  simulator = await startProxmox({ tokens: [TOKEN], entryNode: "pve3" });
  return () => simulator.close();
});

const MIGRATE = "/nodes/pve1/qemu/100/migrate";
const form = { target: "pve4", online: 1 };

describe("the line", () => {
  test("cut before: nothing was done; cut after: it was done and nobody is told", async () => {
    simulator.faults.add({ kind: "cut-before", on: { method: "POST" } });
    await expect(call(simulator, "POST", MIGRATE, form)).rejects.toThrow();
    expect(simulator.moves).toHaveLength(0);
    simulator.faults.add({ kind: "cut-after-accept", on: { method: "POST" } });
    await expect(call(simulator, "POST", MIGRATE, form)).rejects.toThrow();
    expect(simulator.moves).toHaveLength(1);
    expect(simulator.requests.map((request) => request.status)).toEqual([0, 0]);
  });

  test("another status, a number of times, from a given request on, at a given path", async () => {
    const fault = simulator.faults.add({
      kind: "status",
      status: 429,
      reason: "Too Many Requests",
      headers: { "retry-after": "2" },
      on: { path: "/nodes/*/status", nth: 2 },
      times: 2,
    });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) {
      statuses.push((await call(simulator, "GET", "/nodes/pve1/status")).status);
      statuses.push((await call(simulator, "GET", "/version")).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200, 429, 200, 200, 200, 200, 200]);
    expect(fault.fired).toBe(2);
  });

  test("by chance, from the seed", async () => {
    const statusesOf = async (seed: number): Promise<string> => {
      const one = await startProxmox({ tokens: [TOKEN], seed });
      one.faults.add({ kind: "status", status: 503, chance: 0.5, times: 100 });
      const statuses: number[] = [];
      for (let i = 0; i < 12; i++) statuses.push((await call(one, "GET", "/version")).status);
      await one.close();
      return statuses.join();
    };
    const [first, again, other] = [await statusesOf(1), await statusesOf(1), await statusesOf(2)];
    expect(first).toContain("503");
    expect(first).toContain("200");
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test("garbage, an expired ticket in either text, and silence", async () => {
    simulator.faults.add({ kind: "garbage" });
    const garbage = await call(simulator, "GET", "/nodes");
    expect(garbage.status).toBe(200);
    expect(garbage.body).toBeUndefined();
    simulator.faults.add({ kind: "ticket-expired", text: "old" });
    simulator.faults.add({ kind: "ticket-expired", text: "new" });
    expect((await call(simulator, "GET", "/nodes")).reason).toBe(
      "permission denied - invalid PVE ticket",
    );
    expect((await call(simulator, "GET", "/nodes")).reason).toBe("Authentication failed!");
    simulator.faults.add({ kind: "stall" });
    const silent = call(simulator, "GET", "/nodes").then(
      () => "answered",
      () => "cut",
    );
    await send(simulator, "GET", "/version", { headers: tokenHeader(TOKEN) });
    await simulator.close();
    expect(await silent).toBe("cut");
  });

  test("a slow answer is late, but the work was begun at once", async () => {
    simulator.faults.add({ kind: "slow", delayMs: 50, on: { method: "POST" } });
    const answer = call(simulator, "POST", MIGRATE, form);
    await call(simulator, "GET", "/version");
    await expect.poll(() => simulator.moves.length).toBe(1);
    expect((await answer).status).toBe(200);
  });

  test("faults can be taken back", async () => {
    const fault = simulator.faults.add({ kind: "status", status: 500, times: 10 });
    fault.remove();
    expect((await call(simulator, "GET", "/version")).status).toBe(200);
    simulator.faults.add({ kind: "status", status: 500, times: 10 });
    simulator.faults.clear();
    expect((await call(simulator, "GET", "/version")).status).toBe(200);
  });
});

describe("a migration that fails", () => {
  test.each<[Phase, string, string]>([
    ["prepare", "migration aborted", "pve1"],
    ["disks", "migration problems", "pve1"],
    ["memory", "migration problems", "pve1"],
    ["switch", "migration problems", "pve1"],
    ["cleanup", "migration problems", "pve4"],
  ])("in phase %s: %s, the guest runs on %s, unlocked", async (phase, exitstatus, node) => {
    simulator.faults.add({ kind: "task-fails", on: { guest: 100 }, phase });
    const upid = await start(simulator, "POST", MIGRATE, form);
    simulator.advance(120_000);
    expect(await statusOf(simulator, upid)).toBe(exitstatus);
    expect(simulator.guest(100)).toMatchObject({ node, running: true, busy: false });
    expect(simulator.guest(100).config.has("lock")).toBe(false);
    const again = await start(simulator, "POST", `/nodes/${node}/qemu/100/migrate`, {
      target: "pve2",
      online: 1,
    });
    simulator.advance(120_000);
    expect(await statusOf(simulator, again)).toBe("OK");
  });

  test("with a warning it is done all the same", async () => {
    simulator.faults.add({ kind: "task-warns", on: { guest: 100 } });
    const upid = await start(simulator, "POST", MIGRATE, form);
    simulator.advance(120_000);
    expect(await statusOf(simulator, upid)).toBe("WARNINGS: 1");
    expect(simulator.guest(100).node).toBe("pve4");
  });

  test("because the target went away: the guest runs on where it was", async () => {
    simulator.faults.add({ kind: "node-lost", node: "target", phase: "memory" });
    const upid = await start(simulator, "POST", MIGRATE, form);
    simulator.advance(120_000);
    expect(simulator.node("pve4").online).toBe(false);
    expect(await statusOf(simulator, upid)).toBe("migration problems");
    expect(simulator.guest(100)).toMatchObject({ node: "pve1", running: true });
  });

  test("because the source went away: its fate is unknown until the node is back", async () => {
    simulator.faults.add({ kind: "node-lost", node: "source", phase: "memory" });
    const upid = await start(simulator, "POST", MIGRATE, form);
    simulator.advance(120_000);
    const lost = await call(simulator, "GET", `/nodes/pve1/tasks/${upid}/status`);
    expect(lost.status).toBe(595);
    simulator.setNodeOnline("pve1", true);
    expect(await statusOf(simulator, upid)).toBe("unexpected status");
    expect(simulator.guest(100)).toMatchObject({ node: "pve1", running: false });
  });

  test("because the storage of the target is full", async () => {
    simulator.fillStorage("local-lvm", "pve3", 2 ** 30);
    const upid = await start(simulator, "POST", "/nodes/pve1/qemu/111/migrate", {
      target: "pve3",
      online: 1,
      "with-local-disks": 1,
    });
    simulator.advance(600_000);
    expect(await statusOf(simulator, upid)).toBe("migration problems");
    expect(simulator.tasks.at(-1)?.log.join("\n")).toContain("no space left on device");
    expect(simulator.guest(111)).toMatchObject({ node: "pve1", running: true });
  });
});

describe("a fault as text", () => {
  test("is read into the fault that it means", () => {
    expect(parseFault("cut-after-accept,method=POST,path=/nodes/*/qemu/*/migrate,nth=2")).toEqual({
      kind: "cut-after-accept",
      on: { method: "POST", path: "/nodes/*/qemu/*/migrate", nth: 2 },
    });
    expect(parseFault("kind=status,status=503,times=3")).toMatchObject({ status: 503, times: 3 });
    expect(parseFault("task-fails,guest=100,phase=memory")).toMatchObject({
      kind: "task-fails",
      phase: "memory",
      on: { guest: 100 },
    });
  });

  test.each([
    "nonsense",
    "status",
    "slow,delayMs=soon",
    "cut-before,colour=blue",
    "node-lost,node=both",
  ])("%s is refused with a reason", (text) => {
    expect(() => parseFault(text)).toThrow(`The fault "${text}" is not understood`);
  });
});
