import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { call, data, start, TOKEN } from "./client.ts";

// What the balancers that people run today ask for, call by call and field by field.
describe.each(["8.4", "9.1"])("what balancers read and do on %s", (version) => {
  let simulator: ProxmoxSimulator;
  beforeEach(async () => {
    simulator = await startProxmox({ tokens: [TOKEN], version });
  });
  afterEach(() => simulator.close());

  const isNine = version !== "8.4";
  type Row = Record<string, unknown>;
  const rows = (path: string): Promise<Row[]> => data<Row[]>(simulator, path);

  test("the four privileges somewhere in the tree", async () => {
    const permissions = await data<Record<string, Row>>(simulator, "/access/permissions");
    const held = new Set(Object.values(permissions).flatMap((entry) => Object.keys(entry)));
    for (const name of ["Datastore.Audit", "Sys.Audit", "VM.Audit", "VM.Migrate"]) {
      expect(held).toContain(name);
    }
  });

  test("nodes with all their figures, and their version", async () => {
    for (const node of await rows("/nodes")) {
      expect(node).toMatchObject({ node: expect.any(String), status: "online" });
      for (const key of ["cpu", "maxcpu", "mem", "maxmem", "disk", "maxdisk"]) {
        expect(node[key]).toEqual(expect.any(Number));
      }
      const told = await data(simulator, `/nodes/${node.node}/version`);
      expect(told.version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  test("figures of the hour, of nodes and of guests, both kinds through the same path", async () => {
    for (const path of ["/nodes/pve2", "/nodes/pve2/qemu/103", "/nodes/pve2/qemu/202"]) {
      for (const cf of ["AVERAGE", "MAX"]) {
        const points = await rows(`${path}/rrddata?timeframe=hour&cf=${cf}`);
        expect(points.length).toBeGreaterThan(0);
        expect(points.at(-1)).toMatchObject({ time: expect.any(Number), cpu: expect.any(Number) });
        expect("pressurememorysome" in (points.at(-1) ?? {})).toBe(isNine);
      }
    }
  });

  test("the state of HA, with maintenance in the text", async () => {
    simulator.setMaintenance("pve3", true);
    const status = await rows("/cluster/ha/status/current");
    const inMaintenance = status.filter((row) => String(row.status).includes("maintenance mode"));
    expect(inMaintenance.map((row) => row.node)).toEqual(["pve3"]);
    const manager = await data(simulator, "/cluster/ha/status/manager_status");
    expect(manager.manager_status).toMatchObject({ master_node: "pve1" });
  });

  test("pools and their members by name", async () => {
    expect(await rows("/pools")).toMatchObject([{ poolid: "databases" }]);
    const pool = await data<{ members: Row[] }>(simulator, "/pools/databases");
    expect(pool.members.map((member) => member.name).toSorted()).toEqual(["db-1", "db-2"]);
  });

  test("rules, once there are any", async () => {
    const answer = await call(simulator, "GET", "/cluster/ha/rules");
    const rule = {
      rule: "lb-apart",
      type: "resource-affinity",
      resources: "vm:115,vm:116",
      affinity: "negative",
    };
    expect(answer).toMatchObject(
      isNine ? { status: 200, body: { data: [rule] } } : { status: 501 },
    );
  });

  test("guests node by node, with tags from the configuration", async () => {
    for (const kind of ["qemu", "lxc"]) {
      for (const guest of await rows(`/nodes/pve1/${kind}`)) {
        expect(guest).toMatchObject({ name: expect.any(String), status: expect.any(String) });
        for (const key of ["vmid", "cpus", "maxmem", "mem", "maxdisk", "disk"]) {
          expect(guest[key]).toEqual(expect.any(Number));
        }
      }
    }
    const config = await data(simulator, "/nodes/pve1/qemu/100/config");
    expect(String(config.tags).split(";")).toEqual(["plb_anti_affinity_web", "prod"]);
  });

  test("moves, found again among the tasks of the source", async () => {
    const vm = await start(simulator, "POST", "/nodes/pve1/qemu/100/migrate", {
      target: "pve3",
      online: 1,
      "with-local-disks": 1,
      ...(isNine ? { "with-conntrack-state": 1 } : {}),
    });
    const container = await start(simulator, "POST", "/nodes/pve1/lxc/200/migrate", {
      target: "pve3",
      restart: 1,
    });
    const since = Math.floor(simulator.now() / 1000) - 5;
    const filter = `typefilter=qmigrate&vmid=100&source=all&since=${since}&limit=10`;
    expect(await rows(`/nodes/pve1/tasks?${filter}`)).toMatchObject([
      { upid: vm, id: "100", starttime: expect.any(Number), status: "RUNNING" },
    ]);
    simulator.advance(60_000);
    for (const [upid, type, id] of [
      [vm, "qmigrate", "100"],
      [container, "vzmigrate", "200"],
    ] as const) {
      expect(await data(simulator, `/nodes/pve1/tasks/${upid}/status`)).toMatchObject({
        type,
        id,
        status: "stopped",
        exitstatus: "OK",
        starttime: expect.any(Number),
      });
    }
  });

  test("what automation modules read", async () => {
    expect(await rows("/access/domains")).toMatchObject([{ realm: "pam" }, { realm: "pve" }]);
    expect(await rows("/access/groups")).toEqual([]);
    const users = await rows("/access/users?full=1");
    expect(users.map((user) => user.userid)).toContain("automation@pve");
    expect(await rows("/storage")).toMatchObject([{ storage: "ceph" }, { storage: "local-lvm" }]);
    expect(await data(simulator, "/cluster/options")).toEqual({ keyboard: "en-us" });
    expect(await rows("/nodes/pve1/qemu/100/snapshot")).toMatchObject([{ name: "current" }]);
    expect(await rows("/nodes/pve1/lxc/200/interfaces")).toMatchObject([
      { name: "lo" },
      { name: "eth0" },
    ]);
  });
});
