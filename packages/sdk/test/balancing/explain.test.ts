import type { Guest } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import {
  type BlockedCode,
  createHistory,
  explainGuest,
  planRebalance,
  prepareCluster,
  recordMoves,
} from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn, type NodeInput } from "./cluster.ts";
import { randomCluster } from "./random-cluster.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };
const snapshot = cluster(nodes, [
  ...guestsOn("pve1", 10, 100, 6),
  ...guestsOn("pve2", 5, 200, 6),
  ...guestsOn("pve3", 5, 300, 6),
  { id: 400, node: "pve1", gib: 1, more: { tags: ["plb_ignore"] } },
  { id: 401, node: "pve1", more: { status: "stopped" } },
]);
const plan = planRebalance(snapshot);

describe("a guest that moves", () => {
  test("is explained by its move, with the nodes that were no better", () => {
    const [move] = plan.moves;
    const explained = explainGuest(snapshot, plan, move?.guest ?? -1);
    expect(explained).toMatchObject({
      decision: "moves",
      code: "level-load",
      node: "pve1",
      moves: [move],
    });
    expect(explained.message).toMatch(
      /^vm-\d+ goes from pve1 to pve[23]: it relieves pve1 \(61 → 55 % memory\)\.$/,
    );
    expect(explained.alternatives.map(({ node }) => node)).not.toContain(move?.to);
    expect(explained.place).toMatchObject({ node: move?.to, fits: true });
  });
});

describe("a guest that stays", () => {
  test("has nothing to gain", () => {
    const stays = snapshot.guests.find(
      ({ id }) => Number(id) < 110 && plan.moves.every(({ guest }) => guest !== id),
    );
    const explained = explainGuest(snapshot, plan, stays?.id ?? -1);
    expect(explained).toMatchObject({ decision: "stays", code: "nothing-to-gain", moves: [] });
    expect(explained.message).toMatch(
      /^vm-10\d stays: with the plan pve1 is at 43 % memory, and nothing has to move: the nodes are 7 points apart, where 10 are allowed; pve\d, the best other node, would be at \d+ % with it\.$/,
    );
    expect(explained.alternatives).toHaveLength(2);
  });

  test("is pinned to where it is, whatever could be gained elsewhere", () => {
    const held = cluster(nodes, [
      { id: 100, node: "pve1", gib: 1, more: { tags: ["plb_pin_pve1"] } },
      { id: 101, node: "pve1", gib: 1, more: { tags: ["plb_pin_pve1", "plb_pin_pve2"] } },
      { id: 102, node: "pve1", more: { tags: ["plb_pin_pve1"], status: "stopped" } },
    ]);
    const level = planRebalance(held);
    for (const guest of [100, 102]) {
      expect(explainGuest(held, level, guest)).toMatchObject({
        decision: "stays",
        code: "pinned",
        message: expect.stringContaining("it is pinned to pve1; change the pin"),
        rule: expect.any(String),
      });
    }
    expect(explainGuest(held, level, 101)).toMatchObject({ code: "nothing-to-gain" });
  });

  test("is ignored, or stopped", () => {
    expect(explainGuest(snapshot, plan, 400)).toMatchObject({
      code: "ignored",
      message: "vm-400 stays: it is set to be ignored.",
    });
    expect(explainGuest(snapshot, plan, 401)).toMatchObject({
      code: "nothing-to-gain",
      message: "vm-401 stays: it is stopped and carries no load.",
    });
  });

  test("is blocked: the same words as in the plan", () => {
    const drained = cluster(
      { ...nodes, pve1: { maintenance: true } },
      guestsOn("pve1", 1, 100, 6, { lock: "backup" }),
    );
    const blocked = planRebalance(drained);
    const explained = explainGuest(drained, blocked, 100);
    expect(explained).toMatchObject({
      decision: "stays",
      code: "locked",
      message: blocked.blocked[0]?.message,
    });
  });

  test("does not exist", () => {
    expect(explainGuest(snapshot, plan, 999)).toMatchObject({
      decision: "stays",
      code: "no-target",
      message: "There is no guest 999 in test; look its id up and ask again.",
    });
  });
});

test("every guest of a cluster can be explained", () => {
  for (const { id } of snapshot.guests) {
    expect(explainGuest(snapshot, plan, id).message).toMatch(/\.$/);
  }
});

describe("a guest on a node over the target", () => {
  const two = { pve1: {}, pve2: {} };

  test("would only carry the load to another node", () => {
    const missed = cluster(two, [{ id: 100, node: "pve1", gib: 40 }]);
    expect(explainGuest(missed, planRebalance(missed), 100)).toMatchObject({
      code: "nothing-to-gain",
      message:
        "vm-100 stays: with the plan pve1 is at 40 % memory, 30 points above the target's window; pve2 would be at 40 % with it, above the window too.",
    });
  });

  test("has no other node that can take it", () => {
    const missed = cluster({ ...two, pve2: { memoryGib: 20 } }, [
      { id: 100, node: "pve1", gib: 40 },
      { id: 101, node: "pve1", gib: 30 },
    ]);
    expect(explainGuest(missed, planRebalance(missed), 100)).toMatchObject({
      code: "no-capacity",
      message:
        "vm-100 stays: with the plan pve1 is at 70 % memory, 60 points above the target's window, and no other node can take it: pve2 has room for 19 GiB of memory and it needs 40 GiB.",
    });
  });

  test("could go, but no more moves are allowed", () => {
    const many = cluster(two, guestsOn("pve1", 8, 100, 8));
    const options = { maxMoves: 1 };
    const allowed = planRebalance(many, options);
    const stays = many.guests.find(({ id }) => allowed.moves.every(({ guest }) => guest !== id));
    expect(explainGuest(many, allowed, stays?.id ?? "", options).message).toMatch(
      /pve1 is at 56 % memory, 38 points above the target's window; pve2 could take it, but no more moves are allowed\.$/,
    );
  });

  test("is not to be levelled at all", () => {
    const options = { goal: "rules" } as const;
    expect(explainGuest(snapshot, planRebalance(snapshot, options), 100, options).message).toMatch(
      /^vm-100 stays: with the plan pve1 is at 61 % memory, and only rules are repaired; pve\d, the best other node, would be at 36 % with it\.$/,
    );
  });
});

