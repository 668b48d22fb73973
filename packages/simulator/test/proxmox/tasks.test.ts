import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { beforeEach, describe, expect, test } from "vitest";
import { call, data, READER, start, statusOf, TOKEN } from "./client.ts";

let simulator: ProxmoxSimulator;
beforeEach(async () => {
  simulator = await startProxmox({ tokens: [TOKEN], readOnlyToken: READER });
  return () => simulator.close();
});

type Row = Record<string, unknown>;
const move = (id = 100, target = "pve4"): Promise<string> =>
  start(simulator, "POST", `/nodes/pve1/qemu/${id}/migrate`, { target, online: 1 });

describe("tasks", () => {
  test("tell who does what, token apart from user", async () => {
    const upid = await move();
    const running = await data(simulator, `/nodes/pve1/tasks/${upid}/status`);
    expect(running).toMatchObject({
      upid,
      node: "pve1",
      type: "qmigrate",
      id: "100",
      user: "automation@pve",
      tokenid: "kappa4",
      status: "running",
    });
    expect(running).not.toHaveProperty("exitstatus");
    simulator.advance(60_000);
    expect(await data(simulator, `/nodes/pve1/tasks/${upid}/status`)).toMatchObject({
      status: "stopped",
      exitstatus: "OK",
    });
  });

  test("are listed by source: running ones in capitals, ended ones with their exit text", async () => {
    const first = await move(108);
    simulator.advance(60_000);
    const second = await move(117);
    const list = async (query: string): Promise<Row[]> =>
      await data<Row[]>(simulator, `/nodes/pve1/tasks?${query}`);
    const archive = await list("");
    const active = await list("source=active");
    expect(archive).toMatchObject([{ upid: first, status: "OK", endtime: expect.any(Number) }]);
    expect(active).toMatchObject([
      { upid: second, status: "RUNNING", user: "automation@pve!kappa4" },
    ]);
    expect(await list("source=all")).toHaveLength(2);
    expect(await list("source=all&vmid=108")).toMatchObject([{ upid: first }]);
    expect(await list("source=all&typefilter=vzmigrate")).toEqual([]);
    const since = Math.floor(simulator.now() / 1000);
    expect(await list(`source=all&since=${since}`)).toMatchObject([{ upid: second }]);
    const cluster = await data<Row[]>(simulator, "/cluster/tasks");
    expect(cluster.map((task) => task.status)).toEqual([undefined, "OK"]);
    const page = await call(simulator, "GET", "/nodes/pve1/tasks?source=all&limit=1");
    expect(page.body).toMatchObject({ total: 2, data: [{ upid: second }] });
  });

  test("log line by line, in pages", async () => {
    const upid = await move();
    const path = `/nodes/pve1/tasks/${upid}/log`;
    expect((await call(simulator, "GET", path)).body).toEqual({
      data: [{ n: 1, t: "no content" }],
      total: 1,
    });
    simulator.advance(60_000);
    const all = await call(simulator, "GET", `${path}?limit=0`);
    const lines = all.body?.data as { n: number; t: string }[];
    const page = await data<Row[]>(simulator, `${path}?start=2&limit=3`);
    expect(lines.at(-1)).toEqual({ n: lines.length, t: "TASK OK" });
    expect(page.map((line) => line.n)).toEqual([3, 4, 5]);
  });

  test("are known on their own node only, and not for nonsense", async () => {
    const upid = await move();
    const elsewhere = await call(simulator, "GET", `/nodes/pve2/tasks/${upid}/status`);
    const nonsense = await call(simulator, "GET", "/nodes/pve1/tasks/nonsense/status");
    expect(elsewhere.body?.errors).toEqual({ upid: "no such task" });
    expect(nonsense.body?.errors).toEqual({ upid: "unable to parse worker upid 'nonsense'" });
  });

  test("can be stopped by who started them: the guest stays and is unlocked", async () => {
    const upid = await move(102);
    simulator.advance(9000);
    const refused = await call(simulator, "DELETE", `/nodes/pve1/tasks/${upid}`, undefined, READER);
    expect(refused.reason).toBe("Permission check failed (/nodes/pve1, Sys.Modify)");
    expect(await statusOf(simulator, upid)).toBe("running");
    await call(simulator, "DELETE", `/nodes/pve1/tasks/${upid}`);
    expect(await statusOf(simulator, upid)).toBe("migration problems");
    expect(simulator.guest(102)).toMatchObject({ node: "pve1", running: true });
    expect(simulator.guest(102).config.has("lock")).toBe(false);
    simulator.advance(60_000);
    expect(simulator.guest(102).node).toBe("pve1");
  });

  test("of a lost node cannot be asked; when it is back they have ended without a status", async () => {
    await simulator.close();
    simulator = await startProxmox({ tokens: [TOKEN], entryNode: "pve3" });
    const upid = await move(102);
    simulator.advance(9000);
    simulator.setNodeOnline("pve1", false);
    const lost = await call(simulator, "GET", `/nodes/pve1/tasks/${upid}/status`);
    expect(lost.status).toBe(595);
    expect(simulator.moves).toMatchObject([{ guest: 102, exitstatus: undefined }]);
    simulator.advance(30_000);
    simulator.setNodeOnline("pve1", true);
    expect(await statusOf(simulator, upid)).toBe("unexpected status");
    // Nothing cleaned up behind the worker, and the power was gone.
    expect(simulator.guest(102)).toMatchObject({ node: "pve1", running: false });
    expect(simulator.guest(102).config.get("lock")).toBe("migrate");
  });
});
