import type { ClusterSnapshot } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import { planRebalance } from "../../src/balancing/index.ts";
import { buildModel } from "../../src/balancing/model/model.ts";
import { planOffline } from "../../src/balancing/model/offline.ts";
import { CheapestFirst } from "../../src/balancing/order/cheapest-first.ts";
import { cheapestWay } from "../../src/balancing/order/every-way.ts";
import { buildProblem } from "../../src/balancing/search/problem.ts";
import { cheapestEnds, type Ends } from "../../src/balancing/search/try-all.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";
import { Dice } from "./dice.ts";
import { cheapestEnd, cheapestWay as exactWay } from "./exact.ts";
import { Puzzle, smallCluster } from "./puzzle.ts";
import { shuffledCluster } from "./random-cluster.ts";

const ANY = Number.POSITIVE_INFINITY;

function problemOf(snapshot: ClusterSnapshot) {
  const model = buildModel(snapshot);
  const width = (snapshot.policy?.balanciness ?? 10) / 100;
  const widths = new Map([[model.resources.level, width]]);
  return buildProblem(model, { widths, levels: true });
}

describe("the cheapest way", () => {
  test("costs what trying every order of moves finds, however few ends are known", () => {
    let found = 0;
    let without = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const snapshot = smallCluster(seed);
      const problem = problemOf(snapshot);
      const all = cheapestEnds(problem, ANY, 128);
      // Rules that cannot hold are set aside before the search; the puzzle has none of that.
      if (all.known.length === 0 || cheapestEnd(new Puzzle(snapshot)) === undefined) continue;
      const few: Ends = { known: all.known.slice(0, 1), areAll: false };
      const costs = [all, few].map((ends) =>
        cheapestWay(problem, [], ends, ANY)?.reduce(
          (sum, { guest }) => sum + (problem.guestSeconds[guest] ?? 0),
          0,
        ),
      );
      const exact = exactWay(new Puzzle(snapshot));
      for (const cost of costs) {
        if (exact === undefined) expect(cost, `seed ${seed}`).toBeUndefined();
        else expect(cost, `seed ${seed}`).toBeCloseTo(exact, 1);
      }
      if (exact === undefined) without++;
      else found++;
    }
    expect(found).toBeGreaterThan(50);
    expect(without).toBeGreaterThan(0);
  });

  test("is not looked for beyond what it may cost", () => {
    const problem = problemOf(cluster({ pve1: {}, pve2: {} }, guestsOn("pve1", 6, 100, 10)));
    const ends = cheapestEnds(problem, ANY, 48);
    const least = ends.known[0]?.cost ?? 0;
    expect(cheapestWay(problem, [], ends, least + 0.01)).toHaveLength(3);
    expect(cheapestWay(problem, [], ends, least - 0.01)).toBeUndefined();
  });
});

test("is the same in whatever order a cluster is listed", () => {
  // Clusters in which the usual order of transfers finds no way.
  for (const seed of [657, 488, 937, 2805, 3024]) {
    const snapshot = smallCluster(seed);
    const plan = planRebalance(snapshot);
    expect(plan.status, `seed ${seed}`).toBe("ok");
    const again = planRebalance(shuffledCluster(snapshot, seed));
    expect(JSON.stringify(again), `seed ${seed}`).toBe(JSON.stringify(plan));
  }
});

const ignored = { tags: ["plb_ignore"] };

test("several guests step aside one after the other, and each says for whom", () => {
  const snapshot = smallCluster(488);
  const { moves, status } = planRebalance(snapshot);
  expect(status).toBe("ok");
  expect(moves.length).toBeGreaterThan(new Set(moves.map(({ guest }) => guest)).size);
  const homes = new Map(snapshot.guests.map(({ id, node }) => [id, node]));
  const back = moves.filter(({ guest, to }) => homes.get(guest) === to);
  expect(back.length).toBeGreaterThan(0);
  for (const { gain, guest, name, from, reasons } of back) {
    expect(reasons[0]?.message).toMatch(/^goes back, and had made room for vm-\d+$/);
    expect(gain?.message).toBe(`without it ${name} would end on ${from}`);
    const away = moves.find((move) => move.guest === guest);
    expect(away?.reasons[0]).toMatchObject({ code: "make-room" });
  }
});

test("disks on storage of a node's own have room on the way too", () => {
  const local = (usedGib: number) => ({
    storages: [{ id: "local", shared: false, total: 100 * GIB, used: usedGib * GIB }],
  });
  const volumes = [{ storage: "local", bytes: 60 * GIB }];
  const guests = [
    { id: 100, node: "pve1", more: { volumes, tags: ["plb_pin_pve2"] } },
    { id: 101, node: "pve2", more: { volumes, tags: ["plb_affinity_a"] } },
    { id: 102, node: "pve1", more: { tags: ["plb_affinity_a", "plb_ignore"] } },
  ];
  const movesWith = (usedGib: number): readonly string[] => {
    const nodes = { pve1: local(60), pve2: local(60), pve3: local(usedGib) };
    return planRebalance(cluster(nodes, guests)).moves.map(({ guest, to }) => `${guest} ${to}`);
  };
  expect(movesWith(0)).toEqual(["101 pve3", "100 pve2", "101 pve1"]);
  expect(movesWith(50)).toEqual([]);
});

test("a stopped guest leaves a draining node on such a way as well", () => {
  const snapshot = cluster(
    { pve1: {}, pve2: {}, pve3: {}, pve4: { maintenance: true } },
    [
      { id: 100, node: "pve1", gib: 30, more: { tags: ["plb_pin_pve2"] } },
      { id: 101, node: "pve2", gib: 30, more: { tags: ["plb_pin_pve1"] } },
      { id: 102, node: "pve2", gib: 20 },
      { id: 103, node: "pve4", more: { status: "stopped" } },
      ...guestsOn("pve1", 4, 200, 10, ignored),
      ...guestsOn("pve2", 3, 300, 10, ignored),
    ],
    { policy: { balanciness: 100 } },
  );
  const problem = problemOf(snapshot);
  const { transfers } = planOffline(problem.model);
  const way = cheapestWay(problem, transfers, cheapestEnds(problem, ANY, 48), ANY) ?? [];
  const names = way.map(({ guest }) => problem.model.guests[guest]?.id);
  expect(names.toSorted()).toEqual([100, 101, 102, 103]);
  expect(names.filter((id) => id !== 103)).toEqual([102, 100, 101]);
});

test("the queue gives the lowest rank first, and of equal ones the first that was added", () => {
  const dice = new Dice(7);
  const queue = new CheapestFirst();
  const ranks = Array.from({ length: 500 }, () => dice.whole(1, 60));
  for (const [item, rank] of ranks.entries()) queue.add(item, rank);
  const taken = ranks.map(() => queue.take() ?? -1);
  const sorted = [...ranks.keys()].sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b);
  expect(taken).toEqual(sorted);
  expect(queue.take()).toBeUndefined();
});