test("every guest on a node over a missed target says what keeps it there, with figures", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const any = randomCluster(seed);
    const found = planRebalance(any);
    for (const { id, name } of any.guests) {
      const { message, decision } = explainGuest(any, found, id);
      const start = decision === "moves" ? `${name} goes from ` : `${name} stays: `;
      expect(message.startsWith(start), `seed ${seed}: ${message}`).toBe(true);
      expect(message).not.toMatch(/undefined|NaN|Infinity/);
    }
  }
});

describe("whatever keeps a guest from moving is the code of its explanation", () => {
  const ceph = { id: "ceph", shared: true, total: 100 * GIB, used: 0 };
  const volumes = [{ storage: "ceph", bytes: GIB }];
  const drained: Readonly<Record<string, NodeInput>> = {
    pve1: { maintenance: true, storages: [ceph], bridges: ["vmbr0"], cpuGroup: "a" },
    pve2: { bridges: ["vmbr1"], cpuGroup: "b", memoryGib: 64 },
  };
  const free: Readonly<Record<string, NodeInput>> = { pve1: { maintenance: true }, pve2: {} };
  const cases: readonly (readonly [
    BlockedCode,
    Readonly<Record<string, NodeInput>>,
    Partial<Guest>,
    number?,
  ])[] = [
    ["ignored", free, { tags: ["plb_ignore"] }],
    ["locked", free, { lock: "snapshot" }],
    ["local-device", free, { localResources: ["usb0"] }],
    ["paused", free, { type: "lxc", status: "paused" }],
    ["pinned", free, { tags: ["plb_pin_pve1"] }],
    ["storage-missing", drained, { volumes }],
    ["network-missing", { ...drained, pve2: { bridges: ["vmbr1"] } }, { bridges: ["vmbr0"] }],
    ["cpu-incompatible", drained, {}],
    ["provider-refuses", free, { refusedNodes: { pve2: "no quorum there" } }],
    ["no-capacity", free, {}, 97],
    ["no-target", { pve1: { maintenance: true } }, {}],
    ["status-unknown", { ...free, pve1: { status: "offline" } }, { status: "unknown" }],
    ["status-unknown", free, { status: "unknown" }],
  ];

  const described = cases.map(([code, nodesOf, more, gib = 4]) => ({ code, nodesOf, more, gib }));

  test.each(described)("$code", ({ code, nodesOf, more, gib }) => {
    const held = cluster(nodesOf, [{ id: 100, node: "pve1", gib, more }]);
    const explained = explainGuest(held, planRebalance(held), 100);
    expect(explained).toMatchObject({ decision: "stays", code, moves: [] });
    expect(explained.message).toMatch(/^vm-100 stays: .+\.$/);
  });

  test("rule", () => {
    const apart = { tags: ["plb_anti_affinity_a"] };
    const held = cluster(free, [
      { id: 100, node: "pve1", more: apart },
      { id: 200, node: "pve2", more: { ...apart, lock: "backup" } },
    ]);
    expect(explainGuest(held, planRebalance(held), 100)).toMatchObject({ code: "rule" });
  });

  test.each([
    ["type-excluded", {}, { types: ["container"] }, {}],
    ["ha-managed", { ha: { state: "started" } }, {}, { autoRebalance: true }],
    ["paused", { status: "paused" }, {}, {}],
  ] as const)("%s, where it would only be levelled", (code, more, options, meta) => {
    const held = cluster(nodes, guestsOn("pve1", 4, 100, 8, more), { meta });
    const explained = explainGuest(held, planRebalance(held, options), 100, options);
    expect(explained).toMatchObject({ decision: "stays", code });
  });

  test("cooldown", () => {
    const now = new Date("2026-03-01T12:00:00Z");
    const moves = [100, 101, 102, 103].map((guest) => ({
      guest,
      from: "pve2",
      to: "pve1",
      reasons: [],
    }));
    const options = { history: recordMoves(createHistory(), { moves }, now), now };
    const held = cluster(nodes, guestsOn("pve1", 4, 100, 8));
    const explained = explainGuest(held, planRebalance(held, options), 100, options);
    expect(explained).toMatchObject({ decision: "stays", code: "cooldown" });
  });

  test("no-safe-order", () => {
    const held = cluster({ pve1: {}, pve2: {} }, [
      { id: 100, node: "pve1", gib: 90, more: { tags: ["plb_pin_pve2"] } },
      { id: 101, node: "pve2", gib: 90, more: { tags: ["plb_pin_pve1"] } },
    ]);
    const explained = explainGuest(held, planRebalance(held), 100);
    expect(explained).toMatchObject({ decision: "stays", code: "no-safe-order" });
  });
});

test("one snapshot made ready answers for every guest as the function does", () => {
  const prepared = prepareCluster(snapshot);
  for (const { id } of snapshot.guests) {
    expect(prepared.explain(plan, id)).toEqual(explainGuest(snapshot, plan, id));
  }
});
