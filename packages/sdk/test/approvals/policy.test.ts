import { describe, expect, test } from "vitest";
import {
  DEFAULT_POLICY,
  type PolicyOverride,
  type RiskClass,
  type RiskFacts,
  readPolicy,
  riskOf,
} from "../../src/approvals/index.ts";
import { draft, EVENTS, HOUR, MINUTE, outcome } from "./office.ts";

const moves = (count: number, change: Partial<RiskFacts & { kind: "moves" }> = {}): RiskFacts => ({
  kind: "moves",
  count,
  touchesProtected: false,
  isDrain: false,
  ...change,
});
const access = (durationMs: number, isPrivilegedHost = false): RiskFacts => ({
  kind: "access",
  durationMs,
  isPrivilegedHost,
});

const RISKS: readonly (readonly [RiskFacts, RiskClass])[] = [
  [{ kind: "read" }, 0],
  [moves(0), 1],
  [moves(3), 1],
  [moves(4), 2],
  [moves(10), 2],
  [moves(11), 3],
  [moves(1, { touchesProtected: true }), 3],
  [moves(1, { isDrain: true }), 3],
  [moves(Number.NaN), 3],
  [moves(-1), 3],
  [{ kind: "end_own_access" }, 1],
  [{ kind: "pause_schedule" }, 1],
  [access(2 * HOUR), 2],
  [access(2 * HOUR + 1), 3],
  [access(MINUTE, true), 3],
  [access(Number.NaN), 3],
  [{ kind: "enroll" }, 2],
  [{ kind: "power" }, 2],
  [{ kind: "edit_config" }, 3],
  [{ kind: "delete_instance" }, 3],
  [{ kind: "govern", why: "it changes who may do what" }, 4],
];

test.each(RISKS)("%o is of class %i", (facts, risk) => {
  expect(riskOf(facts)).toBe(risk);
});

describe("the policy of an organisation", () => {
  test("is the default where it says nothing", () => {
    expect(readPolicy(DEFAULT_POLICY, {})).toEqual({ ok: true, policy: DEFAULT_POLICY });
  });

  test("may let Operators rebalance without a second person", () => {
    const nobody = { approvals: 0, admins: 0, superAdmins: 0 };
    const read = readPolicy(DEFAULT_POLICY, { quorum: { 2: nobody } });
    if (!read.ok) throw new Error("refused");
    expect(outcome(draft(2), EVENTS.request, { policy: read.policy })).toBe("approved");
    expect(outcome(draft(3), EVENTS.request, { policy: read.policy })).toBe("pending");
  });

  test("may ask for more", () => {
    const quorum = { 1: { approvals: 1, admins: 0, superAdmins: 0 } };
    const read = readPolicy(DEFAULT_POLICY, { quorum, breakGlass: { perDay: 0 } });
    if (!read.ok) throw new Error("refused");
    expect(outcome(draft(1), EVENTS.request, { policy: read.policy })).toBe("pending");
    expect(read.policy.breakGlass.reasonLength).toBe(20);
  });

  test("may protect pools and tags", () => {
    const read = readPolicy(DEFAULT_POLICY, { protected: { pools: ["shop"] } });
    expect(read).toMatchObject({ ok: true, policy: { protected: { pools: ["shop"], tags: [] } } });
  });

  const wrong: readonly (readonly [PolicyOverride, string])[] = [
    [{ quorum: { 3: { approvals: 1, admins: 1, superAdmins: 0 } } }, "quorum.3.approvals"],
    [{ quorum: { 3: { approvals: 2, admins: 0, superAdmins: 0 } } }, "quorum.3.admins"],
    [
      { quorum: { 4: { approvals: 1, admins: 1, superAdmins: 0, superAdminsOfThree: 2 } } },
      "quorum.4.superAdmins",
    ],
    [{ quorum: { 4: { approvals: 1, admins: 1, superAdmins: 1 } } }, "quorum.4.superAdminsOfThree"],
    [{ quorum: { 2: { approvals: -1, admins: 0, superAdmins: 0 } } }, "quorum.2.approvals"],
    [{ quorum: { 2: { approvals: 0.5, admins: 0, superAdmins: 0 } } }, "quorum.2.approvals"],
    [{ openMs: 5 * MINUTE - 1 }, "openMs"],
    [{ openMs: 25 * HOUR }, "openMs"],
    [{ planValidMs: Number.NaN }, "planValidMs"],
    [{ breakGlass: { perDay: 3 } }, "breakGlass.perDay"],
    [{ breakGlass: { reasonLength: 1 } }, "breakGlass.reasonLength"],
    [{ breakGlass: { startMs: HOUR } }, "breakGlass.startMs"],
    [{ remindAt: [0.5, 1] }, "remindAt"],
    [{ protected: { tags: ["shop", " "] } }, "protected.tags"],
  ];
  test.each(wrong)("may not say %o", (override, path) => {
    const read = readPolicy(DEFAULT_POLICY, override);
    expect(read.ok ? [] : read.issues.map((issue) => issue.path)).toEqual([path]);
  });

  test("hears of all that is wrong at once", () => {
    const read = readPolicy(DEFAULT_POLICY, { openMs: 0, startMs: 0, breakGlass: { perDay: 9 } });
    expect(read.ok ? [] : read.issues).toHaveLength(3);
  });
});

test("the defaults are those of the documentation", () => {
  expect(DEFAULT_POLICY).toMatchObject({
    planValidMs: 30 * MINUTE,
    openMs: 60 * MINUTE,
    startMs: 15 * MINUTE,
    undoMs: 10_000,
    remindAt: [0.5, 0.9],
    stepUpFrom: 3,
    stepUpMaxAgeMs: 5 * MINUTE,
    breakGlass: { perDay: 2, startMs: 10 * MINUTE, reasonLength: 20, acknowledgeMs: 72 * HOUR },
  });
});
