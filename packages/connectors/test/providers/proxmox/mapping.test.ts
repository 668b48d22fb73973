import { describe, expect, it } from "vitest";
import { preconditionsPayload } from "../../../src/providers/proxmox/guest-payloads.ts";
import { mapHaGroup, mapHaRule, readsAutoRebalance } from "../../../src/providers/proxmox/ha.ts";
import {
  type HaView,
  mapGuests,
  mapNodes,
  mapState,
} from "../../../src/providers/proxmox/mapping.ts";
import { resourcesPayload } from "../../../src/providers/proxmox/payloads.ts";
import {
  describeBlockers,
  describeHardware,
  mapPreconditions,
} from "../../../src/providers/proxmox/preconditions.ts";

const MIB = 2 ** 20;
const noHa: HaView = { maintenance: new Set(), resources: new Map() };

const vm = (vmid: number, more: object = {}): object => ({
  id: `qemu/${vmid}`,
  type: "qemu",
  vmid,
  node: "pve1",
  name: `vm${vmid}`,
  status: "running",
  template: 0,
  maxcpu: 4,
  cpu: 0.25,
  maxmem: 4096 * MIB,
  mem: 1000 * MIB,
  maxdisk: 100 * MIB,
  disk: 0,
  ...more,
});

const node = (name: string, more: object = {}): object => ({
  id: `node/${name}`,
  type: "node",
  node: name,
  status: "online",
  maxcpu: 16,
  cpu: 0.5,
  maxmem: 65536 * MIB,
  mem: 8000 * MIB,
  maxdisk: 900,
  disk: 100,
  ...more,
});

const rows = (...entries: readonly object[]) => resourcesPayload.parse(entries);
const guest = (more: object, ha: HaView = noHa) => mapGuests(rows(vm(100, more)), ha)[0];

describe("guests", () => {
  it("have a share of their own cores and what they take up on the host", () => {
    expect(guest({ memhost: 1200 * MIB })).toMatchObject({
      id: 100,
      cpu: { cores: 4, used: 0.25 },
      memory: { total: 4096 * MIB, used: 1200 * MIB },
      disk: { total: 100 * MIB, used: 100 * MIB },
    });
    expect(guest({})?.memory.used).toBe(1000 * MIB);
  });

  it.each([
    ["running", "running"],
    ["stopped", "stopped"],
    ["paused", "paused"],
    ["suspended", "paused"],
    ["unknown", "unknown"],
    ["io-error", "unknown"],
    ["something new", "unknown"],
  ])("that are %s count as %s", (status, expected) => {
    expect(guest({ status })?.status).toBe(expected);
  });

  it("carry tags, pool, lock and whether they are templates", () => {
    expect(guest({ tags: "prod;web", pool: "dev", lock: "backup", template: 1 })).toMatchObject({
      tags: ["prod", "web"],
      pool: "dev",
      lock: "backup",
      template: true,
    });
    expect(guest({})).toMatchObject({ tags: [], pool: null, lock: null });
  });

  it("that nobody reports any more keep number and place", () => {
    const stale = { type: "lxc", vmid: 103, node: "pve3", status: "unknown" };
    expect(mapGuests(rows(stale), noHa)[0]).toMatchObject({
      id: 103,
      name: "CT103",
      node: "pve3",
      status: "unknown",
      memory: { total: 0, used: 0 },
    });
  });

  it("know their place with HA", () => {
    const resources = new Map([["vm:100", { state: "started", autoRebalance: false }]]);
    expect(guest({}, { ...noHa, resources })?.ha).toEqual({
      state: "started",
      autoRebalance: false,
    });
    expect(guest({ hastate: "migrate" })?.ha?.state).toBe("migrate");
    // It has no lock of its own before the manager's next round.
    expect(guest({ hastate: "relocate" })?.lock).toBe("relocate");
    expect(guest({ hastate: "started" })?.lock).toBeNull();
    expect(guest({})?.ha).toBeNull();
  });

  it("are sorted by number, whatever order they come in, and bad rows left out", () => {
    const all = rows(vm(300), { type: "qemu", status: "running" }, vm(100), vm(200), {
      type: "sdn",
    });
    expect(mapGuests(all, noHa).map(({ id }) => id)).toEqual([100, 200, 300]);
  });

  it("are read though figures come as text or as rubbish", () => {
    expect(guest({ maxcpu: "4", cpu: "0.5", mem: [], tags: 7 })).toMatchObject({
      cpu: { cores: 4, used: 0.5 },
      memory: { used: 0 },
      tags: ["7"],
    });
  });
});

