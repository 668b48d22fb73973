import { createHash } from "node:crypto";
import type { Guest, GuestConfig } from "./types.ts";

/** A volume of a guest: where it hangs, where it lies, how large it is. */
export interface Volume {
  /** The option that names it, for example `scsi0`. */
  readonly key: string;
  readonly volid: string;
  readonly storage: string;
  readonly bytes: number;
  readonly isCdrom: boolean;
  readonly isUnused: boolean;
}

const DISK_KEY: RegExp = /^(?:(?:scsi|sata|ide|virtio|efidisk|tpmstate|unused|mp)\d+|rootfs)$/;
const UNITS = [
  ["T", 2 ** 40],
  ["G", 2 ** 30],
  ["M", 2 ** 20],
  ["K", 2 ** 10],
] as const;

/** Lists the volumes of a guest, without empty drives and without mounts from the host. */
export function volumesOf(config: GuestConfig): readonly Volume[] {
  const volumes: Volume[] = [];
  for (const [key, value] of config) {
    if (!DISK_KEY.test(key)) continue;
    const parts = parseProperties(String(value), "file");
    const volid = parts.get("file") ?? parts.get("volume") ?? "";
    const colon = volid.indexOf(":");
    if (colon <= 0) continue;
    volumes.push({
      key,
      volid,
      storage: volid.slice(0, colon),
      bytes: parseSize(parts.get("size") ?? "0"),
      isCdrom: parts.get("media") === "cdrom",
      isUnused: key.startsWith("unused"),
    });
  }
  return volumes;
}

/** Size of the disk that Proxmox VE reports as the guest's own: the first bootable one, or the root file system. */
export function mainDiskBytes(guest: Guest): number {
  const volumes = volumesOf(guest.config).filter((v) => !v.isCdrom && !v.isUnused);
  if (guest.kind === "lxc") return volumes.find((v) => v.key === "rootfs")?.bytes ?? 0;
  const bootKey = /order=(\w+)/.exec(String(guest.config.get("boot") ?? ""))?.[1];
  const first = volumes.find((v) => v.key === bootKey) ?? volumes.find((v) => isDataDisk(v.key));
  return first?.bytes ?? 0;
}

/** Configured number of virtual processors. */
export function coresOf(guest: Guest): number {
  if (guest.kind === "lxc") return Number(guest.config.get("cores") ?? 1);
  const total = Number(guest.config.get("cores") ?? 1) * Number(guest.config.get("sockets") ?? 1);
  return Number(guest.config.get("vcpus") ?? total);
}

/** Configured memory in bytes. */
export function memoryOf(guest: Guest): number {
  const text = String(guest.config.get("memory") ?? 512);
  return Number(parseProperties(text, "current").get("current")) * 2 ** 20;
}

/** Name as lists show it. */
export function nameOf(guest: Guest): string {
  const name = guest.config.get(guest.kind === "lxc" ? "hostname" : "name");
  return name === undefined ? `${guest.kind === "lxc" ? "CT" : "VM "}${guest.vmid}` : String(name);
}

/** Why changes are refused right now, or undefined. */
export function lockOf(guest: Guest): string | undefined {
  const lock = guest.config.get("lock");
  return lock === undefined ? undefined : String(lock);
}

/** Whether the guest is a template. */
export function isTemplate(guest: Guest): boolean {
  return Number(guest.config.get("template") ?? 0) === 1;
}

/** Devices of the host that a VM holds; named as the migration preconditions name them. */
export function localResourcesOf(guest: Guest): readonly string[] {
  return [...guest.config]
    .filter(([key, value]) => isLocalResource(key, String(value)))
    .map(([key]) => (key === "vga" ? "clipboard=vnc" : key));
}

/** Devices that are mapped on several nodes by name. */
export function mappedResourcesOf(guest: Guest): ReadonlyMap<string, string> {
  const mapped = new Map<string, string>();
  for (const [key, value] of guest.config) {
    const name = /^(?:hostpci|usb)\d+$/.test(key)
      ? parseProperties(String(value), "host").get("mapping")
      : undefined;
    if (name) mapped.set(key, name);
  }
  return mapped;
}

// Splits `key=value,...`; a first part without a key gets the given one.
function parseProperties(text: string, firstKey: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    if (equals > 0) parts.set(part.slice(0, equals), part.slice(equals + 1));
    else if (part && !parts.has(firstKey)) parts.set(firstKey, part);
  }
  return parts;
}

/** Reads `32G`, `512M` or plain bytes. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGT])?$/.exec(text);
  if (!match) return 0;
  const unit = UNITS.find(([letter]) => letter === match[2]);
  return Math.round(Number(match[1]) * (unit ? unit[1] : 1));
}

/** Writes bytes with the largest unit that divides them. */
export function formatSize(bytes: number): string {
  const unit = UNITS.find(([, size]) => bytes > 0 && bytes % size === 0);
  return unit ? `${bytes / unit[1]}${unit[0]}` : String(bytes);
}

/** SHA-1 over the configuration file: sent back with a write, it refuses to overwrite another's change. */
export function digestOf(config: GuestConfig): string {
  const lines = [...config].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `${k}: ${v}\n`);
  return createHash("sha1").update(lines.join("")).digest("hex");
}

function isDataDisk(key: string): boolean {
  return /^(?:scsi|sata|ide|virtio)\d+$/.test(key);
}

function isLocalResource(key: string, value: string): boolean {
  if (/^(?:hostpci|usb)\d+$/.test(key)) return !value.includes("mapping=") && value !== "spice";
  if (/^serial\d+$/.test(key)) return value !== "socket";
  if (key === "vga") return value.includes("clipboard=vnc");
  return /^(?:parallel\d+|virtiofs\d+|ivshmem)$/.test(key);
}
