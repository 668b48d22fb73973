import type { Guest, HaRule } from "../../contract/snapshot.ts";

/**
 * Marks the nodes that the HA manager refuses because a guest that is kept apart lies stopped there: a planner
 * counts running guests only, the HA manager all that it looks after. A rule about any other guest does not bind it.
 */
export function withStoppedPartners(
  guests: readonly Guest[],
  haRules: readonly HaRule[],
): readonly Guest[] {
  const apart = haRules.filter(({ affinity, disabled }) => affinity === "negative" && !disabled);
  return guests.map((guest) => {
    if (guest.ha === null) return guest;
    const sid = sidOf(guest);
    const partners = new Set(
      apart.flatMap(({ resources }) => (resources.includes(sid) ? resources : [])),
    );
    partners.delete(sid);
    const stopped = guests.filter(
      (other) => other.status === "stopped" && other.ha !== null && partners.has(sidOf(other)),
    );
    if (stopped.length === 0) return guest;
    const refused = stopped.map(({ name, node }): [string, string] => [
      node,
      `an HA rule keeps it apart from ${name}, which lies stopped there`,
    ]);
    return { ...guest, refusedNodes: { ...guest.refusedNodes, ...Object.fromEntries(refused) } };
  });
}

function sidOf({ type, id }: Guest): string {
  return `${type === "qemu" ? "vm" : "ct"}:${id}`;
}
