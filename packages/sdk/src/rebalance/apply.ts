import type { Clock, ClusterCapability, ClusterSnapshot } from "@kappa4/connectors";
import {
  type Balance,
  measureBalance,
  type RebalanceOptions,
  type RebalancePlan,
} from "../balancing/index.ts";
import { MoveAccount, moveErrorOf } from "./account.ts";
import { checkMove } from "./drift.ts";
import { EventLog } from "./event-log.ts";
import type {
  ApplyEvent,
  ApplyOptions,
  ApplyResult,
  ApplyRun,
  MoveError,
  MoveStatus,
  RunOutcome,
} from "./events.ts";
import { judgePlan } from "./judge-plan.ts";
import { MoveRunner } from "./move-runner.ts";
import { listUnreached } from "./unreached.ts";

/** What a run is bound to besides its plan. */
export interface ApplyContext {
  readonly cluster: ClusterCapability;
  readonly clock: Clock;
  /** The rules as they are configured now. */
  readonly rules: RebalanceOptions;
}

/**
 * Starts to apply a plan. Before the first move the cluster is read again: if it cannot be read, nothing is
 * started and the outcome is `refused`; if guests, targets or rules are not as planned, it is `stale`. Right
 * before each move that move is checked again.
 */
export function applyPlan(
  { cluster, clock, rules }: ApplyContext,
  plan: RebalancePlan,
  options: ApplyOptions = {},
): ApplyRun {
  const view = viewOf(plan, rules);
  const log = new EventLog<ApplyEvent>();
  let isJudged = false;
  const account = new MoveAccount(plan, (index, status) => {
    if (isJudged) log.push({ type: "move", index, status });
  });
  const limits = {
    maxParallel: options.maxParallel ?? plan.parallel?.maxParallel ?? 4,
    maxInflowPerNode: options.maxInflowPerNode ?? plan.parallel?.maxInflowPerNode ?? 1,
    maxOutflowPerNode: options.maxOutflowPerNode ?? plan.parallel?.maxOutflowPerNode ?? 2,
  };
  const onFailure = options.onFailure ?? "stop";
  const runner = new MoveRunner({ cluster, plan, clock, account, limits, onFailure });
  const cancel = (): void => runner.cancel();
  if (options.signal?.aborted) cancel();
  options.signal?.addEventListener("abort", cancel, { once: true });
  const result = run().finally(() => {
    options.signal?.removeEventListener("abort", cancel);
    log.end();
  });
  return { cancel, result, [Symbol.asyncIterator]: () => log[Symbol.asyncIterator]() };

  async function run(): Promise<ApplyResult> {
    const startedAt = new Date(clock.now());
    const first = await look(cluster, view);
    const refusal = "error" in first ? first.error : staleness(plan, first.snapshot, view, account);
    if (refusal !== undefined) account.skipWaiting(refusal);
    isJudged = true;
    log.push({ type: "started", at: startedAt, moves: account.statuses });
    if (refusal === undefined) await runner.run(lagOf(first));
    const endedAt = new Date(clock.now());
    const last = await lookAgain(first);
    const result: ApplyResult = {
      outcome: outcomeOf(account.statuses, runner.isCancelled, refusal),
      plan,
      moves: account.statuses,
      before: "error" in first ? null : first.balance,
      after: last === undefined || "error" in last ? null : last.balance,
      unreached: unreachedAfter(first, last),
      startedAt,
      endedAt,
      ...(refusal === undefined ? {} : { error: refusal }),
    };
    log.push({ type: "finished", result });
    return result;
  }

  /**
   * Looked at too early, the figures would still show guests where they no longer are; who cancels a run does not
   * want to wait for that.
   */
  async function lookAgain(first: Look): Promise<Look | undefined> {
    const hasMoved = account.statuses.some(({ endedAt }) => endedAt !== undefined);
    if (!hasMoved) return first;
    if (runner.isCancelled) return undefined;
    log.push({ type: "measuring", waitMs: lagOf(first) });
    await clock.sleep(lagOf(first));
    return look(cluster, view);
  }

  /** Without a last look, guests are where they were before or where their moves have brought them. */
  function unreachedAfter(first: Look, last: Look | undefined): ApplyResult["unreached"] {
    if (last !== undefined && !("error" in last)) return listUnreached(plan, last.snapshot, view);
    if ("error" in first) return [];
    const done = account.statuses.filter(({ state }) => state === "done");
    const places = new Map(done.map(({ move }) => [move.guest, move.to]));
    const { nodes, guests } = first.snapshot;
    const moved = guests.map((guest) => ({ ...guest, node: places.get(guest.id) ?? guest.node }));
    return listUnreached(plan, { nodes, guests: moved }, view);
  }
}

