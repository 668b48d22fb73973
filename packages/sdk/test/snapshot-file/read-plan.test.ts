import { ConfigInvalidError } from "@kappa4/connectors";
import { expect, test } from "vitest";
import { readPlan } from "../../src/snapshot-file/index.ts";

const balance = { spread: 12, cpuSpread: 3, violations: 0, nodes: [] };
const move = {
  guest: 100,
  name: "web",
  type: "qemu",
  from: "pve1",
  to: "pve2",
  wave: 0,
  memoryBytes: 2e9,
  diskBytes: 0,
  seconds: 10,
  mode: "live",
  reasons: [],
};
const plan = {
  format: "rebalance-plan",
  version: 1,
  engine: "kappa4 1",
  status: "ok",
  cluster: "gold",
  method: "memory",
  mode: "used",
  balanciness: 10,
  limits: {},
  moves: [move],
  blocked: [],
  conflicts: [],
  before: balance,
  after: balance,
  costSeconds: 10,
  durationSeconds: 10,
};

function messageFor(value: unknown): string {
  try {
    readPlan(JSON.stringify(value), "plan.json");
  } catch (error) {
    if (error instanceof ConfigInvalidError) return error.message;
    throw error;
  }
  return expect.unreachable("the plan was accepted");
}

test("a plan comes back as it was written", () => {
  expect(readPlan(JSON.stringify(plan), "plan.json")).toEqual(plan);
});

test("reasons that this version does not know are kept", () => {
  const reason = {
    code: "follow-the-moon",
    from: { before: 1, after: 0 },
    to: { before: 0, after: 1 },
    message: "because",
  };
  const moves = [{ ...move, reasons: [reason] }];
  expect(readPlan(JSON.stringify({ ...plan, moves }), "plan.json").moves[0]?.reasons).toEqual([
    reason,
  ]);
});

test.each<[string, unknown, string | RegExp]>([
  [
    "a snapshot",
    { format: "cluster-snapshot", version: 1 },
    "plan.json: format: is a cluster snapshot, not a plan; give it with --snapshot",
  ],
  ["another version", { ...plan, version: 7 }, /version: must be 1/],
  ["moves missing", { ...plan, moves: undefined }, "plan.json: moves: missing; give a list"],
  [
    "a move to nowhere",
    { ...plan, moves: [{ ...move, to: "" }] },
    /moves\.0\.to: must be text of at least 1 characters/,
  ],
  [
    "a wave of a half",
    { ...plan, moves: [{ ...move, wave: 0.5 }] },
    "plan.json: moves.0.wave: must be a whole number, not 0.5",
  ],
  [
    "a move on the spot",
    { ...plan, moves: [{ ...move, to: "pve1" }] },
    "plan.json: moves.0.to: the guest is on pve1 already; remove the move",
  ],
  [
    "a move from elsewhere",
    { ...plan, moves: [move, { ...move, wave: 1, to: "pve3" }] },
    "plan.json: moves.1.from: an earlier move brings guest 100 to pve2; it cannot leave pve1",
  ],
  [
    "waves out of order",
    {
      ...plan,
      moves: [
        { ...move, wave: 1 },
        { ...move, guest: 101 },
      ],
    },
    "plan.json: moves.1.wave: must not be below 1, the wave before it",
  ],
])("%s is refused with its path and what to do", (_name, value, message) => {
  expect(messageFor(value)).toMatch(message);
});
