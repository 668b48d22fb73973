import type { Draft, DraftGuest } from "./draft.ts";

/** A guest is placed by hand only where its node stays below this. */
const MOST_FULL = 0.92;

/**
 * Ties guests together in twos to fours. A broken group stays where it is; any other is brought to one node
 * where there is room.
 */
export function addTogether(draft: Draft, share: number, broken: number): void {
  const free = freeGuests(draft);
  const count = Math.floor(draft.guests.length * share);
  for (let taken = 0, group = 1; taken < count && free.length >= 4; group++) {
    const members = free.splice(0, draft.dice.whole(2, 4));
    taken += members.length;
    for (const { tags } of members) tags.push(`plb_affinity_app${group}`);
    if (!draft.dice.chance(broken)) bringTogether(draft, members);
  }
}

/**
 * Keeps guests apart in groups of two to five, no more than there are nodes for them. No guest is in two
 * groups, and no bundle has two of its guests in any, so that there is always a way to hold all of them.
 */
export function addApart(draft: Draft, share: number, broken: number): void {
  const seen = new Set<string>();
  const single = draft.dice.shuffled(draft.guests).filter((guest) => {
    if (guest.pool !== null || guest.isHa || guest.tags.length > 1 || isRare(guest)) return false;
    const [tag] = guest.tags;
    if (tag === undefined) return true;
    if (!tag.startsWith("plb_affinity") || seen.has(tag)) return false;
    seen.add(tag);
    return true;
  });
  const most = Math.min(5, activeNodes(draft).length);
  const count = Math.floor(draft.guests.length * share);
  for (let taken = 0, group = 1; taken < count && single.length >= most; group++) {
    const members = single.splice(0, draft.dice.whole(2, most));
    taken += members.length;
    for (const { tags } of members) tags.push(`plb_anti_affinity_ha${group}`);
    if (!draft.dice.chance(broken)) bringApart(draft, members);
  }
}

/** Pins guests without rules to one to three nodes; those that are not off their pin are put onto it. */
export function addPins(draft: Draft, share: number, off: number): void {
  const nodes = activeNodes(draft);
  for (const guest of freeGuests(draft)) {
    if (!draft.dice.chance(share)) continue;
    const many = draft.dice.whole(1, Math.max(1, Math.min(3, nodes.length - 1)));
    const chosen = draft.dice.shuffled(nodes).slice(0, many);
    for (const n of chosen) guest.tags.push(`plb_pin_${draft.nodes[n]?.name}`);
    if (chosen.includes(guest.home) || draft.dice.chance(off)) continue;
    const room = chosen.find((n) => fits(draft, [guest], n));
    if (room !== undefined) guest.home = room;
  }
}

/** Some guests without rules never move; none of them on a node that is being emptied. */
export function addIgnored(draft: Draft, share: number): void {
  for (const guest of freeGuests(draft)) {
    const drains = draft.nodes[guest.home]?.maintenance === true;
    if (!drains && draft.dice.chance(share)) guest.tags.push("plb_ignore");
  }
}

/** Gives every node a disk of its own and every second one a fast one besides, and puts guests onto them. */
export function addLocalDisks(draft: Draft, share: number): void {
  draft.nodes.forEach(({ disks }, n) => {
    disks.push({ id: "local", gib: 16_384 });
    if (n % 2 === 0) disks.push({ id: "fast", gib: 8_192 });
  });
  for (const guest of draft.guests) {
    if (!draft.dice.chance(share)) continue;
    guest.storage = guest.home % 2 === 0 && draft.dice.chance(0.33) ? "fast" : "local";
  }
}

/** Rules of pools and of the cluster's own HA: a pool together, one with a preferred node, HA rules of all kinds. */
export function addPoolsAndHaRules(draft: Draft): void {
  const free = freeGuests(draft);
  const nodes = draft.dice.shuffled(activeNodes(draft)).map((n) => draft.nodes[n]?.name ?? "");
  draft.pools.bundle = { type: "affinity" };
  draft.pools.licensed = { pin: nodes.slice(0, 2), strict: false };
  for (const guest of free.splice(0, 2)) guest.pool = "bundle";
  for (const guest of free.splice(0, 3)) guest.pool = "licensed";
  const take = (count: number): string[] =>
    free.splice(0, count).map((guest) => {
      guest.isHa = true;
      return `${guest.type === "lxc" ? "ct" : "vm"}:${guest.id}`;
    });
  const [first = "", second = ""] = nodes;
  draft.haRules.push(
    { id: "near", type: "resource-affinity", affinity: "positive", resources: take(2) },
    { id: "far", type: "resource-affinity", affinity: "negative", resources: take(2) },
    {
      id: "home",
      type: "node-affinity",
      resources: take(2),
      nodes: { [first]: 1, [second]: 1 },
      strict: true,
    },
  );
}

function freeGuests({ dice, guests }: Draft): DraftGuest[] {
  const isFree = ({ tags, pool, isHa }: DraftGuest): boolean =>
    tags.length === 0 && pool === null && !isHa;
  return dice.shuffled(guests).filter((guest) => isFree(guest) && !isRare(guest));
}

/** Few nodes have such a disk: with a rule besides, a guest could have nowhere to be. */
function isRare({ storage }: DraftGuest): boolean {
  return storage === "fast";
}

function activeNodes({ nodes }: Draft): number[] {
  return nodes.flatMap(({ maintenance }, n) => (maintenance ? [] : [n]));
}

function bringTogether(draft: Draft, members: readonly DraftGuest[]): void {
  const homes = members.map(({ home }) => home);
  const home = homes.find((n) =>
    fits(
      draft,
      members.filter((member) => member.home !== n),
      n,
    ),
  );
  if (home === undefined) return;
  for (const member of members) member.home = home;
}

/** A member of a bundle stays, or its bundle would be broken instead. */
function bringApart(draft: Draft, members: readonly DraftGuest[]): void {
  const taken = new Set<number>();
  const bound = ({ tags }: DraftGuest): boolean => tags.length > 1;
  for (const member of [...members.filter(bound), ...members.filter((one) => !bound(one))]) {
    if (taken.has(member.home) && !bound(member)) {
      const free = activeNodes(draft).filter((n) => !taken.has(n) && fits(draft, [member], n));
      if (free.length > 0) member.home = draft.dice.pick(free);
    }
    taken.add(member.home);
  }
}

function fits({ nodes, guests }: Draft, more: readonly DraftGuest[], n: number): boolean {
  const node = nodes[n];
  if (node === undefined) return false;
  const here = guests.filter(({ home }) => home === n);
  const used = [...here, ...more].reduce((sum, { usedMib }) => sum + usedMib, node.baseMib);
  return used <= MOST_FULL * node.memoryMib;
}
