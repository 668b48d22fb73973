import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";

/** A snapshot as it would be with guests on other nodes: their load goes with them. */
export function relocate(
  snapshot: ClusterSnapshot,
  to: ReadonlyMap<GuestId, string>,
): ClusterSnapshot {
  const change = new Map<string, { memory: number; cpu: number }>();
  const add = (node: string, memory: number, cpu: number): void => {
    const sum = change.get(node) ?? { memory: 0, cpu: 0 };
    change.set(node, { memory: sum.memory + memory, cpu: sum.cpu + cpu });
  };
  const guests = snapshot.guests.map((guest) => {
    const node = to.get(guest.id);
    if (node === undefined || node === guest.node) return guest;
    const running = guest.status === "stopped" ? 0 : 1;
    const cpu = running * guest.cpu.used * guest.cpu.cores;
    add(guest.node, -running * guest.memory.used, -cpu);
    add(node, running * guest.memory.used, cpu);
    return { ...guest, node };
  });
  const nodes = snapshot.nodes.map((node) => {
    const { memory, cpu } = change.get(node.name) ?? { memory: 0, cpu: 0 };
    return {
      ...node,
      memory: { ...node.memory, used: node.memory.used + memory },
      cpu: { ...node.cpu, used: Math.max(0, node.cpu.used + cpu) },
    };
  });
  return { ...snapshot, nodes, guests };
}
