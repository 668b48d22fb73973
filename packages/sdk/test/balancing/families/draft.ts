import type {
  ClusterSnapshot,
  Guest,
  HaRule,
  NodeStorage,
  PoolRule,
  SnapshotNode,
  SnapshotPolicy,
} from "@kappa4/connectors";
import type { Dice } from "../dice.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** Configured sizes of guests in GiB; small ones are more frequent. */
const SIZES: readonly number[] = [1, 2, 2, 2, 4, 4, 4, 8, 8, 8, 16, 16, 32];
/** Virtual cores per core of a cluster. */
const OVERCOMMIT = 1.6;

/** A node that can still change. Loads are worked out at the end. */
export interface DraftNode {
  readonly name: string;
  readonly memoryMib: number;
  readonly cores: number;
  readonly baseMib: number;
  maintenance: boolean;
  readonly disks: { readonly id: string; readonly gib: number }[];
}

/** A guest that can still change. */
export interface DraftGuest {
  readonly id: number;
  readonly type: "qemu" | "lxc";
  readonly gib: number;
  readonly usedMib: number;
  readonly cores: number;
  /** Part of its cores in use. */
  cpu: number;
  readonly diskGib: number;
  storage: string;
  /** Number of its node. */
  home: number;
  readonly tags: string[];
  pool: string | null;
  isHa: boolean;
}

/** A cluster in the making. */
export interface Draft {
  readonly dice: Dice;
  readonly nodes: readonly DraftNode[];
  readonly guests: readonly DraftGuest[];
  readonly pools: Record<string, PoolRule>;
  readonly haRules: HaRule[];
  policy: SnapshotPolicy;
}

/** How full each node is to be, and what it is to be made of. */
export interface Shape {
  /** By node: memory in use as a fraction. */
  readonly wanted: readonly number[];
  /** By node: size, relative to the others. Default all alike. */
  readonly shares?: readonly number[];
  /** Sizes to draw guests from, GiB. */
  readonly sizes?: readonly number[];
}

/** Draws guests, sizes nodes so that the wanted loads come out, and puts each guest where most is wanted. */
export function drawDraft(dice: Dice, shape: Shape, guestCount: number): Draft {
  const { wanted, shares = wanted.map(() => 1), sizes = SIZES } = shape;
  const guests = Array.from({ length: guestCount }, (_, index) =>
    drawGuest(dice, 100 + index, sizes),
  );
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const bases = wanted.map(() => dice.whole(2000, 3000));
  const used = sum(guests.map(({ usedMib }) => usedMib)) + sum(bases);
  const perShare = used / sum(wanted.map((part, n) => part * (shares[n] ?? 1)));
  const cores = sum(guests.map((guest) => guest.cores)) / OVERCOMMIT / sum(shares);
  const nodes = shares.map((share, n): DraftNode => {
    const memoryMib = Math.ceil((perShare * share) / 1024) * 1024;
    const baseMib = bases[n] ?? 0;
    const name = nodeName(n);
    const own = Math.max(4, Math.ceil(cores * share));
    return { name, memoryMib, cores: own, baseMib, maintenance: false, disks: [] };
  });
  const draft = { dice, nodes, guests, pools: {}, haRules: [], policy: { balanciness: 10 } };
  place(draft, wanted);
  return draft;
}

/** What nodes are called: `pve001` is number 0. */
export function nodeName(n: number): string {
  return `pve${String(n + 1).padStart(3, "0")}`;
}

function drawGuest(dice: Dice, id: number, sizes: readonly number[]): DraftGuest {
  const gib = dice.pick(sizes);
  const peak = dice.chance(0.06) ? dice.between(0.1, 0.5) : 0;
  const low = dice.next();
  return {
    id,
    type: gib <= 8 && dice.chance(0.25) ? "lxc" : "qemu",
    gib,
    usedMib: Math.floor(gib * 1024 * (0.5 + 0.225 * (dice.next() + dice.next()))),
    cores: gib <= 2 ? dice.pick([1, 2]) : dice.pick([2, 4, 4, 8]),
    cpu: Math.round(1e4 * (0.01 + 0.25 * low * low + peak)) / 1e4,
    diskGib: dice.pick([10, 20, 20, 40, 40, 100, 250]),
    storage: "ceph",
    home: 0,
    tags: [],
    pool: null,
    isHa: false,
  };
}

