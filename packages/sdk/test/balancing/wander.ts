import type { ClusterSnapshot, Guest, GuestId } from "@kappa4/connectors";
import type { RebalancePlan } from "../../src/balancing/index.ts";
import type { Dice } from "./dice.ts";

const MIB = 2 ** 20;

/** The cluster after the moves of a plan, with figures that follow from who is where. */
export function carryOut(snapshot: ClusterSnapshot, { moves }: RebalancePlan): ClusterSnapshot {
  const at = new Map<GuestId, string>(moves.map(({ guest, to }) => [guest, to]));
  const guests = snapshot.guests.map((guest) => ({
    ...guest,
    node: at.get(guest.id) ?? guest.node,
  }));
  return withGuests(snapshot, guests);
}

/**
 * The cluster one tick later: memory and processor use of every guest has become a little more or less, by `step`
 * of itself as the standard deviation. A guest uses 16 MiB at least and what it is configured with at most.
 */
export function wander(snapshot: ClusterSnapshot, dice: Dice, step: number): ClusterSnapshot {
  const guests = snapshot.guests.map((guest): Guest => {
    const memory = Math.round((guest.memory.used * factor(dice, step)) / MIB) * MIB;
    const cpu = guest.cpu.used * factor(dice, step);
    return {
      ...guest,
      memory: {
        ...guest.memory,
        used: Math.min(guest.memory.total, Math.max(16 * MIB, memory)),
      },
      cpu: { ...guest.cpu, used: Math.min(1, Math.max(0.005, cpu)) },
    };
  });
  return withGuests(snapshot, guests);
}

/** Roughly bell-shaped: the sum of four evenly spread numbers has a variance of a third. */
function factor(dice: Dice, step: number): number {
  const sum = dice.next() + dice.next() + dice.next() + dice.next();
  return 1 + step * (sum - 2) * Math.sqrt(3);
}

/** The same nodes with other guests, or with the same ones elsewhere. */
function withGuests(snapshot: ClusterSnapshot, guests: readonly Guest[]): ClusterSnapshot {
  const before = usesOf(snapshot.guests);
  const after = usesOf(guests);
  const nodes = snapshot.nodes.map((node) => {
    const [old, now] = [before.get(node.name) ?? NOTHING, after.get(node.name) ?? NOTHING];
    const storages = node.storages.map((storage) => {
      if (storage.shared) return storage;
      const change = (now.stored.get(storage.id) ?? 0) - (old.stored.get(storage.id) ?? 0);
      return { ...storage, used: storage.used + change };
    });
    return {
      ...node,
      storages,
      memory: { ...node.memory, used: node.memory.used + now.memory - old.memory },
      cpu: { ...node.cpu, used: Math.min(node.cpu.cores, node.base.cpu + now.cpu) },
    };
  });
  return { ...snapshot, nodes, guests };
}

interface Use {
  memory: number;
  cpu: number;
  readonly stored: Map<string, number>;
}

const NOTHING: Use = { memory: 0, cpu: 0, stored: new Map() };

function usesOf(guests: readonly Guest[]): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>();
  for (const guest of guests) {
    const use = uses.get(guest.node) ?? { memory: 0, cpu: 0, stored: new Map<string, number>() };
    uses.set(guest.node, use);
    for (const { storage, bytes } of guest.volumes ?? []) {
      use.stored.set(storage, (use.stored.get(storage) ?? 0) + bytes);
    }
    if (guest.status === "stopped") continue;
    use.memory += guest.memory.used;
    use.cpu += guest.cpu.used * guest.cpu.cores;
  }
  return uses;
}
