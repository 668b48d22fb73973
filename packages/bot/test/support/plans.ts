import type { ApplyResult, MoveStatus } from "@kappa4/sdk";
import type { Balance, Move, NodeLoad, RebalancePlan } from "@kappa4/sdk/balancing";

const GIB = 2 ** 30;

/** One node of a balance; fields not given are those of a node at half load. */
export function node(name: string, load: number, guests: number, active = true): NodeLoad {
  return { name, active, load, memory: load, cpu: 0.31, disk: 0.22, guests };
}

/** A balance over nodes; the spread is worked out. */
export function balance(nodes: readonly NodeLoad[], violations = 0): Balance {
  const loads = nodes.filter(({ active }) => active).map(({ load }) => load);
  const spread = loads.length === 0 ? 0 : (Math.max(...loads) - Math.min(...loads)) * 100;
  return { spread, cpuSpread: 7.25, violations, nodes };
}

/** A move with one reason. */
export function move(index: number, name: string, from: string, to: string): Move {
  return {
    guest: 100 + index,
    name,
    type: "qemu",
    from,
    to,
    wave: Math.floor(index / 2),
    memoryBytes: (index + 3) * GIB,
    diskBytes: 0,
    seconds: 40 + index,
    mode: "live",
    reasons: [
      {
        code: "relieve-overload",
        from: { before: 0.91, after: 0.78 },
        to: { before: 0.2, after: 0.33 },
        message: `relieves ${from} (91 → 78 % memory)`,
      },
    ],
  };
}

/** A plan for three nodes and one in maintenance, with moves, a blocked guest and a conflict. */
export function samplePlan(): RebalancePlan {
  const restart: Move = {
    ...move(2, "cache-02", "pve-01", "pve-03"),
    type: "lxc",
    mode: "restart",
  };
  return {
    format: "rebalance-plan",
    version: 1,
    engine: "kappa4-balancing/1",
    status: "partial",
    cluster: "gold",
    method: "memory",
    mode: "used",
    balanciness: 10,
    limits: { memoryUsed: 0.95, cpuUsed: 1, localStorageUsed: 0.95 },
    moves: [
      move(0, "web-03", "pve-01", "pve-03"),
      {
        ...move(1, "db-02", "pve-02", "pve-03"),
        diskBytes: 20 * GIB,
        reasons: [
          {
            code: "split-anti-affinity",
            rule: "apart-db",
            partner: 117,
            from: { before: 0.62, after: 0.55 },
            to: { before: 0.33, after: 0.4 },
            message: "keeps apart from db-01 (rule apart-db)",
          },
        ],
      },
      restart,
    ],
    blocked: [
      {
        guest: 140,
        name: "gpu-01",
        node: "pve-01",
        code: "local-device",
        wanted: "relieve-overload",
        message:
          "has the device hostpci0 of pve-01 passed through; remove it to let the guest move",
      },
    ],
    conflicts: [
      {
        code: "apart-too-many",
        rules: ["apart-mail"],
        guests: [131, 132, 133, 134],
        message:
          "4 guests must be on different nodes and only 3 take guests; add a node or take one out",
      },
    ],
    before: balance(
      [
        node("pve-01", 0.91, 14),
        node("pve-02", 0.62, 9),
        node("pve-03", 0.2, 3),
        node("pve-04", 0, 0, false),
      ],
      1,
    ),
    after: balance([
      node("pve-01", 0.58, 12),
      node("pve-02", 0.55, 8),
      node("pve-03", 0.53, 6),
      node("pve-04", 0, 0, false),
    ]),
    costSeconds: 123,
    durationSeconds: 83,
  };
}

/** A plan that finds nothing to do. */
export function levelPlan(): RebalancePlan {
  const { before } = samplePlan();
  const level = balance([node("pve-01", 0.5, 8), node("pve-02", 0.46, 9)]);
  return {
    ...samplePlan(),
    status: "level",
    moves: [],
    blocked: [],
    conflicts: [],
    before: { ...before, ...level },
    after: { ...before, ...level },
  };
}

/** The moves of a plan, all in one state. */
export function statuses(plan: RebalancePlan, state: MoveStatus["state"]): readonly MoveStatus[] {
  return plan.moves.map((entry) => ({ move: entry, state, progress: null, warnings: [] }));
}

/** A run in which the second move failed and the third never started. */
export function failedResult(): ApplyResult {
  const plan = samplePlan();
  const [first, second, third] = statuses(plan, "waiting");
  const startedAt = new Date("2026-03-02T10:00:00Z");
  return {
    outcome: "failed",
    plan,
    moves: [
      { ...first!, state: "done", startedAt, endedAt: new Date("2026-03-02T10:00:41Z") },
      {
        ...second!,
        state: "failed",
        error: {
          code: "operation_failed",
          message: 'storage "ceph-a" on pve-03 is full; free 40 GiB or choose another node',
          outcome: "not_applied",
        },
      },
      { ...third!, state: "skipped" },
    ],
    before: plan.before,
    after: balance([node("pve-01", 0.78, 13), node("pve-02", 0.62, 9), node("pve-03", 0.33, 4)], 1),
    unreached: [],
    startedAt,
    endedAt: new Date("2026-03-02T10:01:12Z"),
  };
}

/** A run that did what its plan said. */
export function doneResult(): ApplyResult {
  const plan = samplePlan();
  const startedAt = new Date("2026-03-02T10:00:00Z");
  const endedAt = new Date("2026-03-02T10:01:30Z");
  return {
    outcome: "succeeded",
    plan,
    moves: statuses(plan, "done").map((status) => ({ ...status, startedAt, endedAt })),
    before: plan.before,
    after: plan.after,
    unreached: [],
    startedAt,
    endedAt,
  };
}
