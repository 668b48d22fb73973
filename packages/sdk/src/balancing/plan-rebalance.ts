import type { BalancingLimits, ClusterSnapshot } from "@kappa4/connectors";
import { listBlocked } from "./blocked.ts";
import { listConflicts } from "./conflicts.ts";
import { balanceOf } from "./measure.ts";
import { buildModel } from "./model.ts";
import { writeMoves } from "./moves.ts";
import type { RebalanceOptions } from "./options.ts";
import { findOutcome, type Outcome } from "./outcome.ts";
import type { Balance, BlockedGuest, Conflict, Move, RebalancePlan } from "./plan.ts";
import type { Limits } from "./settings.ts";

const ENGINE = "kappa4/1";

/**
 * Plans how to bring a cluster to its targets: every hard rule and drain first, then limits, then level load,
 * at the least migration time. The plan is empty when nothing needs doing, and never makes a cluster worse.
 * The same snapshot and options always give the same plan, in whatever order they list things.
 *
 * @example
 * const plan = planRebalance(snapshot, { balanciness: 10 });
 * for (const move of plan.moves) console.log(move.name, move.from, move.to, move.reasons[0]?.message);
 */
export function planRebalance(
  snapshot: ClusterSnapshot,
  options: RebalanceOptions = {},
): RebalancePlan {
  return writePlan(findOutcome(buildModel(snapshot, options)));
}

/** Puts an outcome into words and figures. */
function writePlan(outcome: Outcome): RebalancePlan {
  const { model } = outcome;
  const { maxParallel, maxInflowPerNode, maxOutflowPerNode } = model.settings;
  const { maintenanceNodes, ignoreNodes } = model.settings;
  const moves = writeMoves(outcome);
  const blocked = listBlocked(outcome);
  const conflicts = listConflicts(outcome, blocked);
  const before = balanceOf(model, model.home);
  const after = moves.length === 0 ? before : balanceOf(model, outcome.at);
  return {
    format: "rebalance-plan",
    version: 1,
    engine: ENGINE,
    status: statusOf(moves, blocked, conflicts, after),
    cluster: model.cluster,
    method: model.settings.method,
    mode: model.settings.mode,
    balanciness: model.settings.balanciness,
    limits: writtenLimits(model.settings.limits),
    parallel: { maxParallel, maxInflowPerNode, maxOutflowPerNode },
    maintenanceNodes: [...maintenanceNodes].sort(),
    ignoreNodes: [...ignoreNodes].sort(),
    moves,
    blocked,
    conflicts,
    before,
    after,
    costSeconds: rounded(moves.reduce((sum, { seconds }) => sum + seconds, 0)),
    durationSeconds: rounded(durationOf(moves)),
  };
}

/** JSON has no infinity: null says that there is no limit. */
function writtenLimits(limits: Limits): BalancingLimits {
  const orNull = (limit: number): number | null => (Number.isFinite(limit) ? limit : null);
  return {
    memoryUsed: orNull(limits.memoryUsed),
    cpuUsed: orNull(limits.cpuUsed),
    localStorageUsed: orNull(limits.localStorageUsed),
    memoryAssigned: orNull(limits.memoryAssigned),
    vcpuPerCore: orNull(limits.vcpuPerCore),
  };
}

/** A mistake in the text of a rule is told, but does not make a plan partial: all that can hold does. */
function statusOf(
  moves: readonly Move[],
  blocked: readonly BlockedGuest[],
  conflicts: readonly Conflict[],
  after: Balance,
): RebalancePlan["status"] {
  const textual: readonly Conflict["code"][] = ["pin-unknown-node", "rule-unknown-guest"];
  const open = conflicts.some(({ code }) => !textual.includes(code));
  if (open || blocked.length > 0 || after.violations > 0) return "partial";
  return moves.length === 0 ? "level" : "ok";
}

function durationOf(moves: readonly Move[]): number {
  const longest = new Map<number, number>();
  for (const { wave, seconds } of moves) {
    longest.set(wave, Math.max(longest.get(wave) ?? 0, seconds));
  }
  return [...longest.values()].reduce((sum, seconds) => sum + seconds, 0);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