describe("nodes", () => {
  const nodesOf = (entries: readonly object[], ha: HaView = noHa) => {
    const all = rows(...entries);
    return mapNodes(all, mapGuests(all, ha), ha);
  };

  it("use for themselves what is left when the guests are taken off", () => {
    const [first] = nodesOf([node("pve1"), vm(100), vm(101, { memhost: 2000 * MIB })]);
    expect(first?.cpu).toEqual({ cores: 16, used: 8 });
    expect(first?.base).toEqual({ cpu: 8 - 2, memory: 5000 * MIB });
  });

  it("keep the sum right where figures of different age meet", () => {
    const [first] = nodesOf([node("pve1", { mem: 100 * MIB }), vm(100)]);
    expect(first?.base.memory).toBe(-900 * MIB);
  });

  it("are in maintenance by what the manager or the node's own state says", () => {
    const ha = { ...noHa, maintenance: new Set(["pve2"]) };
    const all = nodesOf([node("pve1", { hastate: "maintenance" }), node("pve2"), node("pve3")], ha);
    expect(all.map(({ maintenance }) => maintenance)).toEqual([true, true, false]);
  });

  it("are offline, or unknown when their figures are hidden", () => {
    const hidden = { type: "node", node: "pve2", status: "online" };
    const offline = { type: "node", node: "pve3", status: "offline" };
    expect(nodesOf([hidden, offline, node("pve1")]).map(({ status }) => status)).toEqual([
      "online",
      "unknown",
      "offline",
    ]);
  });

  it("have the storages that are there for them", () => {
    const storage = (name: string, more: object = {}) => ({
      type: "storage",
      storage: name,
      node: "pve1",
      status: "available",
      shared: 0,
      maxdisk: 10,
      disk: 3,
      ...more,
    });
    const [first] = nodesOf([
      node("pve1"),
      storage("local"),
      storage("ceph", { shared: 1 }),
      storage("gone", { status: "unknown" }),
    ]);
    expect(first?.storages).toEqual([
      { id: "ceph", shared: true, total: 10, used: 3 },
      { id: "local", shared: false, total: 10, used: 3 },
    ]);
  });

  it("of another kind of processor are told apart", () => {
    const all = nodesOf([node("pve1", { "host-arch": "x86_64" }), node("pve2")]);
    expect(all.map(({ cpuGroup }) => cpuGroup)).toEqual(["x86_64", undefined]);
  });
});

it("the small answer says where everything is", () => {
  expect(mapState("gold", rows(vm(100, { lock: "migrate" }), node("pve1")))).toEqual({
    name: "gold",
    nodes: [
      {
        name: "pve1",
        status: "online",
        maintenance: false,
        memory: { total: 65536 * MIB, used: 8000 * MIB },
      },
    ],
    guests: [
      {
        id: 100,
        name: "vm100",
        type: "qemu",
        node: "pve1",
        status: "running",
        lock: "migrate",
        memory: { total: 4096 * MIB, used: 1000 * MIB },
      },
    ],
  });
});

