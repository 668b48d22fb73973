import { type ProxmoxSimulator, startProxmox } from "@kappa4/simulator";
import { beforeEach, describe, expect, test } from "vitest";
import { call, data, READER, start, statusOf, TOKEN } from "./client.ts";

const GIB = 2 ** 30;
let simulator: ProxmoxSimulator;
beforeEach(async () => {
  simulator = await startProxmox({ tokens: [TOKEN], readOnlyToken: READER });
  return () => simulator.close();
});

type Row = Record<string, unknown>;

async function run(
  method: string,
  path: string,
  form?: Record<string, string | number>,
): Promise<string> {
  const upid = await start(simulator, method, path, form);
  simulator.advance(300_000);
  return await statusOf(simulator, upid);
}

describe("power", () => {
  test("of a VM: start, pause, resume, reboot, stop", async () => {
    const path = "/nodes/pve4/qemu/118/status";
    expect(await run("POST", `${path}/start`)).toBe("OK");
    expect(await data(simulator, `${path}/current`)).toMatchObject({
      status: "running",
      qmpstatus: "running",
    });
    expect(await run("POST", `${path}/suspend`)).toBe("OK");
    expect(await data(simulator, `${path}/current`)).toMatchObject({
      status: "running",
      qmpstatus: "paused",
    });
    expect((await call(simulator, "POST", `${path}/shutdown`, {})).reason).toBe(
      "VM is paused - cannot shutdown",
    );
    expect(await run("POST", `${path}/resume`)).toBe("OK");
    expect(await run("POST", `${path}/reboot`)).toBe("OK");
    expect(await run("POST", `${path}/start`)).toBe("VM 118 already running");
    expect(await run("POST", `${path}/stop`)).toBe("OK");
    expect((await call(simulator, "POST", `${path}/reboot`, {})).reason).toBe("VM 118 not running");
    expect(await run("POST", `${path}/start`)).toBe("OK");
    expect(await run("POST", `${path}/suspend`, { todisk: 1 })).toBe("OK");
    expect(simulator.guest(118).config.get("lock")).toBe("suspended");
    expect(await run("POST", `${path}/start`)).toBe("OK");
    expect(simulator.tasks.map((task) => task.type)).toEqual([
      "qmstart",
      "qmpause",
      "qmresume",
      "qmreboot",
      "qmstart",
      "qmstop",
      "qmstart",
      "qmsuspend",
      "qmstart",
    ]);
  });

  test("of a container, and of something that is locked or not there", async () => {
    expect(await run("POST", "/nodes/pve1/lxc/200/status/shutdown")).toBe("OK");
    expect(simulator.guest(200).running).toBe(false);
    expect((await call(simulator, "POST", "/nodes/pve1/lxc/200/status/reset", {})).status).toBe(
      501,
    );
    const locked = await call(simulator, "POST", "/nodes/pve2/qemu/114/status/stop", {});
    expect(locked.reason).toBe("VM is locked (backup)");
    const skip = await call(simulator, "POST", "/nodes/pve2/qemu/114/status/stop", { skiplock: 1 });
    expect(skip.body?.errors).toEqual({ skiplock: "Only root may use this option." });
    const refused = await call(simulator, "POST", "/nodes/pve1/qemu/100/status/stop", {}, READER);
    expect(refused.reason).toBe("Permission check failed (/vms/100, VM.PowerMgmt)");
  });
});

