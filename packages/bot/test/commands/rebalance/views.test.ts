import { ConfigInvalidError, Kappa4Error } from "@kappa4/sdk";
import type { GuestExplanation, Move, RebalancePlan } from "@kappa4/sdk/balancing";
import { describe, expect, it } from "vitest";
import { errorView } from "../../../src/commands/error-view.ts";
import { bestNodeView } from "../../../src/commands/rebalance/best-node-view.ts";
import { explainView } from "../../../src/commands/rebalance/explain-view.ts";
import { guestView } from "../../../src/commands/rebalance/guest-view.ts";
import { planSentence, planView } from "../../../src/commands/rebalance/plan-view.ts";
import { renderTerminal } from "../../../src/platforms/terminal/index.ts";
import { viewText } from "../../../src/view/text.ts";
import { balance, levelPlan, move, node, samplePlan } from "../../support/plans.ts";

describe("planView", () => {
  it("begins with the result in one sentence", () => {
    expect(planSentence(samplePlan())).toBe(
      "3 moves would lower the busiest node from 91 % to 58 % memory and repair 1 rule violation.",
    );
  });

  it("names what the sentence is about: level, drained, repaired, or nothing that helps", () => {
    expect(planSentence(levelPlan())).toBe(
      "Nothing to move: the nodes differ by 4 points of memory, and the target is 10.",
    );
    expect(planSentence({ ...levelPlan(), status: "partial" })).toContain("No move would help");
    const spent = {
      code: "allowance-used",
      rules: [],
      guests: [],
      message:
        "The memory of the nodes stays 48 points apart, the target is 10: no moves are allowed.",
    } as const;
    expect(planSentence({ ...levelPlan(), status: "partial", conflicts: [spent] })).toBe(
      "Nothing moves: the memory of the nodes stays 48 points apart, the target is 10: no moves are allowed.",
    );
    const drain = { ...move(0, "web-01", "pve-04", "pve-01") };
    const [reason] = drain.reasons;
    const draining = {
      ...levelPlan(),
      status: "ok" as const,
      moves: [{ ...drain, reasons: [{ ...reason!, code: "drain-maintenance" as const }] }],
    };
    expect(planSentence(draining)).toBe("1 move would empty pve-04.");
    expect(planSentence({ ...draining, moves: [drain] })).toContain(
      "would change the difference between nodes from 4 to 4",
    );
    expect(planSentence({ ...samplePlan(), method: "cpu", mode: "assigned" })).toContain(
      "58 % assigned cores",
    );
  });

  it("keeps guests on a node in maintenance apart from guests against a rule", () => {
    const sample = samplePlan();
    const off = (index: number, name: string): Move => {
      const drain = move(index, name, "pve-04", "pve-01");
      const [reason] = drain.reasons;
      return { ...drain, reasons: [{ ...reason!, code: "drain-maintenance" }] };
    };
    const [blocked] = sample.blocked;
    const plan: RebalancePlan = {
      ...sample,
      moves: [off(0, "web-01"), off(1, "web-02"), sample.moves[1]!],
      blocked: [{ ...blocked!, name: "license", node: "pve-04", wanted: "drain-maintenance" }],
      conflicts: [
        { code: "drain-blocked", rules: [], guests: [140], message: "pve-04 cannot be emptied" },
        { code: "pin-no-node", rules: ["pin:112", "pool:dev"], guests: [112], message: "no node" },
      ],
      before: balance([node("pve-01", 0.5, 8), node("pve-04", 0.4, 3, false)], 5),
      after: balance([node("pve-01", 0.5, 10), node("pve-04", 0.2, 1, false)], 2),
    };
    expect(planSentence(plan)).toBe(
      "3 moves would repair 1 of 2 rule violations and empty pve-04 of all but license.",
    );
    const text = viewText(planView(plan));
    expect(text).toContain("Rules: 2 → 1 guests against a rule");
    expect(text).toContain("Maintenance: 3 → 1 running guests on pve-04");
    expect(text).toContain("maintenance · pve-04 cannot be emptied");
    expect(text).toContain("pin of guest 112, pool dev · no node");
    expect(text).not.toMatch(/drain-blocked|pin:112/);
    const offline = { ...plan, blocked: [], conflicts: [], moves: plan.moves.slice(0, 2) };
    const empty = balance([node("pve-01", 0.5, 8), node("pve-04", 0, 0, false)]);
    expect(planSentence({ ...offline, before: empty, after: empty })).toBe(
      "2 moves would empty pve-04.",
    );
  });

  it("says everything a person needs to decide", () => {
    const text = viewText(planView(samplePlan(), { id: "P-7F3K" }));
    for (const part of [
      "Plan P-7F3K · cluster gold",
      "71 → 5 points, target 10",
      "about 1 min 23 s",
      "12 GiB of memory, 20 GiB of local disk",
      "cache-02: stopped and started again",
      "1 → 0 guests against a rule",
      "pve-01: Before 91 %, After 58 %, Guests 14 → 12",
      "pve-04 (not levelled)",
      "2 · db-02 · pve-02 → pve-03 · 4 GiB · live · keeps apart from db-01 (rule apart-db)",
      "gpu-01 · pve-01 · has the device hostpci0",
      "apart-mail · 4 guests must be on different nodes",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("says which nodes are offline, and gives no load for them", () => {
    const down = { ...node("pve-04", 0, 0, false), state: "offline" } as const;
    const out = { ...node("pve-05", 0.2, 1, false), state: "maintenance" } as const;
    const offline = {
      code: "node-offline",
      rules: [],
      guests: [203],
      node: "pve-04",
      message: "pve-04 is offline, and 1 guest there is unknown.",
    } as const;
    const both = balance([node("pve-01", 0.5, 8), down, out]);
    const plan = { ...levelPlan(), before: both, after: both, conflicts: [offline] };
    const text = viewText(planView(plan));
    expect(text).toContain("pve-04 is offline, and 1 guest there is unknown.");
    expect(text).toContain("pve-04 (offline): Memory –, Guests –");
    expect(text).toContain("pve-05 (maintenance): Memory 20 %, Guests 1");
    expect(text).not.toContain("Cannot hold");
    expect(text).not.toContain("pve-04 0 %");
    expect(viewText(planView({ ...samplePlan(), before: both, after: both }))).toContain(
      "pve-04 (offline): Before –, After –, Guests –",
    );
  });

  it("shows a level cluster as it is, without before and after", () => {
    const text = viewText(planView(levelPlan()));
    expect(text).toContain("pve-01: Memory 50 %, Guests 8");
    expect(text).not.toContain("Before");
    expect(text).not.toContain("Moves");
  });

  it("draws the 20 nodes that change most and lists all", () => {
    const names = Array.from({ length: 32 }, (_, index) => `n${index}`);
    const before = balance(names.map((name, index) => node(name, index < 4 ? 0.9 : 0.5, 10)));
    const after = balance(names.map((name) => node(name, 0.55, 10)));
    const view = planView({ ...samplePlan(), before, after });
    const chart = view.blocks.find((block) => block.kind === "barChart");
    const table = view.blocks.find((block) => block.kind === "table");
    expect(chart?.categories).toHaveLength(20);
    expect(chart?.categories).toEqual(expect.arrayContaining(["n0", "n1", "n2", "n3"]));
    expect(chart?.title).toContain("(20 of 32)");
    expect(table?.rows).toHaveLength(32);
  });

  it("says what is left out, and puts all of it into a file", () => {
    const moves = Array.from({ length: 30 }, (_, index) =>
      move(index, `vm-${index}`, "pve-01", "pve-03"),
    );
    const [first] = moves;
    const formula = { ...first!, name: '=cmd("x")' };
    const view = planView(
      { ...samplePlan(), moves: [formula, ...moves.slice(1)] },
      { most: 5, id: "P-1" },
    );
    expect(viewText(view)).toContain("5 of 30 moves shown; the file with this message has all.");
    const [file] = view.files ?? [];
    expect(file?.name).toBe("P-1.csv");
    expect(file?.content.split("\r\n")).toHaveLength(1 + 30 + 1 + 1 + 1);
    expect(file?.content).toContain(`"'=cmd(""x"")"`);
  });
});

describe("bestNodeView, explainView and errorView", () => {
  it("ranks nodes and names the best", () => {
    const choices = [
      { node: "pve-03", load: 0.3, fits: true, message: "lowest" },
      { node: "pve-01", load: 1.2, fits: false, message: "would be at 120 %" },
      { node: "pve-04", load: null, fits: false, message: "pve-04 is offline" },
    ];
    expect(viewText(bestNodeView(choices, { guest: "web-03" }))).toContain(
      "Put it on pve-03: the node would then be at 30 %.",
    );
    expect(viewText(bestNodeView(choices))).toContain(
      "pve-04 · - · does not fit · pve-04 is offline",
    );
    expect(viewText(bestNodeView(choices.slice(1)))).toContain(
      "No node has room for the new guest",
    );
    expect(viewText(bestNodeView(choices, { most: 1 }))).toContain("1 of 3 nodes shown.");
  });

  it("explains one guest, all guests, and a guest that has nothing to do with the plan", () => {
    const all = viewText(explainView(samplePlan(), { id: "P-1" }));
    expect(all).toContain(
      "· relieves pve-01 (91 → 78 % memory); pve-03 20 % → 33 % (relieve-overload)",
    );
    expect(all).toContain("(split-anti-affinity, apart-db)");
    expect(all).toContain("gpu-01 (140) stays on pve-01");
    const one = viewText(explainView(samplePlan(), { guest: "101" }));
    expect(one).toContain("db-02");
    expect(one).not.toContain("web-03");
    expect(viewText(explainView(samplePlan(), { guest: "nobody" }))).toContain("stays where it is");
  });

  it("explains with each figure once", () => {
    const [first, second] = samplePlan().moves;
    const [relief] = first!.reasons;
    const [apart] = second!.reasons;
    const both = { ...apart!, from: relief!.from, to: relief!.to };
    const plan = { ...samplePlan(), moves: [{ ...first!, reasons: [both, relief!] }], blocked: [] };
    const text = viewText(explainView(plan));
    expect(text).toContain(
      [
        "· keeps apart from db-01 (rule apart-db); pve-03 20 % → 33 % (split-anti-affinity, apart-db)",
        "· relieves pve-01 (91 → 78 % memory) (relieve-overload)",
      ].join("\n"),
    );
    expect(renderTerminal(explainView(plan))).not.toContain("`");
  });

  it("shows code and next step, and quotes no stranger's error", () => {
    const context = { connector: "gold" };
    const known = viewText(
      errorView(new Kappa4Error("permission", "gold refused it.", { context })),
    );
    expect(known).toContain("gold refused it.");
    expect(known).toContain("Give the account the missing privilege");
    expect(known).toContain("Code: permission");
    const ours = viewText(errorView(new Kappa4Error("permission", "You may not. Ask Eva.")));
    expect(ours).toBe("You may not. Ask Eva.\n\nCode: permission");
    const typed = new Kappa4Error("invalid_argument", "Say why in 3 to 500 characters.");
    expect(viewText(errorView(typed))).toBe("Say why in 3 to 500 characters.");
    const lost = new Kappa4Error("timeout", "No answer.", { outcome: "unknown" });
    expect(viewText(errorView(lost))).toContain("look before you try again");
    const strange = viewText(errorView(new TypeError("secret=hunter2")));
    expect(strange).not.toContain("hunter2");
    expect(strange).toContain("Code: internal");
    const config = new ConfigInvalidError("The configuration cannot work.", [
      { path: "slack.mode", message: "must be socket or http" },
    ]);
    expect(viewText(errorView(config))).toContain("slack.mode: must be socket or http");
    const listed = new ConfigInvalidError(`k4.yaml has 1 problem:\n  slack.mode: wrong`, [
      { path: "slack.mode", message: "wrong" },
    ]);
    expect(viewText(errorView(listed)).match(/slack\.mode: wrong/g)).toHaveLength(1);
  });
});

describe("a guest that is kept by something", () => {
  const plan: RebalancePlan = {
    ...samplePlan(),
    blocked: [{ ...samplePlan().blocked[0]!, message: "gpu-01 stays: it has a device of pve-01." }],
    before: { ...samplePlan().before, violations: 0 },
    after: { ...samplePlan().after, violations: 0 },
  };

  it("is named once where it is said that it stays", () => {
    expect(viewText(explainView(plan))).toContain(
      "gpu-01 (140) stays on pve-01: it has a device of pve-01.",
    );
    expect(viewText(planView(plan))).toContain("gpu-01 · pve-01 · it has a device of pve-01.");
  });

  it("does not hide behind rules that are not broken", () => {
    expect(viewText(planView(plan))).toContain("none broken, 1 cannot hold (see below)");
  });
});

describe("guestView", () => {
  const alternative = {
    node: "pve-02",
    load: 0.61,
    fits: true,
    message: "55 → 61 % memory with it",
  };
  const here = { node: "pve-01", load: 0.7, fits: true, message: "58 → 70 % memory with it" };
  const place = { node: "pve-03", load: 0.53, fits: true, message: "it is there now" };
  const explanation: GuestExplanation = {
    guest: 100,
    name: "web-03",
    node: "pve-01",
    decision: "moves",
    moves: [move(0, "web-03", "pve-01", "pve-03")],
    code: "level-load",
    message: "web-03 goes from pve-01 to pve-03: it relieves pve-01.",
    place,
    alternatives: [alternative, here],
  };

  it("compares the chosen node with the others, and says which one the guest is on now", () => {
    const table = guestView(explanation).blocks.find(({ kind }) => kind === "table");
    expect(table).toMatchObject({
      rows: [
        ["pve-03", "53 %", "chosen", ""],
        ["pve-02", "61 %", "fits", alternative.message],
        ["pve-01 (now)", "70 %", "fits", here.message],
      ],
    });
  });

  it("needs no Markdown in a terminal", () => {
    const text = renderTerminal(guestView(explanation));
    expect(text).toContain("Reason: level-load");
    expect(text).not.toContain("`");
  });
});
