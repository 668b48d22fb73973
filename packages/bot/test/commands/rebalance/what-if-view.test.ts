import type { FailoverReport, NodeFailover, RuleReport, WhatIf } from "@kappa4/sdk/balancing";
import { describe, expect, it } from "vitest";
import { failoverView } from "../../../src/commands/rebalance/failover-view.ts";
import { rulesView } from "../../../src/commands/rebalance/rules-view.ts";
import { whatIfView } from "../../../src/commands/rebalance/what-if-view.ts";
import { viewText } from "../../../src/view/text.ts";
import { levelPlan, samplePlan } from "../../support/plans.ts";

const guest = { guest: 101, name: "db-01", ha: true };
const outage: NodeFailover = {
  node: "pve-02",
  holds: false,
  proven: false,
  restarts: [{ guest: 102, name: "web-01", ha: false, to: "pve-03" }],
  unplaced: [{ ...guest, code: "no-capacity", message: "pve-01 has room for 2 GiB" }],
  lost: [
    { ...guest, guest: 103, name: "ci", code: "local-storage", message: "its disks are gone" },
  ],
};
const fine: NodeFailover = { ...outage, node: "pve-01", holds: true, unplaced: [], lost: [] };

describe("failoverView", () => {
  it("says that all is covered, or which nodes are not, who restarts whom, and what is not sure", () => {
    expect(viewText(failoverView({ holds: true, unknown: [], nodes: [fine] }))).toContain(
      "Whichever node fails",
    );
    const report: FailoverReport = { holds: false, unknown: [], nodes: [fine, outage] };
    const text = viewText(failoverView(report));
    expect(text).toContain("1 node is not covered (N+1)");
    expect(text).toMatch(/db-01.*by HA.*room for 2 GiB \(a longer search might find a place\)/);
    expect(text).toMatch(/ci.*its disks are gone/);
    expect(text).toContain("a backup or a replica");
  });

  it("shows the worst nodes where not all fit", () => {
    const text = viewText(
      failoverView({ holds: false, unknown: [], nodes: [fine, outage] }, { most: 1 }),
    );
    expect(text).toContain("1 of 2 nodes");
    expect(text).not.toContain("pve-01 ·");
  });
});

describe("whatIfView", () => {
  const report: WhatIf = {
    changes: [
      { kind: "node-added", node: "pve-09", memoryBytes: 64 * 2 ** 30, cores: 1 },
      { kind: "guest-added", guest: { memoryBytes: 2 ** 30, cores: 1 } },
    ],
    now: samplePlan().before,
    plan: samplePlan(),
    failover: [],
    homes: [
      {
        name: "new-guest",
        choices: [{ node: "pve-03", load: 0.3, fits: true, message: "29 → 30 % memory with it" }],
      },
    ],
    impossible: [],
    snapshot: {} as WhatIf["snapshot"],
    options: {},
  };

  it("names the changes, the home, the loads and the moves", () => {
    const text = viewText(whatIfView(report));
    expect(text).toContain(
      "What if pve-09 joins, with 1 core and 64 GiB, then a guest of 1 core and 1 GiB is added",
    );
    expect(text).toContain("Nothing becomes impossible.");
    expect(text).toContain("new-guest goes to pve-03: 29 → 30 % memory with it.");
    expect(text).toContain("Then 3 moves would lower the busiest node");
    expect(viewText(whatIfView(report, { most: 1 }))).toContain("1 of 3 moves shown.");
  });

  it("tells each thing that becomes impossible once", () => {
    const { message } = outage.unplaced[0] ?? { message: "" };
    const text = viewText(
      whatIfView({
        ...report,
        changes: [{ kind: "node-fails", node: "pve-02" }],
        plan: { ...levelPlan(), status: "partial" },
        failover: [outage],
        impossible: [
          { code: "no-capacity", rules: [], guests: [101], message: `db-01: ${message}` },
          { code: "apart-too-many", rules: ["pool:web"], guests: [105], message: "too many" },
        ],
      }),
    );
    expect(text).toContain("2 things become impossible.");
    expect(text.split(message)).toHaveLength(2);
    expect(text).toMatch(/pool web.*too many/);
    expect(text).toContain("No move would help then.");
  });
});

describe("rulesView", () => {
  const report: RuleReport = {
    rules: [
      { id: "a", kind: "apart", guests: [1, 2], hard: true, source: "config" },
      { id: "pin:1", kind: "pin", guests: [1], nodes: ["pve1"], hard: false, source: "tag" },
      { id: "t", kind: "together", guests: [3, 4], hard: true, source: "config" },
      { id: "i", kind: "ignore", guests: [5], hard: true, source: "config" },
    ],
    violations: [
      { rule: "t", kind: "together", hard: true, guests: [], message: "3 and 4 differ." },
    ],
    conflicts: [
      { code: "apart-immovable", rules: ["a"], guests: [1, 2], message: "both are locked" },
    ],
  };

  it("puts what cannot hold first, then what is broken", () => {
    const text = viewText(rulesView(report));
    expect(text).toContain("4 rules: 1 broken, 1 that cannot hold.");
    const order = ["cannot hold", "broken", "holds"].map((state) => text.lastIndexOf(` ${state}`));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(text).toContain("1 guest on pve1, where possible");
    expect(text).toContain("3 and 4 differ.");
  });

  it("says so when all is well, or when there are none", () => {
    const well = { ...report, violations: [], conflicts: [] };
    expect(viewText(rulesView(well))).toContain("4 rules; all of them hold.");
    const none = { rules: [], violations: [], conflicts: [] };
    expect(viewText(rulesView(none))).toContain("The cluster has no rules.");
  });
});
