import type {
  CallOptions,
  ClusterState,
  GuestDetail,
  SnapshotOptions,
} from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type {
  ClusterSnapshot,
  Guest,
  GuestId,
  NodeStorage,
  SnapshotNode,
} from "../../contract/snapshot.ts";
import type { LxdApi } from "./api.ts";
import { type ClusterReading, readCluster } from "./cluster-read.ts";
import { type CpuMeter, createCpuMeter } from "./cpu-meter.ts";
import { mapGuest, mapInstanceStatus, mapMemberStatus } from "./mapping.ts";
import type { LxdOptions } from "./options.ts";
import type { Instance } from "./payloads.ts";
import { sharedPoolTest } from "./shared-pools.ts";
import { readStorages } from "./storages.ts";

/** Reads the cluster in our words. */
export interface ClusterReader {
  snapshot(options?: SnapshotOptions): Promise<ClusterSnapshot>;
  state(options?: CallOptions): Promise<ClusterState>;
  describeGuests(ids: readonly GuestId[], options?: CallOptions): Promise<readonly GuestDetail[]>;
}

interface Cluster {
  readonly nodes: readonly SnapshotNode[];
  readonly guests: readonly Guest[];
  readonly warnings: readonly string[];
}

/** Makes the reader of a connection; it remembers the CPU seconds of the last reading. */
export function createClusterReader(
  api: LxdApi,
  capacity: LxdOptions["memberCapacity"] = {},
): ClusterReader {
  const meter = createCpuMeter();

  async function read(operation: string, options: CallOptions): Promise<ClusterReading> {
    return readCluster(api, {
      operation,
      signal: options.signal,
      needsResources: (member) => capacity[member] === undefined,
    });
  }

  return {
    async snapshot(options = {}) {
      const reading = await read("snapshot", options);
      const cluster = mapCluster(reading, capacity, meter);
      const storages = await readStorages(api, reading, options);
      return {
        format: "cluster-snapshot",
        version: 1,
        meta: {
          name: api.connection,
          kind: "lxd",
          takenAt: new Date(reading.takenAtMs).toISOString(),
          warnings: cluster.warnings,
        },
        nodes: cluster.nodes.map((node) => withStorages(node, storages.get(node.name) ?? [])),
        guests: cluster.guests,
        pools: {},
        haRules: [],
        rules: [],
      };
    },
    async state(options = {}) {
      const { nodes, guests } = mapCluster(await read("state", options), capacity, meter);
      return {
        name: api.connection,
        nodes: nodes.map(({ name, status, maintenance, memory }) => ({
          name,
          status,
          maintenance,
          memory,
        })),
        guests: guests.map(({ id, name, type, node, status, lock, memory }) => ({
          id,
          name,
          type,
          node,
          status,
          lock,
          memory,
        })),
      };
    },
    async describeGuests(ids, options = {}) {
      const { guests } = mapCluster(await read("describe", options), capacity, meter);
      return ids.map((id) => {
        const guest = guests.find((candidate) => candidate.id === id);
        if (guest === undefined) throw missing(api, id);
        const { volumes, bridges, localResources, lock, refusedNodes } = guest;
        return { id, volumes, bridges, localResources, lock, refusedNodes };
      });
    },
  };
}

function mapCluster(
  reading: ClusterReading,
  capacity: NonNullable<LxdOptions["memberCapacity"]>,
  meter: CpuMeter,
): Cluster {
  const isSharedPool = sharedPoolTest(reading.server, reading.pools);
  const coresUsed = meter.read(cpuUsageOf(reading.instances), reading.takenAtMs);
  const sizes = new Map(
    reading.members.map(({ server_name: name }) => {
      const own = capacity[name];
      const read = reading.resources.get(name);
      return [
        name,
        {
          cores: own?.cores ?? read?.cpu.total ?? 0,
          memoryBytes: own?.memoryBytes ?? read?.memory.total ?? 0,
        },
      ];
    }),
  );
  const nowhere = { cores: 0, memoryBytes: 0 };
  const guests = reading.instances.map((instance) =>
    mapGuest(instance, {
      ...(sizes.get(instance.location ?? "") ?? nowhere),
      coresUsed: coresUsed.get(uidOf(instance)),
      lock: reading.locks.get(instance.name) ?? null,
      members: reading.members,
      server: reading.server,
      leftover: reading.leftovers.get(instance.name),
      isSharedPool,
    }),
  );
  const nodes = reading.members.map((member): SnapshotNode => {
    const name = member.server_name;
    const here = guests.filter((guest) => guest.node === name);
    const { cores, memoryBytes } = sizes.get(name) ?? nowhere;
    const ofGuests = sum(here.map((guest) => guest.memory.used));
    const read = reading.resources.get(name);
    const used = read === undefined ? ofGuests : Math.max(read.memory.used, ofGuests);
    return {
      name,
      ...mapMemberStatus(member),
      ignored: false,
      cpu: { cores, used: sum(here.map((guest) => guest.cpu.used * guest.cpu.cores)) },
      memory: { total: memoryBytes, used },
      disk: { total: 0, used: 0 },
      base: { cpu: 0, memory: used - ofGuests },
      storages: [],
    };
  });
  return { nodes, guests, warnings: [...reading.warnings, ...warningsOf(reading, coresUsed)] };
}

/** LXD does not tell the size of a member's root file system; its largest local pool is the nearest thing. */
function withStorages(node: SnapshotNode, storages: readonly NodeStorage[]): SnapshotNode {
  const local = storages.filter((storage) => !storage.shared);
  const largest = local.toSorted((a, b) => b.total - a.total)[0];
  if (largest === undefined) return { ...node, storages };
  return { ...node, storages, disk: { total: largest.total, used: largest.used } };
}

function warningsOf(
  reading: ClusterReading,
  coresUsed: ReadonlyMap<string, number>,
): readonly string[] {
  const warnings: string[] = [];
  const running = reading.instances.filter((instance) => instance.state?.cpu);
  if (running.some((instance) => !coresUsed.has(uidOf(instance)))) {
    warnings.push(
      "CPU use is the growth of a counter between two readings; instances seen for the first time count as 0.",
    );
  }
  const away = reading.members.filter(({ server_name: name }) =>
    reading.instances.some(
      (instance) => instance.location === name && mapInstanceStatus(instance) === "unknown",
    ),
  );
  for (const { server_name: name } of away) {
    warnings.push(
      `Member ${name} is away, so limits and tags of its instances, and the rules in them, are not known.`,
    );
  }
  const strange = reading.members.filter(
    (member) => mapMemberStatus(member).status === "unknown" && member.status !== "Unreachable",
  );
  for (const { server_name: name, status } of strange) {
    warnings.push(`Member ${name} has the state "${status}", which is taken as unknown.`);
  }
  return warnings;
}

function cpuUsageOf(instances: readonly Instance[]): ReadonlyMap<string, number> {
  return new Map(
    instances.flatMap((instance) => {
      const usage = instance.state?.cpu?.usage;
      return usage === undefined ? [] : [[uidOf(instance), usage] as const];
    }),
  );
}

function uidOf(instance: Instance): string {
  return instance.config["volatile.uuid"] ?? instance.name;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function missing(api: LxdApi, id: GuestId): Kappa4Error {
  return new Kappa4Error(
    "not_found",
    `There is no instance ${id} in project ${api.project} on "${api.connection}"; check its name.`,
    { context: { connector: api.connection, operation: "describe", target: String(id) } },
  );
}
