import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import {
  createHistory,
  planRebalance,
  type RebalanceHistory,
  type RebalanceOptions,
  type RebalancePlan,
  recordMoves,
} from "../../src/balancing/index.ts";
import { Dice } from "./dice.ts";
import { carryOut, wander } from "./wander.ts";

const TICK_MS = 5 * 60_000;
const START_MS = Date.UTC(2026, 0, 1);
/** A guest that is back where it was within so many ticks went to and fro. */
const BACK_TICKS = 12;
/** The ticks in which a cluster may be brought into order; what is moved later is counted. */
const FIRST_TICKS = 4;

/** How a cluster is let wander. */
export interface DriftOptions extends RebalanceOptions {
  readonly ticks: number;
  /** How far the use of a guest wanders in a tick, as a part of itself. */
  readonly step: number;
  readonly seed: number;
}

/** What happened while a cluster wandered. */
export interface Drift {
  /** Moves in the first four ticks, and after them. */
  readonly firstMoves: number;
  readonly laterMoves: number;
  /** Moves that took a guest back to a node which it had left within the last 12 ticks. */
  readonly pingPong: number;
  /** Ticks that ended above a target, and those of them where a plan without a history would have reached it. */
  readonly above: number;
  readonly avoidable: number;
  /** Ticks that began above a target: without a move, none of these can be mended. */
  readonly triggered: number;
  readonly violations: number;
  readonly costSeconds: number;
}

/** Plans at every tick, carries the plan out, and lets the use of all guests wander on. */
export function drift(start: ClusterSnapshot, options: DriftOptions): Drift {
  const { ticks, step, seed, ...rebalance } = options;
  const dice = new Dice(seed);
  const left = new Map<GuestId, { readonly node: string; readonly tick: number }[]>();
  let snapshot = start;
  let history: RebalanceHistory = createHistory();
  const sum = { firstMoves: 0, laterMoves: 0, pingPong: 0, above: 0, avoidable: 0, triggered: 0 };
  let costSeconds = 0;
  let violations = 0;
  for (let tick = 0; tick < ticks; tick++) {
    const now = new Date(START_MS + tick * TICK_MS);
    const plan = planRebalance(snapshot, { ...rebalance, history, now });
    history = recordMoves(history, plan, now);
    if (tick < FIRST_TICKS) sum.firstMoves += plan.moves.length;
    else sum.laterMoves += plan.moves.length;
    for (const { guest, from, to } of plan.moves) {
      const past = left.get(guest) ?? [];
      if (past.some(({ node, tick: then }) => node === to && tick - then <= BACK_TICKS)) {
        sum.pingPong++;
      }
      left.set(guest, [...past, { node: from, tick }]);
    }
    if (isAbove(snapshot, plan, "before")) sum.triggered++;
    if (isAbove(snapshot, plan, "after")) {
      sum.above++;
      const free = planRebalance(snapshot, rebalance);
      if (!isAbove(snapshot, free, "after")) sum.avoidable++;
    }
    costSeconds += plan.costSeconds;
    violations = plan.after.violations;
    snapshot = wander(carryOut(snapshot, plan), dice, step);
  }
  return { ...sum, violations, costSeconds };
}

function isAbove(
  { policy }: ClusterSnapshot,
  plan: RebalancePlan,
  when: "before" | "after",
): boolean {
  const { spread, cpuSpread } = plan[when];
  const { cpuBalanciness = Number.POSITIVE_INFINITY } = policy ?? {};
  return spread > plan.balanciness + 1e-6 || cpuSpread > cpuBalanciness + 1e-6;
}
