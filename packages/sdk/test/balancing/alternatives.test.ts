import { describe, expect, test } from "vitest";
import { planRebalance, type RebalanceOptions } from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";
import { families, makeCluster } from "./families/index.ts";
import { randomCluster } from "./random-cluster.ts";

function onlyMove(snapshot: ReturnType<typeof cluster>, options: RebalanceOptions = {}) {
  const { moves } = planRebalance(snapshot, options);
  expect(moves).toHaveLength(1);
  const [move] = moves;
  if (move === undefined) throw new Error("nothing moves");
  return move;
}

test("every move of any cluster says what it is good for and what else could have been done", () => {
  let moves = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const plan = planRebalance(randomCluster(seed));
    for (const { gain, alternative, from, to } of plan.moves) {
      moves++;
      expect(gain?.message, `seed ${seed}`).toMatch(/^without it \S.*[^.]$/);
      expect(alternative?.message, `seed ${seed}`).toMatch(/\S.*[^.]$/);
      expect(alternative?.message).not.toMatch(/undefined|NaN|Infinity/);
      expect(plan.before.nodes.map(({ name }) => name)).toContain(alternative?.node);
      const isOther = alternative?.node !== to || alternative?.guest !== undefined;
      expect(isOther || alternative?.node === from, `seed ${seed}`).toBe(true);
    }
  }
  expect(moves).toBeGreaterThan(150);
});

test("so do all moves in all kinds of trouble", () => {
  for (const family of Object.keys(families)) {
    const snapshot = makeCluster(family, 8, 120, 1);
    const { moves } = planRebalance(snapshot, { effort: 0.1 });
    for (const { gain, alternative } of moves) {
      expect(gain?.message, family).toMatch(/^without it /);
      expect(alternative?.message, family).toMatch(/\S/);
    }
    if (family !== "level") expect(moves.length, family).toBeGreaterThan(0);
  }
});

describe("a move that levels", () => {
  const nodes = { pve1: {}, pve2: {}, pve3: {} };

  test("says how far apart the nodes would be without it, and that another node would be too full", () => {
    const snapshot = cluster(nodes, [
      { id: 100, node: "pve1", gib: 20 },
      { id: 101, node: "pve1", gib: 41, more: { tags: ["plb_ignore"] } },
      { id: 200, node: "pve2", gib: 40 },
      { id: 300, node: "pve3", gib: 20 },
    ]);
    const move = onlyMove(snapshot, { balanciness: 5 });
    expect(move).toMatchObject({ guest: 100, to: "pve3" });
    expect(move.gain).toEqual({
      spread: 40,
      overload: 0,
      message: "without it the nodes would be 41 points of memory apart at the end, not 1",
    });
    expect(move.alternative).toEqual({
      node: "pve2",
      code: "above-target",
      message: "pve2: would end at 60 % memory, 35 points above the target's window",
    });
  });

  test("says which other guest would have done as well, and what that costs more", () => {
    const snapshot = cluster({ pve1: {}, pve2: {} }, [
      { id: 100, node: "pve1", gib: 20 },
      { id: 101, node: "pve1", gib: 22 },
    ]);
    expect(onlyMove(snapshot).alternative).toEqual({
      node: "pve2",
      guest: 101,
      code: "costs-more",
      message: "vm-101 to pve2 instead: costs 2.1 s more",
    });
  });

  test("says that the other node is allowed and fuller", () => {
    const snapshot = cluster(nodes, [
      ...guestsOn("pve1", 1, 100, 20),
      { id: 101, node: "pve1", gib: 21, more: { tags: ["plb_ignore"] } },
      ...guestsOn("pve2", 1, 200, 21),
      ...guestsOn("pve3", 1, 300, 20),
    ]);
    const { alternative, to } = onlyMove(snapshot, { balanciness: 20 });
    expect(to).toBe("pve3");
    expect(alternative).toMatchObject({ node: "pve2", code: "above-target" });
    const wide = onlyMove(
      cluster(nodes, [
        { id: 100, node: "pve1", more: { tags: ["plb_pin_pve2", "plb_pin_pve3"] } },
        ...guestsOn("pve2", 1, 200, 1),
      ]),
      {
        goal: "rules",
      },
    );
    expect(wide.alternative).toEqual({
      node: "pve2",
      code: "fuller",
      message: "pve2: would end at 5 % memory, 1 points more than pve3",
    });
  });
});

describe("a move that repairs", () => {
  test("says who is in the way on the other node", () => {
    const apart = { tags: ["plb_anti_affinity_a"] };
    const move = onlyMove(
      cluster({ pve1: {}, pve2: {}, pve3: {} }, [
        { id: 100, node: "pve1", more: apart },
        { id: 101, node: "pve1", more: apart },
        { id: 200, node: "pve2", more: apart },
      ]),
    );
    expect(move.gain?.message).toMatch(
      /^without it vm-10\d would still share a node with vm-10\d$/,
    );
    expect(move.alternative).toMatchObject({
      node: "pve2",
      code: "rule",
      message: "pve2: it must not share pve2 with vm-200",
    });
  });

  test("says what the other node lacks, or that it takes no guests", () => {
    const ceph = { id: "ceph", shared: true, total: 100 * GIB, used: 0 };
    const volumes = [{ storage: "ceph", bytes: GIB }];
    const drained = { maintenance: true, storages: [ceph] };
    const guests = [{ id: 100, node: "pve1", more: { volumes } }];
    const lacks = onlyMove(
      cluster({ pve1: drained, pve2: { storages: [ceph] }, pve3: {} }, guests),
    );
    expect(lacks.gain?.message).toBe("without it pve1 would not be empty");
    expect(lacks.alternative).toMatchObject({
      code: "storage-missing",
      message: "pve3 does not have the storage ceph",
    });
    const off = onlyMove(
      cluster({ pve1: drained, pve2: { storages: [ceph] }, pve3: { ignored: true } }, guests),
    );
    expect(off.alternative?.message).toBe("pve3 is set to be ignored");
  });

  test("has no alternative but to stay where there is no third node", () => {
    const move = onlyMove(
      cluster({ pve1: {}, pve2: {} }, [
        { id: 100, node: "pve1", more: { tags: ["plb_pin_pve2"] } },
      ]),
    );
    expect(move.alternative).toEqual({
      node: "pve1",
      code: "needed",
      message: "pve1: without it rule pin:100 would stay broken",
    });
  });

  test("relieves a node over its limit by so much", () => {
    const move = onlyMove(
      cluster({ pve1: {}, pve2: {} }, [
        { id: 100, node: "pve1", gib: 60 },
        { id: 101, node: "pve1", gib: 37 },
      ]),
      { balanciness: 60 },
    );
    expect(move.gain).toMatchObject({
      overload: 0.02,
      message: "without it pve1 would end at 97 % memory, limit 95 %",
    });
  });
});
