import { writtenLimits } from "../limits-of.ts";
import { balanceOf } from "../measure.ts";
import type { Outcome } from "../order/outcome.ts";
import type { Balance, BlockedGuest, Conflict, Move, RebalancePlan } from "../plan.ts";
import { listBlocked } from "./blocked.ts";
import { listConflicts } from "./conflicts.ts";
import { informs } from "./informs.ts";
import { writeMoves } from "./moves.ts";

const ENGINE = "kappa4/1";

/** Puts an outcome into words and figures. */
export function writePlan(outcome: Outcome): RebalancePlan {
  const { model } = outcome;
  const { maxParallel, maxInflowPerNode, maxOutflowPerNode } = model.settings;
  const { maintenanceNodes, ignoreNodes, history, cooldownMs } = model.settings;
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
    ...(history === undefined ? {} : { cooldownMinutes: cooldownMs / 60_000 }),
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

/** What only informs is told, but does not make a plan partial: all that can hold does. */
function statusOf(
  moves: readonly Move[],
  blocked: readonly BlockedGuest[],
  conflicts: readonly Conflict[],
  after: Balance,
): RebalancePlan["status"] {
  const open = conflicts.some((conflict) => !informs(conflict));
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
