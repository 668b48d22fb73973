import type { Guest, GuestVolume, SnapshotNode } from "../../contract/snapshot.ts";
import type { Instance, LxdOperation, Member, Server } from "./payloads.ts";
import { parseBytes, parseCores, parseTags } from "./units.ts";

/** What LXD says of a member, in our words. */
export function mapMemberStatus(member: Member): Pick<SnapshotNode, "status" | "maintenance"> {
  switch (member.status.toLowerCase()) {
    case "online":
      return { status: "online", maintenance: false };
    case "evacuated":
    case "evacuating":
    case "restoring":
      return { status: "online", maintenance: true };
    case "offline":
      return { status: "offline", maintenance: false };
    default:
      // For example "Blocked": it waits for the others to be upgraded.
      return { status: "unknown", maintenance: false };
  }
}

/** Codes and not words decide; a code that nobody knows is `unknown`. */
export function mapInstanceStatus(instance: Pick<Instance, "status_code">): Guest["status"] {
  return STATUS.get(instance.status_code) ?? "unknown";
}

const STATUS: ReadonlyMap<number, Guest["status"]> = new Map([
  [101, "running"], // Started
  [102, "stopped"],
  [103, "running"],
  [106, "running"], // Starting
  [107, "running"], // Stopping
  [108, "running"], // Aborting
  [109, "paused"], // Freezing
  [110, "paused"], // Frozen
  [111, "running"], // Thawed
  [113, "running"], // Ready
]);

/** What an instance's mapping has to know of the cluster. */
export interface MappingContext {
  readonly cores: number;
  readonly memoryBytes: number;
  /** Cores in use, when two readings allow to say. */
  readonly coresUsed: number | undefined;
  readonly lock: string | null;
  readonly members: readonly Member[];
  readonly server: Server;
  /** Name of the half-made copy that an earlier move left behind. */
  readonly leftover?: string | undefined;
  isSharedPool(pool: string): boolean;
}

/** Maps an instance read with recursion 2. Without limits a guest may use its whole member, so that is its size. */
export function mapGuest(instance: Instance, context: MappingContext): Guest {
  const config = instance.expanded_config;
  const cores = parseCores(config["limits.cpu"]) ?? context.cores;
  const total = parseBytes(config["limits.memory"], context.memoryBytes) ?? context.memoryBytes;
  const refusedNodes = refusedNodesOf(instance, context);
  const root = Object.values(instance.expanded_devices).find((device) => device.path === "/");
  const rootUsed = instance.state?.disk?.root?.usage ?? 0;
  return {
    id: instance.name,
    name: instance.name,
    type: instance.type === "virtual-machine" ? "qemu" : "lxc",
    node: instance.location ?? "",
    status: mapInstanceStatus(instance),
    cpu: { cores, used: cores > 0 ? Math.min(1, (context.coresUsed ?? 0) / cores) : 0 },
    memory: { total, used: Math.max(0, instance.state?.memory?.usage ?? 0) },
    disk: { total: parseBytes(root?.size, 0) ?? rootUsed, used: rootUsed },
    volumes: volumesOf(instance),
    bridges: bridgesOf(instance),
    tags: parseTags(config["user.kappa4.tags"]),
    pool: null,
    ha: null,
    localResources: localResourcesOf(instance, context.isSharedPool),
    lock: context.lock,
    ...(refusedNodes === undefined ? {} : { refusedNodes }),
  };
}

/** Devices that bind an instance to its member, for example `gpu0` or a host directory. */
export function localResourcesOf(
  instance: Instance,
  isSharedPool: (pool: string) => boolean,
): readonly string[] {
  return Object.entries(instance.expanded_devices)
    .filter(([, device]) => isLocalDevice(device, isSharedPool))
    .map(([name]) => name);
}

/**
 * Why LXD would not move an instance anywhere, or would and do harm; undefined when nothing speaks against it.
 * Each of these leaves a container stopped, half copied or deleted on LXD 5.0 when the move is tried.
 */
export function immovableReason(instance: Instance, server: Server): string | undefined {
  const isProtected = instance.expanded_config["security.protection.delete"] === "true";
  if (isProtected && server.environment?.server !== "incus") {
    return "security.protection.delete is set, and a move deletes the instance at its old place";
  }
  if (instance.ephemeral === true && mapInstanceStatus(instance) !== "stopped") {
    return "it is ephemeral, and the stop that a move needs would delete it";
  }
  if ((instance.backups?.length ?? 0) > 0) return "it has backups, and LXD moves none that has";
  if (mapInstanceStatus(instance) === "paused") {
    return "it is frozen, and a move would lose that; unfreeze or stop it first";
  }
  return undefined;
}

