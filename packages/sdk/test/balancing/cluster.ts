import type {
  ClusterSnapshot,
  Guest,
  HaRule,
  NodeStorage,
  PlacementRule,
  PoolRule,
  SnapshotNode,
  SnapshotPolicy,
} from "@kappa4/connectors";

/** Bytes in a GiB. */
export const GIB: number = 2 ** 30;

/** What a test says of a node; the rest is a plain 100 GiB node. */
export interface NodeInput {
  readonly memoryGib?: number;
  readonly cores?: number;
  readonly maintenance?: boolean;
  readonly ignored?: boolean;
  readonly status?: SnapshotNode["status"];
  readonly storages?: readonly NodeStorage[];
  readonly bridges?: readonly string[];
  readonly cpuGroup?: string;
  readonly psi?: SnapshotNode["psi"];
}

/** What a test says of a guest; the rest is a plain running VM. */
export interface GuestInput {
  readonly id: number | string;
  readonly node: string;
  /** Memory in use, GiB; the guest is configured with twice as much. */
  readonly gib?: number;
  readonly cpuCores?: number;
  readonly more?: Partial<Guest>;
}

/** Everything else a test can say of a cluster. */
export interface ClusterInput {
  readonly policy?: SnapshotPolicy;
  readonly pools?: Readonly<Record<string, PoolRule>>;
  readonly haRules?: readonly HaRule[];
  readonly rules?: readonly PlacementRule[];
  readonly meta?: Partial<ClusterSnapshot["meta"]>;
}

/** Builds a snapshot whose nodes report exactly what their guests use. */
export function cluster(
  nodes: Readonly<Record<string, NodeInput>>,
  guests: readonly GuestInput[],
  rest: ClusterInput = {},
): ClusterSnapshot {
  const built = guests.map(guest);
  return {
    format: "cluster-snapshot",
    version: 1,
    meta: { name: "test", ...rest.meta },
    ...(rest.policy === undefined ? {} : { policy: rest.policy }),
    nodes: Object.entries(nodes).map(([name, input]) => node(name, input, built)),
    guests: built,
    pools: rest.pools ?? {},
    haRules: rest.haRules ?? [],
    rules: rest.rules ?? [],
  };
}

function node(name: string, input: NodeInput, guests: readonly Guest[]): SnapshotNode {
  const here = guests.filter((one) => one.node === name && one.status !== "stopped");
  const sum = (of: (one: Guest) => number): number =>
    here.reduce((total, one) => total + of(one), 0);
  const cores = input.cores ?? 32;
  return {
    name,
    status: input.status ?? "online",
    maintenance: input.maintenance ?? false,
    ignored: input.ignored ?? false,
    cpu: {
      cores,
      used: Math.min(
        cores,
        sum((one) => one.cpu.used * one.cpu.cores),
      ),
    },
    memory: { total: (input.memoryGib ?? 100) * GIB, used: sum((one) => one.memory.used) },
    disk: { total: 100 * GIB, used: 10 * GIB },
    base: { cpu: 0, memory: 0 },
    storages: input.storages ?? [],
    ...(input.bridges === undefined ? {} : { bridges: input.bridges }),
    ...(input.cpuGroup === undefined ? {} : { cpuGroup: input.cpuGroup }),
    ...(input.psi === undefined ? {} : { psi: input.psi }),
  };
}

function guest({ id, node: home, gib = 4, cpuCores = 0.4, more = {} }: GuestInput): Guest {
  return {
    id,
    name: `vm-${id}`,
    type: "qemu",
    node: home,
    status: "running",
    cpu: { cores: 4, used: cpuCores / 4 },
    memory: { total: 2 * gib * GIB, used: gib * GIB },
    disk: { total: 20 * GIB, used: 5 * GIB },
    tags: [],
    pool: null,
    ha: null,
    localResources: [],
    lock: null,
    ...more,
  };
}

/** Guests of one size on one node, with ids from `first` on. */
export function guestsOn(
  home: string,
  count: number,
  first: number,
  gib = 4,
  more: Partial<Guest> = {},
): GuestInput[] {
  return Array.from({ length: count }, (_, index) => ({
    id: first + index,
    node: home,
    gib,
    more,
  }));
}
