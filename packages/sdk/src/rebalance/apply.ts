import { type Clock, type ClusterCapability, Kappa4Error } from "@kappa4/connectors";
import { type Balance, measureBalance, type RebalancePlan } from "../balancing/index.ts";
import { EventLog } from "./event-log.ts";
import type {
  ApplyEvent,
  ApplyOptions,
  ApplyResult,
  ApplyRun,
  MoveStatus,
  RunOutcome,
} from "./events.ts";
import { MoveRunner } from "./move-runner.ts";

/**
 * Starts to apply a plan. Before the first move the cluster is read again: if any guest or target is not as
 * planned, nothing is started and the outcome is `stale`. Right before each move that move is checked again.
 */
export function applyPlan(
  cluster: ClusterCapability,
  plan: RebalancePlan,
  clock: Clock,
  options: ApplyOptions = {},
): ApplyRun {
  const log = new EventLog<ApplyEvent>();
  const onChange = (index: number, status: MoveStatus): void =>
    log.push({ type: "move", index, status });
  const runner = new MoveRunner({ cluster, plan, clock, options, onChange });
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
    log.push({ type: "started", at: startedAt, moves: runner.statuses });
    const first = await look(cluster, plan);
    if (first !== null && first.cluster !== plan.cluster) {
      runner.refuse(
        `This plan is for cluster ${plan.cluster}, not for ${first.cluster}; plan again`,
      );
    }
    const loadLagMs = first?.loadLagMs ?? 0;
    await runner.run(loadLagMs);
    const endedAt = new Date(clock.now());
    // Measured too early, the figures would still show guests where they no longer are.
    if (runner.statuses.some(({ endedAt }) => endedAt !== undefined)) {
      log.push({ type: "measuring", waitMs: loadLagMs });
      await clock.sleep(loadLagMs);
    }
    const last = await look(cluster, plan);
    const result: ApplyResult = {
      outcome: outcomeOf(runner.statuses, runner.isCancelled),
      plan,
      moves: runner.statuses,
      before: first?.balance ?? plan.before,
      after: last?.balance ?? null,
      startedAt,
      endedAt,
    };
    log.push({ type: "finished", result });
    return result;
  }
}

interface Look {
  readonly cluster: string;
  readonly balance: Balance;
  readonly loadLagMs: number | undefined;
}

async function look(cluster: ClusterCapability, plan: RebalancePlan): Promise<Look | null> {
  try {
    const snapshot = await cluster.snapshot({ psi: plan.mode === "psi" });
    const balance = measureBalance(snapshot, { method: plan.method, mode: plan.mode });
    const { name, loadLagMs } = snapshot.meta;
    return { cluster: name, balance, loadLagMs };
  } catch (error) {
    // A run must end with every move accounted for even when the cluster has become unreadable.
    if (Kappa4Error.is(error)) return null;
    throw error;
  }
}

function outcomeOf(statuses: readonly MoveStatus[], isCancelled: boolean): RunOutcome {
  if (statuses.some(({ state }) => state === "failed" || state === "unknown")) return "failed";
  if (statuses.every(({ state }) => state === "done")) return "succeeded";
  if (isCancelled) return "cancelled";
  const isStale = statuses.some(({ error }) => error?.code === "plan_stale");
  return isStale ? "stale" : "failed";
}
