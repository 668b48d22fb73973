import type { ProxmoxSimulator } from "@kappa4/simulator";
import type { Operation } from "../../../src/index.ts";
import type { ProxmoxConnector } from "../../../src/providers/proxmox/index.ts";

/** A change that a cluster can be asked for. */
export interface Change {
  /** What the test is called. */
  readonly what: string;
  /** What has to be done before. */
  prepare?(connector: ProxmoxConnector): Promise<unknown>;
  /** Asks for it. */
  send(connector: ProxmoxConnector): Promise<Operation<unknown>>;
  /** What its operation resolves with. */
  readonly gives: unknown;
  /** Whether the cluster shows it. */
  shows(simulator: ProxmoxSimulator): boolean;
}

/** In bytes. */
export const GIB = 2 ** 30;
const runs = (id: number, expected: boolean) => (simulator: ProxmoxSimulator) =>
  simulator.guest(id).running === expected;
const exists = (id: number) => (simulator: ProxmoxSimulator) => simulator.placements().has(id);
const snapped = (id: number, name: string) => (simulator: ProxmoxSimulator) =>
  simulator.guest(id).snapshots.has(name);

/** What is given for most of them. */
export const done = { changed: true };

/** One of each kind, of VMs and of containers, with HA and without. */
export const CHANGES: readonly Change[] = [
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
