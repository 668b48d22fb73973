import type {
  Clock,
  ClusterCapability,
  ClusterSnapshot,
  MigrateResult,
  Operation,
} from "@kappa4/connectors";
import {
  type Balance,
  limitsOf,
  type Move,
  measureBalance,
  type RebalanceOptions,
  type RebalancePlan,
} from "../balancing/index.ts";
import type { Engine } from "../engine-thread.ts";
import { MoveAccount, type MoveChange, moveErrorOf } from "./account.ts";
import { type Drift, memoryLimitOf } from "./drift.ts";
import { EventLog } from "./event-log.ts";
import type {
  ApplyEvent,
  ApplyOptions,
  ApplyResult,
  ApplyRun,
  MoveError,
  MoveStatus,
} from "./events.ts";
import { type FoundAtStart, MoveRunner } from "./move-runner.ts";
import { outcomeOf } from "./outcome.ts";
import { hasBegun, staleness } from "./staleness.ts";
import { listUnreached } from "./unreached.ts";

/** What a run is bound to besides its plan. */
export interface ApplyContext {
  readonly cluster: ClusterCapability;
  readonly clock: Clock;
  readonly engine: Engine;
  /** The rules as they are configured now. */
  readonly rules: RebalanceOptions;
  /** Names the nodes that are to be empty now; asked before moves start. Default: as in the rules. */
  maintenanceNodes?(): Promise<readonly string[]>;
  /** Tells whether somebody has asked to stop and `signal` does not know yet; asked before moves start. Default: nobody has. */
  isCancelled?(): Promise<boolean>;
  /** Says what else speaks against the plan by what is there, asked before anything is touched. Default: nothing does. */
  objection?(snapshot: ClusterSnapshot): Drift | undefined;
  /** What an earlier attempt at the same plan did, and how a move is begun so that a later one can tell. Default: none. */
  readonly record?: MoveRecord | undefined;
}

/** When a move began, and when it ended. */
export type MoveTimes = Pick<MoveStatus, "startedAt" | "endedAt">;

/** What is remembered of moves beyond the life of the process that makes them. */
export interface MoveRecord {
  /** Moves that are made, with their times. */
  readonly done: ReadonlyMap<number, MoveTimes>;
  /** Moves that did not succeed, and why. */
  readonly failed: ReadonlyMap<number, MoveError>;
  /** Moves that were begun, and whose end nobody has seen, with their times. */
  readonly open: ReadonlyMap<number, MoveTimes>;
  /**
   * Hands a move over to the outside system and remembers it; finds it there if it was handed over before. Returns
   * undefined where it was not, and is not to be any more, as somebody asked to stop.
   */
  migrate(index: number, move: Move): Promise<Operation<MigrateResult> | undefined>;
  /** Remembers what came to light late of a move that was out of sight. */
  settled(index: number, change: MoveChange): Promise<void>;
}

/**
 * Starts to apply a plan. Before the first move the cluster is read again: if it cannot be read, nothing is
 * started and the outcome is `refused`, or `failed` where an earlier attempt has begun; if guests, targets or rules are not
 * as planned, it is `stale`. Right before each move that move is checked again.
 */
export function applyPlan(
  context: ApplyContext,
  plan: RebalancePlan,
  options: ApplyOptions = {},
): ApplyRun {
  const { cluster, clock, engine, rules, record = forgetful(cluster) } = context;
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
  const { open, migrate } = record;
  for (const [index, times] of record.done) {
    account.set(index, { state: "done", progress: 1, ...times });
  }
  for (const [index, error] of record.failed) account.set(index, { state: "failed", error });
  for (const [index, times] of open) account.set(index, { state: "running", ...times });
  const runner = new MoveRunner({
    cluster,
    plan,
    clock,
    account,
    limits,
    onFailure,
    open,
    maintenanceNodes: async () =>
      united(plan.maintenanceNodes, (await context.maintenanceNodes?.()) ?? rules.maintenanceNodes),
    isCancelled: async () => (await context.isCancelled?.()) ?? false,
    migrate: (index, move) => migrate(index, move),
    settled: (index, change) => record.settled(index, change),
  });
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
    const refusal =
      "error" in first
        ? first.error
        : (objectionTo(first.snapshot) ??
          (await staleness(plan, first.snapshot, view, account, record, engine)));
    if (refusal !== undefined) account.skipWaiting(refusal);
    isJudged = true;
    log.push({ type: "started", at: startedAt, moves: account.statuses });
    if (refusal === undefined || open.size > 0) await runner.run(foundBy(first));
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

  /** What has begun is followed to its end, whatever speaks against it by then. */
  function objectionTo(snapshot: ClusterSnapshot): MoveError | undefined {
    const drift = hasBegun(record) ? undefined : context.objection?.(snapshot);
    return drift && { ...drift, outcome: "not_applied" };
  }

  /** What a plan says of limits and loads may come from anybody: what holds is what is found. */
  function foundBy(first: Look): FoundAtStart {
    if ("error" in first) return { loadLagMs: 0, memoryLimit: () => 0 };
    const limits = [plan.limits, limitsOf(first.snapshot, rules)];
    return {
      loadLagMs: lagOf(first),
      memoryLimit: (node) => memoryLimitOf(node, limits, first.balance),
    };
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

/** The record of a run that nobody goes on with after its process. */
function forgetful(cluster: ClusterCapability): MoveRecord {
  return {
    done: new Map(),
    failed: new Map(),
    open: new Map(),
    migrate: (_index, move) => migrateGuest(cluster, move),
    settled: async () => {},
  };
}

/** Hands one move over to the outside system. */
export function migrateGuest(
  cluster: ClusterCapability,
  move: Move,
  signal?: AbortSignal | undefined,
): Promise<Operation<MigrateResult>> {
  return cluster.migrate(move.guest, move.to, { allowDowntime: move.mode === "restart", signal });
}

type Look =
  | { readonly snapshot: ClusterSnapshot; readonly balance: Balance }
  | { readonly error: MoveError };

/**
 * The cluster as the plan looks at it: the same resource, the rules of now, and without the nodes that the plan or the
 * rules leave out.
 */
function viewOf(plan: RebalancePlan, rules: RebalanceOptions): RebalanceOptions {
  return {
    ...rules,
    method: plan.method,
    mode: plan.mode,
    maintenanceNodes: united(plan.maintenanceNodes, rules.maintenanceNodes),
    ignoreNodes: united(plan.ignoreNodes, rules.ignoreNodes),
  };
}

function united(...lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  return [...new Set(lists.flatMap((list) => list ?? []))];
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
