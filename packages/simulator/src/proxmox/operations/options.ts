import type { Call } from "../api/operation.ts";
import type { Parameter } from "../api/parameters.ts";
import { flag, integer, oneOf, optional, text } from "../api/schema.ts";
import type { GuestConfig } from "../state/types.ts";

const any = optional(text);
const yes = optional(flag);

/** Options of a VM that may be set, as far as they are simulated. */
export const VM_OPTIONS: Readonly<Record<string, Parameter>> = {
  acpi: yes,
  agent: any,
  balloon: optional(integer(0)),
  bios: optional(oneOf("seabios", "ovmf")),
  boot: any,
  cores: optional(integer(1)),
  cpu: any,
  cpulimit: optional({ type: "number", minimum: 0, maximum: 128 }),
  cpuunits: optional(integer(1, 262_144)),
  description: any,
  efidisk0: any,
  hotplug: any,
  kvm: yes,
  machine: any,
  memory: any,
  name: optional({
    type: "string",
    format: { name: "DNS name", test: /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/ },
  }),
  nameserver: any,
  numa: yes,
  onboot: yes,
  ostype: any,
  protection: yes,
  scsihw: any,
  searchdomain: any,
  sockets: optional(integer(1)),
  startup: any,
  tablet: yes,
  tags: any,
  tpmstate0: any,
  vcpus: optional(integer(1)),
  vga: any,
};
/** Numbered options of a VM. */
export const VM_NUMBERED: Readonly<Record<string, Parameter>> = Object.fromEntries(
  ["scsi", "sata", "ide", "virtio", "net", "hostpci", "usb", "serial", "ipconfig", "unused"].map(
    (prefix) => [prefix, text],
  ),
);
/** Options of a container that may be set. */
export const CONTAINER_OPTIONS: Readonly<Record<string, Parameter>> = {
  arch: optional(oneOf("amd64", "i386", "arm64", "armhf")),
  cmode: any,
  console: yes,
  cores: optional(integer(1, 8192)),
  cpulimit: optional({ type: "number", minimum: 0, maximum: 8192 }),
  cpuunits: optional(integer(0, 500_000)),
  description: any,
  features: any,
  hostname: any,
  memory: optional(integer(16)),
  nameserver: any,
  onboot: yes,
  ostype: any,
  protection: yes,
  rootfs: any,
  searchdomain: any,
  startup: any,
  swap: optional(integer(0)),
  tags: any,
  tty: optional(integer(0, 6)),
  unprivileged: yes,
};
/** Numbered options of a container. */
export const CONTAINER_NUMBERED: Readonly<Record<string, Parameter>> = {
  mp: text,
  net: text,
  dev: text,
};

/** Copies the options of a call into a configuration, in the form of the configuration file. */
export function writeOptions(
  call: Call,
  config: GuestConfig,
  isOption: (name: string) => boolean,
): void {
  for (const [name, value] of call.values) {
    if (!isOption(name)) continue;
    if (typeof value === "boolean") config.set(name, value ? 1 : 0);
    else if (name === "tags")
      config.set(
        name,
        String(value)
          .split(/[;, ]+/)
          .filter(Boolean)
          .join(";"),
      );
    else config.set(name, typeof value === "number" ? value : String(value));
  }
}