/** Largest guests first, each on the node that is furthest below what is wanted there. */
function place({ nodes, guests }: Draft, wanted: readonly number[]): void {
  const missing = nodes.map(({ memoryMib, baseMib }, n) => (wanted[n] ?? 0) * memoryMib - baseMib);
  const order = guests.toSorted((a, b) => b.usedMib - a.usedMib || a.id - b.id);
  for (const guest of order) {
    let best = 0;
    missing.forEach((amount, n) => {
      const size = nodes[n]?.memoryMib ?? 1;
      if (amount / size > (missing[best] ?? 0) / (nodes[best]?.memoryMib ?? 1)) best = n;
    });
    guest.home = best;
    missing[best] = (missing[best] ?? 0) - guest.usedMib;
  }
}

/** Writes a draft down as a snapshot whose nodes use exactly what they and their guests use. */
export function finish(draft: Draft, name: string): ClusterSnapshot {
  const guests = draft.guests.map((guest) => guestOf(draft, guest));
  const shared = draft.guests.reduce(
    (sum, { storage, diskGib }) => sum + (storage === "ceph" ? diskGib : 0),
    0,
  );
  return {
    format: "cluster-snapshot",
    version: 1,
    meta: { name },
    policy: draft.policy,
    nodes: draft.nodes.map((node, n) => {
      const here = draft.guests.filter(({ home }) => home === n);
      return nodeOf(node, here, shared);
    }),
    guests,
    pools: draft.pools,
    haRules: draft.haRules,
    rules: [],
  };
}

function guestOf({ nodes }: Draft, guest: DraftGuest): Guest {
  return {
    id: guest.id,
    name: `${guest.type === "lxc" ? "ct" : "vm"}-${guest.id}`,
    type: guest.type,
    node: nodes[guest.home]?.name ?? "",
    status: "running",
    cpu: { cores: guest.cores, used: guest.cpu },
    memory: { total: guest.gib * GIB, used: guest.usedMib * MIB },
    disk: { total: guest.diskGib * GIB, used: Math.floor(guest.diskGib / 2) * GIB },
    volumes: [{ storage: guest.storage, bytes: guest.diskGib * GIB }],
    tags: guest.tags,
    pool: guest.pool,
    ha: guest.isHa ? { state: "started" } : null,
    localResources: [],
    lock: null,
  };
}

function nodeOf(node: DraftNode, here: readonly DraftGuest[], shared: number): SnapshotNode {
  const busy = here.reduce((sum, { cpu, cores }) => sum + cpu * cores, 0.5);
  const usedMib = here.reduce((sum, guest) => sum + guest.usedMib, node.baseMib);
  const storages: NodeStorage[] = node.disks.map(({ id, gib }) => {
    const own = here.filter(({ storage }) => storage === id);
    const used = own.reduce((sum, { diskGib }) => sum + diskGib, 0) * GIB;
    return { id, shared: false, total: gib * GIB, used };
  });
  const cores = Math.max(node.cores, Math.ceil(busy / 0.97));
  return {
    name: node.name,
    status: "online",
    maintenance: node.maintenance,
    ignored: false,
    cpuGroup: "x86-64-v3",
    cpu: { cores, used: busy },
    memory: { total: node.memoryMib * MIB, used: usedMib * MIB },
    disk: { total: 480 * GIB, used: 60 * GIB },
    base: { cpu: 0.5, memory: node.baseMib * MIB },
    storages: [
      { id: "ceph", shared: true, total: 4 * 1024 * 1024 * GIB, used: shared * GIB },
      ...storages,
    ],
    bridges: ["vmbr0"],
  };
}
