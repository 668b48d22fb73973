import type { Call } from "../api/operation.ts";
import { failure } from "../errors.ts";
import { poolOf } from "../state/cluster.ts";
import { lockOf } from "../state/config.ts";
import type { GuestKind } from "../state/types.ts";
import type { Work } from "../tasks.ts";
import { acquire } from "../work/acquire.ts";
import { guestOfCall } from "./guest-of-call.ts";
import { forgetService } from "./ha-resources.ts";
import { sidOf } from "./rows.ts";

/** Deletes a stopped guest with its disks; returns the UPID. */
export function destroyGuest(call: Call, kind: GuestKind): string {
  const { cluster, node } = call;
  const guest = guestOfCall(call, kind);
  const word = kind === "qemu" ? "VM" : "CT";
  const lock = lockOf(guest);
  const sid = sidOf(guest);
  const verb = kind === "qemu" ? "remove" : "destroy";
  if (lock !== undefined) throw failure(`${word} is locked (${lock})`);
  if (Number(guest.config.get("protection") ?? 0) === 1) {
    throw failure(`can't ${verb} ${word} ${guest.vmid} - protection mode enabled`);
  }
  if (cluster.ha.resources.has(sid) && !call.flag("purge")) {
    throw failure(
      `unable to ${verb} ${word} ${guest.vmid} - used in HA resources and purge parameter not set.`,
    );
  }
  const mayForce = kind === "lxc" && call.flag("force");
  if (guest.running && !mayForce) {
    throw failure(`${word} ${guest.vmid} is running - destroy failed`);
  }
  const type = kind === "qemu" ? "qmdestroy" : "vzdestroy";
  const user = call.identity.subject;
  const subject = { node: node.name, type, id: String(guest.vmid), user };
  return cluster.tasks.start(subject, function* (task): Work {
    yield* acquire(guest, task);
    const fault = cluster.faults.takeWork("task-fails", type, guest.vmid, "prepare");
    if (fault) throw failure(fault.text ?? `simulated failure of ${type}`);
    yield 1500;
    cluster.guests.delete(guest.vmid);
    cluster.statistics.drop(guest.vmid);
    poolOf(cluster, guest.vmid)?.guests.delete(guest.vmid);
    forgetService(cluster, sid);
    return undefined;
  });
}