describe("creating, cloning, deleting", () => {
  test("a VM from nothing, with a disk that is really allocated", async () => {
    const id = Number(await data(simulator, "/cluster/nextid"));
    const form = {
      vmid: id,
      name: "fresh",
      cores: 2,
      memory: 2048,
      scsi0: "local-lvm:32,iothread=1",
      net0: "virtio,bridge=vmbr0",
      tags: "b,a",
      pool: "databases",
      start: 1,
    };
    expect(id).toBe(120);
    expect(await run("POST", "/nodes/pve3/qemu", form)).toBe("OK");
    const config = await data(simulator, `/nodes/pve3/qemu/${id}/config`);
    expect(config).toMatchObject({
      name: "fresh",
      cores: 2,
      memory: "2048",
      scsi0: "local-lvm:vm-120-disk-0,iothread=1,size=32G",
      tags: "b;a",
    });
    const content = await data<Row[]>(simulator, "/nodes/pve3/storage/local-lvm/content");
    expect(content).toMatchObject([
      { volid: "local-lvm:vm-120-disk-0", size: 32 * GIB, vmid: 120 },
    ]);
    const listed = await data<Row[]>(simulator, "/cluster/resources?type=vm");
    expect(listed.find((row) => row.vmid === id)).toMatchObject({
      status: "running",
      pool: "databases",
    });
    const again = await call(simulator, "POST", "/nodes/pve3/qemu", form);
    expect(again.reason).toBe("unable to create VM 120: VM 120 already exists on node 'pve3'");
    const taken = await call(simulator, "GET", `/cluster/nextid?vmid=${id}`);
    expect(taken.body?.errors).toEqual({ vmid: "VM 120 already exists" });
  });

  test("is unknown to the lists until the next round of figures, but its task and its lock are there", async () => {
    simulator.advance(1000);
    await start(simulator, "POST", "/nodes/pve3/qemu", { vmid: 300, name: "fresh" });
    const listed = await data<Row[]>(simulator, "/cluster/resources?type=vm");
    expect(listed.find((row) => row.vmid === 300)).toEqual({
      id: "qemu/300",
      vmid: 300,
      node: "pve3",
      type: "qemu",
      status: "unknown",
      lock: "create",
    });
  });

  test("a container needs a template", async () => {
    const form = { vmid: 300, hostname: "fresh", rootfs: "ceph:8", memory: 1024 };
    const missing = await call(simulator, "POST", "/nodes/pve3/lxc", form);
    expect(missing.body?.errors).toEqual({
      ostemplate: "property is missing and it is not optional",
    });
    const ostemplate = "local:vztmpl/debian-12-standard.tar.zst";
    expect(await run("POST", "/nodes/pve3/lxc", { ...form, ostemplate })).toBe("OK");
    expect(await data(simulator, "/nodes/pve3/lxc/300/config")).toMatchObject({
      hostname: "fresh",
      memory: 1024,
      rootfs: "ceph:vm-300-disk-0,size=8G",
    });
  });

  test("a clone has disks of its own; onto another node only from shared storage", async () => {
    const form = { newid: 400, name: "copy", target: "pve4" };
    expect(await run("POST", "/nodes/pve1/qemu/119/clone", form)).toBe("OK");
    expect(simulator.guest(400)).toMatchObject({ node: "pve4", running: false });
    expect(simulator.guest(400).config.get("template")).toBeUndefined();
    expect(simulator.guest(400).config.get("scsi0")).toMatch(/^ceph:vm-400-disk-0,/);
    const local = await call(simulator, "POST", "/nodes/pve1/qemu/111/clone", {
      newid: 401,
      target: "pve4",
    });
    expect(local.reason).toBe("can't clone to non-shared storage 'local-lvm'");
  });

  test("deleting refuses what runs, is protected or under HA, and takes the rest out of everything", async () => {
    const running = await call(simulator, "DELETE", "/nodes/pve1/qemu/100");
    expect(running.reason).toBe("VM 100 is running - destroy failed");
    await call(simulator, "PUT", "/nodes/pve4/qemu/118/config", { protection: 1 });
    const guarded = await call(simulator, "DELETE", "/nodes/pve4/qemu/118");
    expect(guarded.reason).toBe("can't remove VM 118 - protection mode enabled");
    const managed = await call(simulator, "DELETE", "/nodes/pve1/qemu/115");
    expect(managed.reason).toMatch(/used in HA resources and purge parameter not set/);
    await call(simulator, "PUT", "/nodes/pve4/qemu/118/config", { delete: "protection" });
    expect(await run("DELETE", "/nodes/pve4/qemu/118", { purge: 1 })).toBe("OK");
    expect(simulator.placements().has(118)).toBe(false);
    const listed = await data<Row[]>(simulator, "/cluster/resources?type=vm");
    expect(listed.map((row) => row.vmid)).not.toContain(118);
  });
});

