import { type Call, needs, type Operation } from "../api/operation.ts";
import { digest, flag, integer, nodeName, optional, text, vmid } from "../api/schema.ts";
import { failure, parameterError } from "../errors.ts";
import { digestOf, formatSize, isTemplate, lockOf, parseSize } from "../state/config.ts";
import type { Guest, GuestKind } from "../state/types.ts";
import { acquire } from "../work/acquire.ts";
import { guestOfCall } from "./guest-of-call.ts";
import { requireOptionRights } from "./option-rights.ts";
import {
  CONTAINER_NUMBERED,
  CONTAINER_OPTIONS,
  VM_NUMBERED,
  VM_OPTIONS,
  writeOptions,
} from "./options.ts";

const any = optional(text);
const yes = optional(flag);
const CONFIG_RIGHTS = [
  "VM.Config.Disk",
  "VM.Config.CDROM",
  "VM.Config.CPU",
  "VM.Config.Memory",
  "VM.Config.Network",
  "VM.Config.HWType",
  "VM.Config.Options",
  "VM.Config.Cloudinit",
];
const NOT_OPTIONS = new Set([
  "node",
  "vmid",
  "digest",
  "delete",
  "revert",
  "force",
  "skiplock",
  "background_delay",
]);
const how = {
  node: nodeName,
  vmid,
  digest: optional(digest),
  delete: any,
  revert: any,
  force: yes,
  skiplock: yes,
  background_delay: optional(integer(1, 30)),
};

/** Changing the configuration of guests. */
export const configWriteOperations: readonly Operation[] = [
  configWrite("PUT", "qemu"),
  configWrite("POST", "qemu"),
  configWrite("PUT", "lxc"),
  resize("qemu"),
  resize("lxc"),
  template("qemu"),
  template("lxc"),
];

function configWrite(method: "PUT" | "POST", kind: GuestKind): Operation {
  const isVm = kind === "qemu";
  return {
    method,
    path: `/nodes/{node}/${kind}/{vmid}/config`,
    permission: needs("/vms/{vmid}", ...CONFIG_RIGHTS),
    isProxied: true,
    named: { ...how, ...(isVm ? VM_OPTIONS : CONTAINER_OPTIONS) },
    numbered: isVm ? VM_NUMBERED : CONTAINER_NUMBERED,
    run: (call) => (method === "POST" ? later(call, kind) : write(call, guestOfCall(call, kind))),
  };
}

function write(call: Call, guest: Guest): null {
  const given = call.find("digest");
  if (given !== undefined && given !== digestOf(guest.config)) {
    throw failure("detected modified configuration - file changed by other user? Try again.");
  }
  const removed =
    call
      .find("delete")
      ?.split(/[,; ]+/)
      .filter(Boolean) ?? [];
  const names = [...call.values.keys()].filter((name) => !NOT_OPTIONS.has(name));
  requireOptionRights(call, guest, [...names, ...removed]);
  const lock = lockOf(guest);
  if (call.flag("skiplock") && call.identity.subject !== "root@pam") {
    throw parameterError({ skiplock: "Only root may use this option." });
  }
  if (lock !== undefined && !call.flag("skiplock")) {
    throw failure(`${guest.kind === "qemu" ? "VM" : "CT"} is locked (${lock})`);
  }
  for (const name of removed) guest.config.delete(name);
  writeOptions(call, guest.config, (name) => !NOT_OPTIONS.has(name));
  return null;
}

function later(call: Call, kind: GuestKind): string {
  const guest = guestOfCall(call, kind);
  const subject = {
    node: call.node.name,
    type: "qmconfig",
    id: String(guest.vmid),
    user: call.identity.subject,
  };
  return call.cluster.tasks.start(subject, function* (task) {
    yield* acquire(guest, task);
    write(call, guest);
    return undefined;
  });
}

function resize(kind: GuestKind): Operation {
  return {
    method: "PUT",
    path: `/nodes/{node}/${kind}/{vmid}/resize`,
    permission: needs("/vms/{vmid}", "VM.Config.Disk"),
    isProxied: true,
    named: {
      node: nodeName,
      vmid,
      disk: text,
      size: { type: "string", pattern: /^\+?\d+(\.\d+)?[KMGT]?$/ },
      digest: optional(digest),
      skiplock: yes,
    },
    run: (call) => {
      const guest = guestOfCall(call, kind);
      const type = "resize";
      const user = call.identity.subject;
      const subject = { node: call.node.name, type, id: String(guest.vmid), user };
      return call.cluster.tasks.start(subject, function* (task) {
        yield* acquire(guest, task);
        grow(guest, call.text("disk"), call.text("size"));
        yield 1000;
        return undefined;
      });
    },
  };
}

function grow(guest: Guest, disk: string, size: string): void {
  const value = guest.config.get(disk);
  const now = parseSize(/size=([^,]+)/.exec(String(value))?.[1] ?? "0");
  if (value === undefined) throw failure(`disk '${disk}' does not exist`);
  const asked = parseSize(size.replace("+", ""));
  const next = size.startsWith("+") ? now + asked : asked;
  if (next < now) throw failure("shrinking disks is not supported");
  guest.config.set(disk, String(value).replace(/size=[^,]+/, `size=${formatSize(next)}`));
}

function template(kind: GuestKind): Operation {
  return {
    method: "POST",
    path: `/nodes/{node}/${kind}/{vmid}/template`,
    permission: needs("/vms/{vmid}", "VM.Allocate"),
    isProxied: true,
    named: { node: nodeName, vmid, ...(kind === "qemu" ? { disk: any } : {}) },
    run: (call) => {
      const guest = guestOfCall(call, kind);
      if (isTemplate(guest)) throw failure("you can't convert a template to a template");
      if (guest.running) throw failure("you can't convert a running guest to a template");
      if (guest.snapshots.size > 0) throw failure("unable to create template, it has snapshots");
      const type = kind === "qemu" ? "qmtemplate" : "vztemplate";
      const user = call.identity.subject;
      const subject = { node: call.node.name, type, id: String(guest.vmid), user };
      return call.cluster.tasks.start(subject, function* () {
        yield 1000;
        guest.config.set("template", 1);
        return undefined;
      });
    },
  };
}
