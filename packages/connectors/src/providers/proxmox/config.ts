import type { GuestVolume } from "../../contract/snapshot.ts";
import type { GuestType } from "./context.ts";
import { parseProperties, parseSize } from "./fields.ts";

/** A guest's configuration as the API gives it. */
export type GuestConfig = Readonly<Record<string, unknown>>;

const DISK_KEYS: Readonly<Record<GuestType, RegExp>> = {
  qemu: /^(scsi|virtio|sata|ide|efidisk|tpmstate|unused)\d+$/,
  lxc: /^(rootfs|mp\d+|unused\d+)$/,
};

/** Lists the volumes that have to be reachable wherever the guest goes; CD images do not count. */
export function volumesOf(
  type: GuestType,
  config: GuestConfig,
  sizes: ReadonlyMap<string, number | undefined> = new Map(),
): readonly GuestVolume[] {
  return texts(config, DISK_KEYS[type]).flatMap(([, text]) => {
    const properties = parseProperties(text);
    const volume = properties.get("") ?? properties.get("file") ?? properties.get("volume") ?? "";
    const at = volume.indexOf(":");
    if (at <= 0 || volume.startsWith("/") || properties.get("media") === "cdrom") return [];
    const bytes = parseSize(properties.get("size")) ?? sizes.get(volume) ?? 0;
    return [{ storage: volume.slice(0, at), bytes }];
  });
}

/** Lists the networks that the guest is attached to, each once. */
export function bridgesOf(config: GuestConfig): readonly string[] {
  const bridges = texts(config, /^net\d+$/).flatMap(
    ([, text]) => parseProperties(text).get("bridge") ?? [],
  );
  return [...new Set(bridges)].sort();
}

/**
 * Lists what the configuration itself says about being bound to a node: passed-through devices, and for
 * containers folders of the host that are not declared as shared.
 */
export function localDevicesOf(type: GuestType, config: GuestConfig): readonly string[] {
  const keys =
    type === "lxc"
      ? texts(config, /^(mp\d+|dev\d+)$/).filter(([key, text]) => isBoundMount(key, text))
      : texts(config, /^(hostpci|usb|serial|parallel|virtiofs)\d+$/).filter(
          ([, text]) => text !== "socket" && text !== "spice" && !text.startsWith("host=spice"),
        );
  const ivshmem = type === "qemu" && typeof config.ivshmem === "string" ? ["ivshmem"] : [];
  return [...keys.map(([key]) => key), ...ivshmem].sort();
}

function isBoundMount(key: string, text: string): boolean {
  if (key.startsWith("dev")) return true;
  const properties = parseProperties(text);
  const source = properties.get("") ?? properties.get("volume") ?? "";
  return source.startsWith("/") && properties.get("shared") !== "1";
}

function texts(config: GuestConfig, keys: RegExp): readonly (readonly [string, string])[] {
  return Object.entries(config).flatMap(([key, value]) =>
    keys.test(key) && typeof value === "string" ? [[key, value] as const] : [],
  );
}