/** Whether a member can run an instance of this architecture. */
export function isArchitectureRefused(instance: Instance, member: Member): boolean {
  if (!instance.architecture || !member.architecture) return false;
  if (instance.architecture === member.architecture) return false;
  return PERSONALITIES[member.architecture] !== instance.architecture;
}

/** The change that an instance is in the middle of, by the description of its running operation. */
export function lockOf(operation: LxdOperation): string | null {
  const description = (operation.description ?? "").toLowerCase();
  if (operation.class !== "task" || operation.status_code >= 200) return null;
  return LOCKS.find(([words]) => description.includes(words))?.[1] ?? null;
}

/** Names of the instances that an operation is about. */
export function instancesOf(operation: LxdOperation): readonly string[] {
  const paths = [
    ...(operation.resources?.instances ?? []),
    ...(operation.resources?.containers ?? []),
  ];
  const names = paths.flatMap((path) => {
    const match = /^\/1\.0\/(?:instances|containers|virtual-machines)\/([^/?]+)/.exec(path);
    return match?.[1] === undefined ? [] : [decodeURIComponent(match[1])];
  });
  return [...new Set(names)];
}

/** Why an instance cannot be moved while the copy of a failed move is there. */
export function leftoverReason(copy: string): string {
  return `${copy} is left over from a move that failed, and stands in the way of the next; delete it first`;
}

/** LXD copies a moved instance under this name first; Incus shows no such copy. */
export function copyNameOf(uid: string): string {
  return `${COPY}${uid}`;
}

/** The uid of the instance that a copy was made of; undefined for an instance that is no copy. */
export function movedUidOf(name: string): string | undefined {
  return name.startsWith(COPY) ? name.slice(COPY.length) : undefined;
}

function refusedNodesOf(
  instance: Instance,
  { members, server, leftover }: MappingContext,
): Readonly<Record<string, string>> | undefined {
  const immovable =
    leftover === undefined ? immovableReason(instance, server) : leftoverReason(leftover);
  const refused = members.flatMap((member): [string, string][] => {
    if (member.server_name === instance.location) return [];
    if (immovable !== undefined) return [[member.server_name, immovable]];
    if (!isArchitectureRefused(instance, member)) return [];
    const reason = `its architecture ${instance.architecture} does not run on ${member.architecture}`;
    return [[member.server_name, reason]];
  });
  return refused.length === 0 ? undefined : Object.fromEntries(refused);
}

function isLocalDevice(
  device: Readonly<Record<string, string>>,
  isSharedPool: (pool: string) => boolean,
): boolean {
  const { type = "", path, pool, source = "", nictype = "" } = device;
  if (LOCAL_TYPES.has(type)) return true;
  if (type === "nic") return nictype === "physical" || nictype === "sriov";
  if (type !== "disk" || path === "/") return false;
  if (pool !== undefined) return !isSharedPool(pool);
  return !/^(ceph|cephfs|cloud-init|agent):/.test(source);
}

function volumesOf(instance: Instance): readonly GuestVolume[] {
  return Object.entries(instance.expanded_devices).flatMap(([name, { type, pool, size }]) => {
    if (type !== "disk" || pool === undefined) return [];
    const used = instance.state?.disk?.[name]?.usage;
    return [{ storage: pool, bytes: used ?? parseBytes(size, 0) ?? 0 }];
  });
}

function bridgesOf(instance: Instance): readonly string[] {
  const names = Object.values(instance.expanded_devices).flatMap(({ type, network, parent }) =>
    type === "nic" ? [network ?? parent ?? ""] : [],
  );
  return [...new Set(names.filter((name) => name !== ""))];
}

const COPY = "lxd-move-of-";

const LOCAL_TYPES: ReadonlySet<string> = new Set([
  "gpu",
  "usb",
  "pci",
  "unix-char",
  "unix-block",
  "unix-hotplug",
  "infiniband",
]);

const PERSONALITIES: Readonly<Record<string, string>> = {
  x86_64: "i686",
  aarch64: "armv7l",
  ppc64: "ppc",
  mips64: "mips",
};

// Exec sessions and consoles are operations too, but hold nothing.
const LOCKS: readonly (readonly [string, string])[] = [
  ["migrating", "migrate"],
  ["backing up", "backup"],
  ["backup", "backup"],
  ["snapshotting", "snapshot"],
  ["restoring", "restore"],
  ["creating", "create"],
  ["deleting", "delete"],
  ["renaming", "rename"],
  ["updating", "update"],
  ["rebuilding", "create"],
  ["copying", "copy"],
  ["starting", "start"],
  ["stopping", "stop"],
  ["restarting", "restart"],
  ["freezing", "pause"],
  ["publishing", "backup"],
];
