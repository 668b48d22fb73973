import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import {
  createHistory,
  drainNodes,
  explainGuest,
  planRebalance,
  type RebalanceHistory,
  type RebalanceOptions,
  recordMoves,
} from "../../src/balancing/index.ts";
import { cluster, guestsOn } from "./cluster.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };
const start = new Date("2026-03-01T12:00:00Z");

function minutesLater(minutes: number): Date {
  return new Date(start.getTime() + minutes * 60_000);
}

/** A history in which these guests were moved at the start, each from one node to another. */
function movedAtStart(
  ...moves: readonly (readonly [guest: GuestId, from: string, to: string])[]
): RebalanceHistory {
  const made = moves.map(([guest, from, to]) => ({ guest, from, to, reasons: [] }));
  return recordMoves(createHistory(), { moves: made }, start);
}

function movesOf(snapshot: ClusterSnapshot, options: RebalanceOptions): readonly string[] {
  return planRebalance(snapshot, options).moves.map(
    ({ guest, from, to }) => `${guest} ${from} ${to}`,
  );
}

describe("a history", () => {
  const skewed = cluster(nodes, [
    ...guestsOn("pve1", 10, 100, 6),
    ...guestsOn("pve2", 5, 200, 6),
    ...guestsOn("pve3", 5, 300, 6),
  ]);

  test("says of each guest from where to where, when and why, and survives JSON", () => {
    const plan = planRebalance(skewed);
    const history = recordMoves(createHistory(), plan, start);
    expect(history).toMatchObject({ format: "rebalance-history", version: 1, plans: 1 });
    expect(history.moves).toHaveLength(plan.moves.length);
    expect(history.moves[0]).toEqual({
      guest: plan.moves[0]?.guest,
      from: "pve1",
      to: plan.moves[0]?.to,
      at: "2026-03-01T12:00:00.000Z",
      plan: 1,
      reasons: ["level-load"],
    });
    expect(JSON.parse(JSON.stringify(history))).toEqual(history);
  });

  test("takes a guest that waited on a third node as moved once, and one that came back as not moved", () => {
    const { moves } = movedAtStart(
      [100, "pve1", "pve2"],
      [101, "pve1", "pve3"],
      [101, "pve3", "pve1"],
      [100, "pve2", "pve3"],
    );
    expect(moves).toMatchObject([{ guest: 100, from: "pve1", to: "pve3" }]);
  });

  test("forgets what is twelve cooldowns and twelve plans old", () => {
    const empty = { moves: [] };
    let history = movedAtStart([100, "pve1", "pve2"]);
    history = recordMoves(history, empty, minutesLater(60 * 24));
    expect(history.moves).toHaveLength(1);
    for (let plan = 0; plan < 11; plan++) {
      history = recordMoves(history, empty, minutesLater(61 * 12));
      expect(history.moves).toHaveLength(1);
    }
    expect(recordMoves(history, empty, minutesLater(60 * 11)).moves).toHaveLength(1);
    expect(recordMoves(history, empty, minutesLater(61 * 12))).toMatchObject({
      plans: 14,
      moves: [],
    });
  });

  test("is kept for as long as the plan's own cooldown asks for", () => {
    const known = movedAtStart([300, "pve1", "pve3"]);
    const options = { history: known, now: minutesLater(30), cooldownMinutes: 5 };
    const plan = planRebalance(skewed, options);
    expect(plan.cooldownMinutes).toBe(5);
    let history = recordMoves(known, plan, minutesLater(30));
    for (let count = 0; count < 12; count++) {
      history = recordMoves(history, { moves: [], cooldownMinutes: 5 }, minutesLater(61));
    }
    expect(history.moves.map(({ guest }) => guest)).not.toContain(300);
    expect(history.moves).toHaveLength(plan.moves.length);
  });

  test("makes plans aim lower, so that a fluctuation does not bring the next ones", () => {
    const fine = cluster(nodes, [
      ...guestsOn("pve1", 30, 100, 2),
      ...guestsOn("pve2", 15, 200, 2),
      ...guestsOn("pve3", 15, 300, 2),
    ]);
    const history = createHistory();
    expect(planRebalance(fine).after.spread).toBe(10);
    expect(planRebalance(fine, { history, now: start }).after.spread).toBeLessThanOrEqual(6.5);
    const { cooldownMinutes, ...plain } = planRebalance(fine, { history, now: start, aim: 1 });
    expect(cooldownMinutes).toBe(60);
    expect(plain).toEqual(planRebalance(fine));
  });

  test("leaves a cluster alone until it is over the target again", () => {
    const almost = cluster(nodes, [
      ...guestsOn("pve1", 13, 100, 3),
      ...guestsOn("pve2", 10, 200, 3),
      ...guestsOn("pve3", 11, 300, 3),
    ]);
    const history = movedAtStart([999, "pve1", "pve2"]);
    const plan = planRebalance(almost, { history, now: start });
    expect(plan).toMatchObject({ status: "level", moves: [], before: { spread: 9 } });
  });

  test("lets a drain leave a cluster as level as levelling would", () => {
    const drained = cluster({ ...nodes, pve4: { maintenance: true } }, [
      ...guestsOn("pve1", 10, 100, 3),
      ...guestsOn("pve2", 10, 200, 3),
      ...guestsOn("pve3", 10, 300, 3),
      { id: 400, node: "pve4", gib: 9 },
    ]);
    const alone = planRebalance(drained);
    expect(alone.moves).toHaveLength(1);
    expect(alone.after.spread).toBe(9);
    const plan = planRebalance(drained, { history: createHistory(), now: start });
    expect(plan.moves).toHaveLength(2);
    expect(plan.after.spread).toBeLessThanOrEqual(6.5);
  });

  test("does not follow the fluctuations of a cluster that cannot be levelled", () => {
    const stuck = { localResources: ["hostpci0"] };
    const hopeless = cluster(nodes, [
      ...guestsOn("pve1", 1, 100, 31, stuck),
      ...guestsOn("pve2", 10, 200, 1),
      ...guestsOn("pve3", 6, 300, 1),
    ]);
    const history = createHistory();
    expect(planRebalance(hopeless).moves.length).toBeGreaterThan(0);
    const plan = planRebalance(hopeless, { history, now: start });
    expect(plan.moves).toEqual([]);
    expect(plan.conflicts[0]?.message).toBe(
      "The memory of the nodes stays 25 points apart, the target is 10: what could be moved brings them closer by too little.",
    );
  });
});

