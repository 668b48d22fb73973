import type { ClusterSnapshot, Guest } from "@kappa4/connectors";
import { expect, test } from "vitest";
import { checkFailover } from "../../src/balancing/index.ts";
import { cluster, type GuestInput } from "./cluster.ts";
import { Dice } from "./dice.ts";

const LIMIT = 0.95;

/** A tight cluster: the guests of pve1 hardly fit on the others, some are pinned, apart or together. */
function tightCluster(seed: number): ClusterSnapshot {
  const dice = new Dice(seed);
  const others = dice.chance(0.5) ? ["pve2", "pve3"] : ["pve2", "pve3", "pve4"];
  // With more guests than nodes they could not be apart even now.
  let apart = others.length + 1;
  const isApart = (): boolean => apart > 0 && dice.chance(0.2) && apart-- > 0;
  const leaving = Array.from({ length: dice.whole(3, 6) }, (_, index): GuestInput => {
    const tags: string[] = [];
    if (dice.chance(0.2)) tags.push(`plb_pin_${dice.pick(others)}`);
    if (isApart()) tags.push("plb_anti_affinity_a");
    else if (dice.chance(0.25)) tags.push("plb_affinity_b");
    return { id: 100 + index, node: "pve1", gib: dice.whole(4, 20), more: { tags } };
  });
  const size = leaving.reduce((sum, { gib = 0 }) => sum + gib, 0);
  const room = Math.floor((size * dice.whole(90, 115)) / 100 / others.length);
  const staying = others.map((node, index): GuestInput => {
    const tags = isApart() ? ["plb_anti_affinity_a"] : [];
    const gib = Math.max(1, 95 - room + dice.whole(-4, 4));
    return { id: 200 + index, node, gib, more: { tags } };
  });
  return cluster(Object.fromEntries(["pve1", ...others].map((name) => [name, {}])), [
    ...leaving,
    ...staying,
  ]);
}

function tagsOf(guest: Guest, start: string): readonly string[] {
  return guest.tags.filter((tag) => tag.startsWith(start));
}

/** Whether the guests of pve1 may be where `to` says, by id; undefined: nowhere. */
function isAllowed(
  { nodes, guests }: ClusterSnapshot,
  to: ReadonlyMap<unknown, string | undefined>,
) {
  const at = (guest: Guest) => (guest.node === "pve1" ? to.get(guest.id) : guest.node);
  const running = guests.filter((guest) => at(guest) !== undefined);
  const fits = nodes.every(({ name, memory }) => {
    const used = running
      .filter((guest) => at(guest) === name)
      .reduce((sum, guest) => sum + guest.memory.used, 0);
    return used <= Math.floor(LIMIT * memory.total);
  });
  const pins = running.every((guest) =>
    tagsOf(guest, "plb_pin_").every(
      (tag) => guest.node !== "pve1" || tag.endsWith(at(guest) ?? ""),
    ),
  );
  const together = guests.filter((guest) => tagsOf(guest, "plb_affinity").length > 0);
  const apart = running.filter((guest) => tagsOf(guest, "plb_anti").length > 0).map(at);
  const onOne = new Set(together.map(at)).size < 2;
  return fits && pins && onOne && new Set(apart).size === apart.length;
}

/** The most guests that can be started elsewhere, by trying everything. */
function mostPlaced(snapshot: ClusterSnapshot): number {
  const leaving = snapshot.guests.filter(({ node }) => node === "pve1");
  const places = [undefined, ...snapshot.nodes.map(({ name }) => name).filter((n) => n !== "pve1")];
  let most = 0;
  for (let code = 0; code < places.length ** leaving.length; code++) {
    const to = new Map(
      leaving.map(({ id }, index) => [
        id,
        places[Math.floor(code / places.length ** index) % places.length],
      ]),
    );
    const placed = [...to.values()].filter((place) => place !== undefined).length;
    if (placed > most && isAllowed(snapshot, to)) most = placed;
  }
  return most;
}

test("no guest is left without a place that trying everything finds one for", () => {
  const outcomes = { all: 0, some: 0 };
  for (let seed = 1; seed <= 150; seed++) {
    const snapshot = tightCluster(seed);
    const [report] = checkFailover(snapshot, ["pve1"]).nodes;
    if (report === undefined) throw new Error("pve1 was not looked at");
    const to = new Map(report.restarts.map(({ guest, to: node }) => [guest, node]));
    expect(isAllowed(snapshot, to), `seed ${seed}`).toBe(true);
    expect(report.proven, `seed ${seed}`).toBe(true);
    expect(report.restarts.length, `seed ${seed}`).toBe(mostPlaced(snapshot));
    outcomes[report.holds ? "all" : "some"]++;
  }
  expect(outcomes.all).toBeGreaterThan(20);
  expect(outcomes.some).toBeGreaterThan(20);
});
