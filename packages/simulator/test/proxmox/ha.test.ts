import {
  type ProxmoxSimulator,
  type ProxmoxSimulatorOptions,
  startProxmox,
} from "@kappa4/simulator";
import { afterEach, describe, expect, test } from "vitest";
import { call, data, start, TOKEN } from "./client.ts";

let simulator: ProxmoxSimulator;
afterEach(() => simulator.close());

type Row = Record<string, unknown>;
const ROOT = "root@pam";

async function begin(options: ProxmoxSimulatorOptions = {}): Promise<void> {
  simulator = await startProxmox({ tokens: [TOKEN], ...options });
}

async function rule(form: Record<string, string | number>): Promise<number> {
  const answer = await call(simulator, "POST", "/cluster/ha/rules", form);
  return answer.status;
}

async function manage(...sids: string[]): Promise<void> {
  for (const sid of sids) {
    const answer = await call(simulator, "POST", "/cluster/ha/resources", { sid });
    expect(answer.status).toBe(200);
  }
}

const ask = (id: number, target: string, node = "pve1"): Promise<string> =>
  start(simulator, "POST", `/nodes/${node}/qemu/${id}/migrate`, { target, online: 1 });
const done = (): unknown[] =>
  simulator.tasks.map((task) => [task.type, task.node, task.user, task.exitstatus]);

describe("moving a guest that is under HA", () => {
  test("a request is queued, a round later root@pam moves it", async () => {
    await begin();
    await ask(115, "pve4");
    simulator.advance(2000);
    expect(done()).toEqual([["hamigrate", "pve1", TOKEN.id, "OK"]]);
    expect(simulator.guest(115).node).toBe("pve1");
    simulator.advance(40_000);
    expect(done().slice(1)).toEqual([["qmigrate", "pve1", ROOT, "OK"]]);
    expect(simulator.guest(115)).toMatchObject({ node: "pve4", running: true });
    const status = await data<Row[]>(simulator, "/cluster/ha/status/current");
    expect(status.find((row) => row.sid === "vm:115")).toMatchObject({
      node: "pve4",
      state: "started",
      crm_state: "started",
    });
  });

  test("parameters are dropped: local disks go along without being asked to", async () => {
    await begin();
    await manage("vm:111");
    await ask(111, "pve3");
    simulator.advance(600_000);
    expect(simulator.guest(111).node).toBe("pve3");
  });

  test("a container is shut down, moved and started", async () => {
    await begin();
    await manage("ct:201");
    simulator.advance(10_000);
    await start(simulator, "POST", "/nodes/pve1/lxc/201/migrate", { target: "pve2", restart: 1 });
    simulator.advance(60_000);
    expect(done().slice(1)).toEqual([
      ["vzshutdown", "pve1", ROOT, "OK"],
      ["vzmigrate", "pve1", ROOT, "OK"],
      ["vzstart", "pve2", ROOT, "OK"],
    ]);
    expect(simulator.guest(201)).toMatchObject({ node: "pve2", running: true });
  });

  test("a rule keeps it away without a word: no task appears", async () => {
    await begin();
    await ask(115, "pve3");
    simulator.advance(120_000);
    expect(done()).toEqual([["hamigrate", "pve1", TOKEN.id, "OK"]]);
    expect(simulator.guest(115).node).toBe("pve1");
  });

  test("a positive rule drags others along", async () => {
    await begin();
    await manage("vm:100", "vm:101");
    expect(
      await rule({
        rule: "pair",
        type: "resource-affinity",
        affinity: "positive",
        resources: "vm:100,vm:101",
      }),
    ).toBe(200);
    simulator.advance(20_000);
    const answer = await call(simulator, "POST", "/cluster/ha/resources/vm:100/migrate", {
      node: "pve3",
    });
    expect(answer.body?.data).toEqual({
      sid: "vm:100",
      "requested-node": "pve3",
      "comigrated-resources": ["vm:101"],
    });
    simulator.advance(120_000);
    expect([simulator.guest(100).node, simulator.guest(101).node]).toEqual(["pve3", "pve3"]);
  });

  test.each([
    ["9.1", "pve2", ["pve3", "pve2"]],
    ["9.2", "pve2", []],
  ] as const)("version %s: off its nodes it does not stay", async (version, home, visited) => {
    await begin({ version });
    await manage("vm:103");
    const fields = { type: "node-affinity", resources: "vm:103", nodes: home, strict: 1 };
    expect(await rule({ rule: "home", ...fields })).toBe(200);
    simulator.advance(20_000);
    await ask(103, "pve3", "pve2");
    simulator.advance(200_000);
    expect(simulator.moves.map((move) => move.to)).toEqual(visited);
    expect(simulator.guest(103).node).toBe(home);
  });

  test("a request can be made to get lost", async () => {
    await begin();
    simulator.faults.add({ kind: "ha-refuses", on: { guest: 115 } });
    await ask(115, "pve4");
    simulator.advance(120_000);
    expect(simulator.moves).toEqual([]);
    await ask(115, "pve4");
    simulator.advance(120_000);
    expect(simulator.guest(115).node).toBe("pve4");
  });

  test("start and stop go through the manager too", async () => {
    await begin();
    await start(simulator, "POST", "/nodes/pve1/qemu/115/status/shutdown");
    simulator.advance(30_000);
    expect(simulator.guest(115).running).toBe(false);
    await start(simulator, "POST", "/nodes/pve1/qemu/115/status/start");
    simulator.advance(30_000);
    expect(simulator.guest(115).running).toBe(true);
    expect(done()).toEqual([
      ["hastop", "pve1", TOKEN.id, "OK"],
      ["qmshutdown", "pve1", ROOT, "OK"],
      ["hastart", "pve1", TOKEN.id, "OK"],
      ["qmstart", "pve1", ROOT, "OK"],
    ]);
  });
});

