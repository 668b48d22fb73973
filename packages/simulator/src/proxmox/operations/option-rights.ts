import type { Call } from "../api/operation.ts";
import type { Guest } from "../state/types.ts";

const RIGHTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:scsi|sata|ide|virtio|efidisk|tpmstate|mp|unused)\d+$|^rootfs$|^scsihw$/, "VM.Config.Disk"],
  [/^(?:cores|sockets|cpu|cpulimit|cpuunits|vcpus|numa)$/, "VM.Config.CPU"],
  [/^(?:memory|balloon|swap)$/, "VM.Config.Memory"],
  [/^(?:net\d+|hostname|nameserver|searchdomain)$/, "VM.Config.Network"],
  [
    /^(?:hostpci|usb|serial)\d+$|^(?:vga|machine|bios|tablet|hotplug|acpi|kvm)$/,
    "VM.Config.HWType",
  ],
  [/^ipconfig\d+$/, "VM.Config.Cloudinit"],
];

/** Throws 403 for the first option that the caller may not change. */
export function requireOptionRights(call: Call, guest: Guest, names: readonly string[]): void {
  const path = `/vms/${guest.vmid}`;
  for (const name of names) {
    const right = RIGHTS.find(([pattern]) => pattern.test(name))?.[1] ?? "VM.Config.Options";
    call.require(path, right);
  }
}
