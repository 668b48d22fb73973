import { describe, expect, test } from "vitest";
import {
  checkFailover,
  planRebalance,
  type RebalanceOptions,
  type RebalancePlan,
} from "../../src/balancing/index.ts";
import { relocate } from "../../src/balancing/model/relocate.ts";
import { cluster, guestsOn } from "./cluster.ts";
import { judge } from "./judge.ts";
import { randomCluster } from "./random-cluster.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };

/** Covered as it is: a guest of 60 GiB finds its place on pve3. Levelling the other two takes that place. */
const covered = cluster(nodes, [
  { id: 100, node: "pve1", gib: 60 },
  ...guestsOn("pve2", 6, 200, 7.5),
  ...guestsOn("pve3", 4, 300, 7.5),
]);

/** Level, and the guest of 50 GiB finds no place though there is room for it on two nodes together. */
const uncovered = cluster(nodes, [
  { id: 100, node: "pve1", gib: 50 },
  ...guestsOn("pve2", 6, 200, 8),
  ...guestsOn("pve3", 6, 300, 8),
]);

function planned(snapshot: ReturnType<typeof cluster>, options: RebalanceOptions): RebalancePlan {
  const plan = planRebalance(snapshot, options);
  const faults = judge(snapshot, plan, options);
  // The judge knows of no failures: for it a level cluster needs nothing.
  const needless =
    options.failover === "restore" ? / (where nothing needs doing|for nothing)$/ : /^$/;
  expect(faults.filter((fault) => !needless.test(fault))).toEqual([]);
  return plan;
}

/** Nodes that are not covered once a plan is done. */
function open(snapshot: ReturnType<typeof cluster>, plan?: RebalancePlan): readonly string[] {
  const end = new Map(plan?.moves.map(({ guest, to }) => [guest, to]));
  const report = checkFailover(relocate(snapshot, end));
  return report.nodes.filter(({ holds }) => !holds).map(({ node }) => node);
}

describe("a plan that does not mind failures", () => {
  test("may take the place that a guest would need", () => {
    const plan = planned(covered, {});
    expect(open(covered)).toEqual([]);
    expect(open(covered, plan)).toHaveLength(1);
    expect(plan.conflicts.map(({ code }) => code)).not.toContain("failover-uncovered");
  });

  test("says so when asked, and is the same", () => {
    const plan = planned(covered, { failover: "report" });
    expect(plan.moves).toEqual(planRebalance(covered).moves);
    expect(plan.conflicts).toContainEqual({
      code: "failover-uncovered",
      rules: [],
      guests: [100],
      node: expect.stringMatching(/^pve[123]$/),
      message: expect.stringMatching(
        /^If pve\d fails, vm-100 would find no place: of vm-100, pve\d has room for 57.5 GiB of memory and it needs 60 GiB; the other 1 have no more\.$/,
      ),
    });
    expect(plan.status).toBe("partial");
  });
});

test("a plan that keeps what is covered gives it up for no target", () => {
  const plan = planned(covered, { failover: "keep" });
  expect(open(covered, plan)).toEqual([]);
  expect(plan.conflicts.map(({ code }) => code)).toEqual(["target-unreachable"]);
});

test("what is not covered is none of the business of a plan that only keeps", () => {
  expect(planned(uncovered, { failover: "keep" }).moves).toEqual([]);
});

test("a plan that restores moves guests until every node is covered", () => {
  expect(open(uncovered)).toEqual(["pve1"]);
  const plan = planned(uncovered, { failover: "restore", balanciness: 20 });
  expect(open(uncovered, plan)).toEqual([]);
  expect(plan.moves).toHaveLength(1);
  expect(plan.moves[0]).toMatchObject({
    reasons: [{ code: "cover-failover" }],
    gain: { message: "without it guests would find no place if a node failed" },
  });
  const tight = planned(uncovered, { failover: "restore", balanciness: 10 });
  expect(open(uncovered, tight)).toEqual([]);
  expect(tight.conflicts.map(({ code }) => code)).toEqual(["target-unreachable"]);
});

test("what cannot be restored is a conflict that names the node and the guests", () => {
  const full = cluster(nodes, [
    ...guestsOn("pve1", 2, 100, 40),
    ...guestsOn("pve2", 2, 200, 40),
    ...guestsOn("pve3", 2, 300, 40),
  ]);
  const plan = planned(full, { failover: "restore" });
  expect(plan.moves).toEqual([]);
  expect(plan.conflicts.map(({ code, node, guests }) => [code, node, guests])).toEqual([
    ["failover-uncovered", "pve1", [100, 101]],
    ["failover-uncovered", "pve2", [200, 201]],
    ["failover-uncovered", "pve3", [300, 301]],
  ]);
});

test("hard rules and drains come first", () => {
  const apart = { tags: ["plb_anti_affinity_a"] };
  const broken = cluster(nodes, [
    { id: 100, node: "pve1", gib: 50, more: apart },
    { id: 101, node: "pve1", gib: 40, more: apart },
    { id: 200, node: "pve2", gib: 50 },
    { id: 300, node: "pve3", gib: 40 },
  ]);
  const plan = planned(broken, { failover: "keep" });
  expect(plan.after.violations).toBe(0);
});

test("no random cluster loses by levelling what it had", () => {
  let minded = 0;
  for (let seed = 1; seed <= 50; seed++) {
    const snapshot = randomCluster(seed);
    const before = new Set(open(snapshot));
    const plan = planned(snapshot, { failover: "keep", effort: 0.2 });
    const lost = plan.conflicts.filter(({ code }) => code === "failover-uncovered");
    const repairs = plan.moves.some(({ reasons }) => reasons.some(({ code }) => isRepair(code)));
    for (const { node } of lost) expect(before.has(node ?? ""), `seed ${seed}`).toBe(false);
    if (!repairs) expect(lost, `seed ${seed}`).toEqual([]);
    const unminding = planRebalance(snapshot, { effort: 0.2 });
    if (open(snapshot, unminding).some((node) => !before.has(node))) minded++;
  }
  expect(minded).toBeGreaterThan(0);
});

function isRepair(code: string): boolean {
  return !["level-load", "cover-failover", "prefer-node", "make-room"].includes(code);
}
