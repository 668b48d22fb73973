import type { ClusterSnapshot, Guest, HaRule } from "@kappa4/connectors";
import { cluster, GIB, type GuestInput, type NodeInput } from "./cluster.ts";
import { Dice } from "./dice.ts";

/** Makes a small cluster with everything that clusters have: rules of all kinds, odd nodes, odd guests. */
export function randomCluster(seed: number): ClusterSnapshot {
  const dice = new Dice(seed);
  const names = Array.from({ length: dice.whole(2, 6) }, (_, index) => `pve${index + 1}`);
  const hasLocal = dice.chance(0.3);
  const nodes = Object.fromEntries(names.map((name) => [name, randomNode(dice, hasLocal)]));
  const guests = randomGuests(dice, names, nodes, hasLocal);
  return cluster(nodes, guests, {
    haRules: dice.chance(0.3) ? randomHaRules(dice, names, guests) : [],
    pools: dice.chance(0.3)
      ? {
          db: { type: dice.pick(["affinity", "anti-affinity"] as const) },
          web: { pin: dice.shuffled(names).slice(0, 2), strict: dice.chance(0.5) },
        }
      : {},
    meta: { name: `random-${seed}`, autoRebalance: dice.chance(0.1) },
  });
}

function randomNode(dice: Dice, hasLocal: boolean): NodeInput {
  const local = { id: "local", shared: false, total: 400 * GIB, used: 0 };
  const ceph = { id: "ceph", shared: true, total: 9000 * GIB, used: 0 };
  return {
    memoryGib: dice.pick([64, 64, 128]),
    cores: dice.pick([16, 32]),
    maintenance: dice.chance(0.1),
    ignored: dice.chance(0.04),
    status: dice.chance(0.04) ? dice.pick(["offline", "unknown"] as const) : "online",
    storages: hasLocal && dice.chance(0.8) ? [ceph, local] : [ceph],
    bridges: dice.chance(0.9) ? ["vmbr0", "vmbr1"] : ["vmbr0"],
    ...(dice.chance(0.1) ? { cpuGroup: dice.pick(["a", "b"]) } : {}),
  };
}

function randomGuests(
  dice: Dice,
  names: readonly string[],
  nodes: Readonly<Record<string, NodeInput>>,
  hasLocal: boolean,
): readonly GuestInput[] {
  const favourite = dice.pick(names);
  const room = new Map(names.map((name) => [name, (nodes[name]?.memoryGib ?? 0) * 0.93]));
  const guests: GuestInput[] = [];
  for (let id = 100; id < 100 + dice.whole(5, 40); id++) {
    const gib = dice.pick([0.5, 1, 2, 2, 4, 4, 8, 16]);
    const node = dice.chance(0.4) ? favourite : dice.pick(names);
    const left = (room.get(node) ?? 0) - gib;
    if (left < 0) continue;
    room.set(node, left);
    guests.push({ id, node, gib, more: randomTraits(dice, names, nodes[node], hasLocal) });
  }
  return guests;
}

function randomTraits(
  dice: Dice,
  names: readonly string[],
  node: NodeInput | undefined,
  hasLocal: boolean,
): Partial<Guest> {
  const tags: string[] = [];
  if (dice.chance(0.12)) tags.push(`plb_affinity_${dice.pick(["a", "b"])}`);
  if (dice.chance(0.2)) tags.push(`plb_anti_affinity_${dice.pick(["c", "d", "e"])}`);
  if (dice.chance(0.04)) tags.push("plb_ignore");
  if (dice.chance(0.1))
    tags.push(
      ...dice
        .shuffled(names)
        .slice(0, 2)
        .map((name) => `plb_pin_${name}`),
    );
  if (dice.chance(0.02)) tags.push("plb_pin_nowhere");
  const isLocal = hasLocal && dice.chance(0.4) && node?.storages?.some(({ id }) => id === "local");
  const isDown = node?.status !== "online";
  const status = dice.chance(0.08) ? dice.pick(["stopped", "paused"] as const) : "running";
  return {
    tags,
    type: dice.chance(0.25) ? "lxc" : "qemu",
    status: isDown ? "unknown" : status,
    cpu: { cores: 4, used: dice.next() * 0.3 },
    pool: dice.chance(0.1) ? dice.pick(["db", "web"]) : null,
    lock: dice.chance(0.02) ? "backup" : null,
    localResources: dice.chance(0.02) ? ["hostpci0", "usb0"] : [],
    volumes: [
      ...(isLocal ? [{ storage: "local", bytes: 20 * GIB }] : []),
      { storage: "ceph", bytes: 20 * GIB },
    ],
    bridges: dice.chance(0.1) ? ["vmbr1"] : ["vmbr0"],
    ha: dice.chance(0.1) ? { state: "started" } : null,
    ...(dice.chance(0.02) ? { refusedNodes: { [dice.pick(names)]: "no such device" } } : {}),
    ...(dice.chance(0.02) ? { template: true, status: "stopped" as const } : {}),
  };
}

function randomHaRules(
  dice: Dice,
  names: readonly string[],
  guests: readonly GuestInput[],
): readonly HaRule[] {
  if (guests.length < 6) return [];
  const ids = dice.shuffled(guests.map(({ id }) => `vm:${id}`));
  return [
    { id: "near", type: "resource-affinity", affinity: "positive", resources: ids.slice(0, 2) },
    { id: "far", type: "resource-affinity", affinity: "negative", resources: ids.slice(2, 4) },
    {
      id: "home",
      type: "node-affinity",
      resources: ids.slice(4, 6),
      nodes: Object.fromEntries(names.slice(0, 2).map((name, index) => [name, index])),
      strict: dice.chance(0.5),
      disabled: dice.chance(0.2),
    },
  ];
}

/** The same cluster, with everything that has no order of its own listed in another one. */
export function shuffledCluster(snapshot: ClusterSnapshot, seed: number): ClusterSnapshot {
  const dice = new Dice(seed);
  const list = <Item>(items: readonly Item[]): Item[] => dice.shuffled(items);
  const record = <Value>(values: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(list(Object.entries(values)));
  return {
    ...snapshot,
    nodes: list(snapshot.nodes).map((node) => ({
      ...node,
      storages: list(node.storages),
      ...(node.bridges === undefined ? {} : { bridges: list(node.bridges) }),
    })),
    guests: list(snapshot.guests).map((guest) => ({
      ...guest,
      tags: list(guest.tags),
      localResources: list(guest.localResources),
      ...(guest.volumes === undefined ? {} : { volumes: list(guest.volumes) }),
      ...(guest.bridges === undefined ? {} : { bridges: list(guest.bridges) }),
    })),
    rules: list(snapshot.rules).map((rule) => ({
      ...rule,
      guests: list(rule.guests),
      ...(rule.kind === "pin" ? { nodes: list(rule.nodes) } : {}),
    })),
    haRules: list(snapshot.haRules).map((rule) => ({
      ...rule,
      resources: list(rule.resources),
      ...(rule.nodes === undefined ? {} : { nodes: record(rule.nodes) }),
    })),
    pools: Object.fromEntries(
      list(Object.entries(snapshot.pools)).map(([name, pool]) => [
        name,
        { ...pool, ...(pool.pin === undefined ? {} : { pin: list(pool.pin) }) },
      ]),
    ),
  };
}