type Look =
  | { readonly snapshot: ClusterSnapshot; readonly balance: Balance }
  | { readonly error: MoveError };

/** The cluster as the plan looks at it: the same resource, the same nodes left out, the rules of now. */
function viewOf(plan: RebalancePlan, rules: RebalanceOptions): RebalanceOptions {
  return {
    ...rules,
    method: plan.method,
    mode: plan.mode,
    maintenanceNodes: plan.maintenanceNodes ?? rules.maintenanceNodes,
    ignoreNodes: plan.ignoreNodes ?? rules.ignoreNodes,
  };
}

async function look(cluster: ClusterCapability, view: RebalanceOptions): Promise<Look> {
  try {
    const snapshot = await cluster.snapshot({ psi: view.mode === "psi" });
    return { snapshot, balance: measureBalance(snapshot, view) };
  } catch (thrown) {
    return { error: { ...moveErrorOf(thrown), outcome: "not_applied" } };
  }
}

function lagOf(look: Look): number {
  return "error" in look ? 0 : (look.snapshot.meta.loadLagMs ?? 0);
}

/**
 * Judges the plan as a whole, then every guest's first move: a stale plan is refused before anything is touched.
 * What is done already, all of it, is written down as that.
 */
function staleness(
  plan: RebalancePlan,
  snapshot: ClusterSnapshot,
  rules: RebalanceOptions,
  account: MoveAccount,
): MoveError | undefined {
  const judged = judgePlan(plan, snapshot, rules);
  if (judged !== undefined) return { ...judged, outcome: "not_applied" };
  const seen = new Set();
  let first: MoveError | undefined;
  let open = 0;
  for (const [index, { move }] of account.statuses.entries()) {
    if (seen.has(move.guest)) continue;
    seen.add(move.guest);
    // Room is checked when the move's turn comes: earlier moves may make it.
    const memoryLimit = Number.POSITIVE_INFINITY;
    const check = checkMove(move, snapshot, { memoryLimit, incomingBytes: 0, isSettling: false });
    if (check !== "already_there") open += 1;
    if (typeof check === "string") continue;
    account.skip(index, check);
    first ??= { ...check, outcome: "not_applied" };
  }
  if (first !== undefined) {
    const message = "another move of the plan does not fit any more; plan again";
    account.skipWaiting({ code: first.code, message });
  }
  if (open === 0 && seen.size === account.statuses.length) account.foundDone();
  return first;
}

function outcomeOf(
  statuses: readonly MoveStatus[],
  isCancelled: boolean,
  refusal: MoveError | undefined,
): RunOutcome {
  if (refusal !== undefined) {
    return refusal.code === "plan_stale" || refusal.code === "conflict" ? "stale" : "refused";
  }
  if (statuses.some(({ state }) => state === "failed" || state === "unknown")) return "failed";
  if (statuses.every(({ state }) => state === "done")) return "succeeded";
  if (isCancelled) return "cancelled";
  return statuses.some(({ error }) => error?.code === "plan_stale") ? "stale" : "failed";
}