describe("nodes that should not or cannot carry anything", () => {
  test("maintenance drains HA guests, leaves the others, and lets them return", async () => {
    await begin();
    simulator.setMaintenance("pve1", true);
    const resources = await data<Row[]>(simulator, "/cluster/resources?type=node");
    expect(resources.find((row) => row.node === "pve1")).toMatchObject({ hastate: "maintenance" });
    const status = await data<Row[]>(simulator, "/cluster/ha/status/current");
    expect(status.find((row) => row.id === "lrm:pve1")?.status).toMatch(/^pve1 \(maintenance mode/);
    const manager = await data(simulator, "/cluster/ha/status/manager_status");
    expect(manager).toMatchObject({
      manager_status: { node_status: { pve1: "maintenance", pve2: "online" } },
      quorum: { quorate: "1" },
    });
    simulator.advance(60_000);
    expect(["pve2", "pve4"]).toContain(simulator.guest(115).node);
    expect(simulator.guest(100).node).toBe("pve1");
    simulator.setMaintenance("pve1", false);
    simulator.advance(60_000);
    expect(simulator.guest(115).node).toBe("pve1");
  });

  test("a dead node is fenced after a minute and its HA guests come up elsewhere", async () => {
    await begin({ entryNode: "pve2" });
    simulator.setNodeOnline("pve1", false);
    simulator.advance(40_000);
    expect(simulator.guest(115).node).toBe("pve1");
    simulator.advance(80_000);
    expect(simulator.guest(115).running).toBe(true);
    expect(["pve2", "pve4"]).toContain(simulator.guest(115).node);
    expect(simulator.guest(100)).toMatchObject({ node: "pve1", running: false });
  });

  test("without quorum the manager does nothing", async () => {
    await begin();
    await ask(115, "pve4");
    simulator.advance(1000);
    simulator.setQuorum(false);
    simulator.advance(120_000);
    expect(simulator.guest(115).node).toBe("pve1");
    simulator.setQuorum(true);
    simulator.advance(60_000);
    expect(simulator.guest(115).node).toBe("pve4");
  });
});

describe("rules and resources", () => {
  test("are written, read and deleted", async () => {
    await begin();
    await manage("103", "ct:200");
    const fields = { type: "node-affinity", resources: "vm:103,ct:200", nodes: "pve1:2,pve2" };
    expect(await rule({ rule: "near", comment: "example", ...fields })).toBe(200);
    const rules = await data<Row[]>(simulator, "/cluster/ha/rules");
    expect(rules.map((row) => row.rule)).toEqual(["lb-apart", "near"]);
    expect(rules[1]).toMatchObject({
      nodes: "pve1:2,pve2",
      strict: 0,
      order: 2,
      comment: "example",
    });
    expect(rules[0]).toMatchObject({ affinity: "negative", resources: "vm:115,vm:116" });
    const path = "/cluster/ha/rules/near";
    expect((await call(simulator, "PUT", path, { type: "node-affinity", disable: 1 })).status).toBe(
      200,
    );
    expect(await data(simulator, path)).toMatchObject({ disable: 1, nodes: "pve1:2,pve2" });
    await call(simulator, "DELETE", path);
    expect((await call(simulator, "GET", path)).status).toBe(500);
    const resource = await data(simulator, "/cluster/ha/resources/vm:103");
    expect(resource).toMatchObject({
      sid: "vm:103",
      state: "started",
      max_restart: 1,
      failback: 1,
    });
  });

  test("a rule that contradicts another is refused with the reason", async () => {
    await begin();
    const fields = { type: "resource-affinity", affinity: "positive", resources: "vm:115,vm:116" };
    const answer = await call(simulator, "POST", "/cluster/ha/rules", { rule: "both", ...fields });
    expect(answer.status).toBe(400);
    expect(answer.body?.errors?.resources).toMatch(/shares two or more resources with a negative/);
  });

  test("a service in error state has to be fixed first", async () => {
    await begin();
    simulator.faults.add({ kind: "task-fails", on: { type: "qmstart", guest: 115 }, times: 9 });
    await start(simulator, "POST", "/nodes/pve1/qemu/115/status/shutdown");
    simulator.advance(30_000);
    await start(simulator, "POST", "/nodes/pve1/qemu/115/status/start");
    simulator.advance(120_000);
    const move = await call(simulator, "POST", "/cluster/ha/resources/vm:115/migrate", {
      node: "pve4",
    });
    expect(move.reason).toBe("service 'vm:115' in error state, must be disabled and fixed first");
  });

  test("version 8 has groups", async () => {
    await begin({ version: "8.4" });
    const group = { group: "first", nodes: "pve3:2,pve4", restricted: 1 };
    expect((await call(simulator, "POST", "/cluster/ha/groups", group)).status).toBe(200);
    expect(await data<Row[]>(simulator, "/cluster/ha/groups")).toMatchObject([
      { group: "first", nodes: "pve3:2,pve4", restricted: 1, type: "group" },
    ]);
    await call(simulator, "PUT", "/cluster/ha/resources/vm:115", { group: "first" });
    simulator.advance(60_000);
    expect(simulator.guest(115).node).toBe("pve3");
    const answer = await call(simulator, "POST", "/cluster/ha/resources/vm:115/migrate", {
      node: "pve4",
    });
    expect(answer.body).toEqual({ data: null });
  });
});