describe("a guest that was moved a short while ago", () => {
  const two = cluster(nodes, [
    ...guestsOn("pve1", 2, 100, 20),
    { id: 200, node: "pve2", gib: 5 },
    { id: 300, node: "pve3", gib: 5 },
  ]);
  const history = movedAtStart([100, "pve2", "pve1"], [101, "pve2", "pve1"]);

  test("is not moved to level, and the plan says until when", () => {
    const options = { history, now: minutesLater(59) };
    const plan = planRebalance(two, options);
    expect(plan.moves).toEqual([]);
    expect(plan.status).toBe("partial");
    expect(plan.blocked).toMatchObject([
      { guest: 100, code: "cooldown", wanted: "level-load" },
      { guest: 101, code: "cooldown", wanted: "level-load" },
    ]);
    expect(plan.blocked[0]?.message).toBe(
      "vm-100 stays: it was moved a short while ago and is not moved to level again before 2026-03-01T13:00:00.000Z.",
    );
    expect(explainGuest(two, plan, 101, options)).toMatchObject({ code: "cooldown" });
  });

  test("is not taken back to level when that is over, but elsewhere", () => {
    expect(movesOf(two, {})).toContainEqual(expect.stringMatching(/^10[01] pve1 pve3$/));
    const moved = movedAtStart([100, "pve3", "pve1"], [101, "pve3", "pve1"]);
    const moves = movesOf(two, { history: moved, now: minutesLater(61) });
    expect(moves.filter((move) => /^10[01] pve1 pve2$/.test(move))).toHaveLength(1);
    expect(moves.filter((move) => /^10[01] pve1 pve3$/.test(move))).toEqual([]);
  });

  test("counts the time from the last move when nobody says what time it is", () => {
    expect(movesOf(two, { history })).toEqual([]);
  });

  test("may be moved at once where there is no cooldown", () => {
    expect(movesOf(two, { history, now: start, cooldownMinutes: 0 })).not.toEqual([]);
    const longer = { history, now: minutesLater(119), cooldownMinutes: 120 };
    expect(movesOf(two, longer)).toEqual([]);
  });

  test("leaves its node for a drain, back to where it came from if need be", () => {
    const full = cluster({ pve1: {}, pve2: {} }, guestsOn("pve1", 2, 100, 20));
    const plan = drainNodes(full, ["pve1"], { history, now: minutesLater(1) });
    expect(plan).toMatchObject({ status: "ok", moves: [{ to: "pve2" }, { to: "pve2" }] });
  });

  test("follows a hard rule", () => {
    const pinned = cluster(nodes, [
      { id: 100, node: "pve1", gib: 1, more: { tags: ["plb_pin_pve2"] } },
    ]);
    expect(movesOf(pinned, { history, now: start })).toEqual(["100 pve1 pve2"]);
  });

  test("is the one that stays where another can repair the rule", () => {
    const tags = ["plb_anti_affinity_db"];
    for (const recent of [100, 101]) {
      const pair = cluster(nodes, guestsOn("pve1", 2, 100, 4, { tags }));
      const moved = movedAtStart([recent, "pve2", "pve1"]);
      const [move] = movesOf(pair, { history: moved, now: start });
      expect(move).toMatch(recent === 100 ? /^101 / : /^100 /);
    }
  });

  test("does not go back for a wish", () => {
    const pools = { web: { pin: ["pve2"], strict: false } };
    const one = cluster(nodes, [{ id: 100, node: "pve1", gib: 1, more: { pool: "web" } }], {
      pools,
    });
    expect(movesOf(one, {})).toEqual(["100 pve1 pve2"]);
    expect(movesOf(one, { history, now: start })).toEqual([]);
    expect(movesOf(one, { history, now: minutesLater(61) })).toEqual([]);
  });

  test("relieves a node that is over its limit where nobody else can", () => {
    const over = cluster(nodes, [
      ...guestsOn("pve1", 2, 100, 48),
      { id: 200, node: "pve2", gib: 60 },
      { id: 300, node: "pve3", gib: 5 },
    ]);
    expect(movesOf(over, { history, now: start })).toMatchObject([/^10[01] pve1 pve3$/]);
  });

  test("makes room for a drain where nobody else can", () => {
    const crowded = cluster({ pve1: {}, pve2: {}, pve3: { maintenance: true } }, [
      ...guestsOn("pve1", 2, 100, 30),
      { id: 200, node: "pve2", gib: 60 },
      { id: 300, node: "pve3", gib: 60 },
    ]);
    const moved = movedAtStart([100, "pve2", "pve1"]);
    const plan = planRebalance(crowded, { history: moved, now: start });
    expect(plan.after.violations).toBe(0);
  });

  test("is free to move when it is not where the move was to take it", () => {
    const failed = movedAtStart([100, "pve1", "pve2"], [101, "pve1", "pve2"]);
    expect(movesOf(two, { history: failed, now: start })).not.toEqual([]);
  });

  test("holds the guests that must stay with it", () => {
    const tags = ["plb_affinity_app"];
    const bundle = cluster(nodes, [
      ...guestsOn("pve1", 2, 100, 10, { tags }),
      ...guestsOn("pve1", 2, 110, 12),
      ...guestsOn("pve2", 2, 200, 5),
      ...guestsOn("pve3", 2, 300, 5),
    ]);
    const moved = movedAtStart([100, "pve2", "pve1"]);
    const guests = planRebalance(bundle, { history: moved, now: start }).moves.map(
      ({ guest }) => guest,
    );
    expect(guests.length).toBeGreaterThan(0);
    expect(guests).not.toContain(100);
    expect(guests).not.toContain(101);
  });
});
