import { anyUser, needs, type Operation } from "../api/operation.ts";
import { flag, integer, nodeName, optional, storageId, text, vmid } from "../api/schema.ts";
import type { GuestKind } from "../state/types.ts";
import { cloneGuest } from "./clone.ts";
import { createGuest } from "./create.ts";
import { destroyGuest } from "./destroy.ts";
import { CONTAINER_NUMBERED, CONTAINER_OPTIONS, VM_NUMBERED, VM_OPTIONS } from "./options.ts";

const KINDS: readonly GuestKind[] = ["qemu", "lxc"];
const creation = {
  node: nodeName,
  vmid,
  pool: optional(text),
  storage: optional(storageId),
  start: optional(flag),
  force: optional(flag),
  unique: optional(flag),
};

/** Making, copying and deleting guests. */
export const lifecycleOperations: readonly Operation[] = KINDS.flatMap((kind) => {
  const base = `/nodes/{node}/${kind}`;
  const isVm = kind === "qemu";
  return [
    {
      method: "POST",
      path: base,
      permission: anyUser,
      isProxied: true,
      named: isVm
        ? { ...creation, ...VM_OPTIONS, archive: optional(text) }
        : {
            ...creation,
            ...CONTAINER_OPTIONS,
            ostemplate: text,
            password: optional({ ...text, minLength: 5 }),
            "ssh-public-keys": optional(text),
            restore: optional(flag),
          },
      numbered: isVm ? VM_NUMBERED : CONTAINER_NUMBERED,
      run: (call) => createGuest(call, kind),
    },
    {
      method: "POST",
      path: `${base}/{vmid}/clone`,
      permission: needs("/vms/{vmid}", "VM.Clone"),
      isProxied: true,
      named: {
        node: nodeName,
        vmid,
        newid: integer(100, 999_999_999),
        [isVm ? "name" : "hostname"]: optional(text),
        description: optional(text),
        full: optional(flag),
        target: optional(nodeName),
        storage: optional(storageId),
        format: optional(text),
        pool: optional(text),
        snapname: optional(text),
        bwlimit: optional({ type: "number" as const, minimum: 0 }),
      },
      run: (call) => cloneGuest(call, kind),
    },
    {
      method: "DELETE",
      path: `${base}/{vmid}`,
      permission: needs("/vms/{vmid}", "VM.Allocate"),
      isProxied: true,
      named: {
        node: nodeName,
        vmid,
        purge: optional(flag),
        "destroy-unreferenced-disks": optional(flag),
        ...(isVm ? { skiplock: optional(flag) } : { force: optional(flag) }),
      },
      run: (call) => destroyGuest(call, kind),
    },
  ] satisfies readonly Operation[];
});