describe("configuration", () => {
  test("a write with an old digest is refused", async () => {
    const path = "/nodes/pve1/qemu/100/config";
    const { digest } = await data<{ digest: string }>(simulator, path);
    const first = await call(simulator, "PUT", path, { description: "one", digest });
    const second = await call(simulator, "PUT", path, { description: "two", digest });
    expect(first.status).toBe(200);
    expect(second.reason).toBe(
      "detected modified configuration - file changed by other user? Try again.",
    );
    expect(await data(simulator, path)).toMatchObject({ description: "one" });
  });

  test("each option needs its own privilege", async () => {
    const operator = { id: "op@pve!one", secret: "secret-of-op" };
    const acl = [{ path: "/vms", privileges: ["VM.Config.Options", "VM.Audit"] }];
    const one = await startProxmox({ tokens: [{ ...operator, privsep: true, acl }] });
    const path = "/nodes/pve1/qemu/100/config";
    const allowed = await call(one, "PUT", path, { tags: "x" }, operator);
    const refused = await call(one, "PUT", path, { memory: 4096 }, operator);
    expect([allowed.status, refused.reason]).toEqual([
      200,
      "Permission check failed (/vms/100, VM.Config.Memory)",
    ]);
    await one.close();
  });

  test("disks grow and do not shrink; a guest becomes a template once", async () => {
    const path = "/nodes/pve4/qemu/118";
    expect(await run("PUT", `${path}/resize`, { disk: "scsi0", size: "+8G" })).toBe("OK");
    expect(simulator.guest(118).config.get("scsi0")).toMatch(/size=40G$/);
    expect(await run("PUT", `${path}/resize`, { disk: "scsi0", size: "1G" })).toBe(
      "shrinking disks is not supported",
    );
    expect(await run("POST", `${path}/template`)).toBe("OK");
    expect((await call(simulator, "POST", `${path}/template`, {})).status).toBe(500);
  });
});

describe("snapshots", () => {
  test("are taken, listed, rolled back and deleted", async () => {
    const path = "/nodes/pve1/qemu/117/snapshot";
    expect(await run("POST", path, { snapname: "before", description: "as it was" })).toBe("OK");
    expect(await run("POST", path, { snapname: "before" })).toBe(
      "snapshot name 'before' already used",
    );
    await call(simulator, "PUT", "/nodes/pve1/qemu/117/config", { cores: 8 });
    expect(await run("POST", path, { snapname: "after" })).toBe("OK");
    const list = await data<Row[]>(simulator, path);
    expect(list.at(-1)).toMatchObject({ name: "current", parent: "after" });
    expect(list.find((entry) => entry.name === "after")).toMatchObject({ parent: "before" });
    expect(await run("POST", `${path}/before/rollback`)).toBe("OK");
    expect(simulator.guest(117).config.get("cores")).toBe(2);
    expect(await run("DELETE", `${path}/before`)).toBe("OK");
    expect(await run("DELETE", `${path}/before`)).toBe("snapshot 'before' does not exist");
    const rest = await data<Row[]>(simulator, path);
    expect(rest.map((entry) => [entry.name, entry.parent])).toEqual([
      ["after", undefined],
      ["current", undefined],
    ]);
  });
});

describe("pools", () => {
  test("in the old form and the new one", async () => {
    await call(simulator, "POST", "/pools", { poolid: "web", comment: "all of the web" });
    await call(simulator, "PUT", "/pools/web", { vms: "100,101" });
    expect(await data(simulator, "/pools/web")).toMatchObject({ comment: "all of the web" });
    const listed = await data<{ poolid: string; members: Row[] }[]>(simulator, "/pools?poolid=web");
    expect(listed).toHaveLength(1);
    expect(listed[0]?.members.map((member) => member.vmid).toSorted()).toEqual([100, 101]);
    const taken = await call(simulator, "PUT", "/pools/web", { vms: 102 });
    expect(taken.reason).toMatch(/belongs already to pool 'databases'/);
    const full = await call(simulator, "DELETE", "/pools/web");
    expect(full.reason).toBe("delete pool failed: pool 'web' is not empty");
    await call(simulator, "PUT", "/pools", { poolid: "web", vms: "100,101", delete: 1 });
    expect((await call(simulator, "DELETE", "/pools?poolid=web")).status).toBe(200);
  });
});

describe("guest agent", () => {
  test("is missing unless it is configured", async () => {
    const path = "/nodes/pve1/qemu/100";
    const before = await call(simulator, "GET", `${path}/agent/network-get-interfaces`);
    await call(simulator, "PUT", `${path}/config`, { agent: "1" });
    const after = await data(simulator, `${path}/agent/network-get-interfaces`);
    expect(before).toMatchObject({ status: 500, reason: "No QEMU guest agent configured" });
    expect(after.result).toMatchObject([{ name: "lo" }, { name: "eth0" }]);
  });
});
