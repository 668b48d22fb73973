import { fillDirectory, membershipOf } from "./access/build.ts";
import { Directory } from "./access/directory.ts";
import { TicketOffice } from "./access/tickets.ts";
import { SimulatedClock } from "./clock.ts";
import { defaultCluster } from "./default-cluster.ts";
import { Faults } from "./faults.ts";
import { startHaManager } from "./ha/manager.ts";
import type { ProxmoxSimulatorOptions } from "./options.ts";
import { createRandom } from "./random.ts";
import type { Cluster } from "./state/cluster.ts";
import { fromResources } from "./state/from-resources.ts";
import { fromSnapshot } from "./state/from-snapshot.ts";
import { hasMajority } from "./state/nodes.ts";
import type { ClusterParts } from "./state/parts.ts";
import { addRecordedResources, addRecordedRules } from "./state/recorded-ha.ts";
import { parseResourceRows } from "./state/resource-rows.ts";
import { parseSnapshotFile } from "./state/snapshot-file.ts";
import { Statistics } from "./state/statistics.ts";
import { Tasks } from "./tasks.ts";
import { type PveVersion, parseVersion } from "./version.ts";
import { Links } from "./work/links.ts";

const VIRTUAL_START = Date.UTC(2026, 0, 5, 10);
const HOUR_MS = 3_600_000;

/** Brings a cluster to life. Throws RangeError when the options do not fit together. */
export function createCluster(options: ProxmoxSimulatorOptions): Cluster {
  const now = options.startAt ?? (options.timeScale === undefined ? VIRTUAL_START : Date.now());
  const { parts, version } = partsOf(options, now);
  applyOptions(parts, options, now);
  const seed = options.seed ?? 1;
  const clock = new SimulatedClock({ startAt: now, timeScale: options.timeScale });
  const directory = new Directory(
    version,
    membershipOf(() => parts),
  );
  fillDirectory(directory, options);
  const cluster: Cluster = {
    ...parts,
    version,
    clock,
    random: createRandom(seed, "order"),
    options: new Map<string, string | number>([["keyboard", "en-us"]]),
    mappings: new Map(),
    directory,
    tickets: new TicketOffice(),
    tasks: new Tasks(clock, createRandom(seed, "tasks")),
    statistics: new Statistics(),
    faults: new Faults(createRandom(seed, "faults")),
    links: new Links(),
    speed: {
      memoryBytesPerSecond: options.speed?.memoryBytesPerSecond ?? parts.speed.memoryBytesPerSecond,
      diskBytesPerSecond: options.speed?.diskBytesPerSecond ?? parts.speed.diskBytesPerSecond,
      overheadMs: options.speed?.overheadMs ?? parts.speed.overheadMs,
    },
    moves: [],
    unreached: new Map(),
    alone: new Set(),
    quorate: true,
  };
  cluster.quorate = hasMajority(cluster);
  clock.beforeWork = (instant) => cluster.statistics.sync(cluster, instant);
  cluster.statistics.sync(cluster, now);
  startHaManager(cluster);
  return cluster;
}

function partsOf(
  options: ProxmoxSimulatorOptions,
  now: number,
): { readonly parts: ClusterParts; readonly version: PveVersion } {
  if (options.resources !== undefined) {
    const version = parseVersion(options.version ?? "9.1");
    const rows = parseResourceRows(options.resources);
    const parts = fromResources(rows, { now, version: version.full });
    if (options.haResources !== undefined) addRecordedResources(parts, options.haResources);
    if (options.haRules !== undefined) addRecordedRules(parts.ha, options.haRules);
    return { parts, version };
  }
  const file = parseSnapshotFile(options.snapshot ?? defaultCluster());
  const version = parseVersion(options.version ?? file.nodes[0]?.pveVersion ?? "9.1");
  const keepVersions = options.version === undefined;
  return { parts: fromSnapshot(file, { now, version, keepVersions }), version };
}

function applyOptions(parts: ClusterParts, options: ProxmoxSimulatorOptions, now: number): void {
  for (const name of options.offline ?? []) {
    const node = parts.nodes.get(name);
    if (!node) throw new RangeError(`There is no node "${name}" to be offline.`);
    node.online = false;
    node.offlineSince = now - HOUR_MS;
  }
  for (const name of options.maintenance ?? []) {
    if (!parts.nodes.has(name)) throw new RangeError(`There is no node "${name}" to maintain.`);
    parts.ha.maintenance.add(name);
  }
}