describe("HA", () => {
  const rule = { rule: "r", strict: false, disable: false };

  it("rules of version 9 come over", () => {
    const near = {
      ...rule,
      type: "node-affinity",
      resources: "vm:102,ct:200",
      nodes: "pve1:2,pve2",
    };
    expect(mapHaRule({ ...near, strict: true, disable: true })).toEqual({
      id: "r",
      type: "node-affinity",
      resources: ["vm:102", "ct:200"],
      nodes: { pve1: 2, pve2: 0 },
      strict: true,
      disabled: true,
    });
    const apart = {
      ...rule,
      type: "resource-affinity",
      resources: "vm:1,vm:2",
      affinity: "negative",
    };
    expect(mapHaRule(apart)).toEqual({
      id: "r",
      type: "resource-affinity",
      affinity: "negative",
      resources: ["vm:1", "vm:2"],
    });
    expect(mapHaRule({ ...rule, type: "of next year" })).toBeUndefined();
  });

  it("groups of version 8 become the rules that they amount to", () => {
    const group = { group: "g", nodes: "pve1:1,pve2", restricted: true };
    const members = [{ sid: "vm:2", group: "g" }, { sid: "vm:1", group: "g" }, { sid: "vm:3" }];
    expect(mapHaGroup(group, members)).toEqual({
      id: "g",
      type: "node-affinity",
      resources: ["vm:1", "vm:2"],
      nodes: { pve1: 1, pve2: 0 },
      strict: true,
    });
    expect(mapHaGroup({ ...group, group: "empty" }, members)).toBeUndefined();
  });

  it.each([
    ["ha=dynamic,ha-auto-rebalance=1", true],
    [{ ha: "dynamic", "ha-auto-rebalance": 1 }, true],
    ["ha=static,ha-auto-rebalance=0", false],
    ["ha=static", false],
    [undefined, false],
  ])("balances by itself according to %j: %s", (crs, expected) => {
    expect(readsAutoRebalance(crs)).toBe(expected);
  });
});

describe("preconditions of a move", () => {
  const of = (payload: object) => mapPreconditions(preconditionsPayload.parse(payload));

  it("name what holds a running VM, and let go what can move live", () => {
    const conditions = of({
      running: 1,
      local_disks: [
        { volid: "local:vm-1-disk-0", size: 5, drivename: "scsi0", cdrom: 0 },
        { volid: "local:iso/x.iso", drivename: "ide2", cdrom: 1 },
      ],
      local_resources: ["usb0", "hostpci1", "hostpci2"],
      "mapped-resources": ["hostpci1", "hostpci2"],
      "mapped-resource-info": { hostpci1: { "live-migration": 1 }, hostpci2: { name: "gpu" } },
      "has-dbus-vmstate": 1,
    });
    expect(conditions.blockingResources).toEqual(["hostpci2", "ide2", "usb0"]);
    expect(conditions.localDisks.map(({ volid }) => volid)).toEqual(["local:vm-1-disk-0"]);
    expect(conditions.canMoveConntrack).toBe(true);
  });

  it("let a stopped VM go with its mapped devices", () => {
    const conditions = of({
      running: 0,
      local_resources: ["hostpci0"],
      "mapped-resources": ["hostpci0"],
    });
    expect(conditions.blockingResources).toEqual([]);
  });

  it("are read in either spelling and say why a node is out", () => {
    const blocked = { "blocking-ha-resources": [{ sid: "vm:101", cause: "resource-affinity" }] };
    const missing = { unavailable_storages: ["local-zfs"], "unavailable-resources": ["hostpci1"] };
    const vmSide = of({ running: 1, not_allowed_nodes: { pve3: missing } }).refused.pve3;
    const ctSide = of({ running: 1, "not-allowed-nodes": { pve4: blocked } }).refused.pve4;
    if (vmSide === undefined || ctSide === undefined) throw new Error("both are refused");
    expect(describeHardware(vmSide)).toBe(
      "storage local-zfs is not there, the device of hostpci1 is not there",
    );
    expect(describeHardware(ctSide)).toBeUndefined();
    expect(describeBlockers(ctSide)).toBe("an HA rule keeps it apart from vm:101");
  });

  it("survive what they do not know", () => {
    expect(of({ local_disks: "none", not_allowed_nodes: [] })).toMatchObject({
      running: false,
      localDisks: [],
      blockingResources: [],
      canMoveConntrack: false,
    });
  });
});
