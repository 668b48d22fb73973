import {
  type Clock,
  type ClusterCapability,
  type Connector,
  Kappa4Error,
  type MigrateResult,
  type Operation,
  type WaitOptions,
} from "@kappa4/connectors";
import type { Move, RebalancePlan } from "../balancing/index.ts";
import { beginStep, type Ledger, type Step } from "../runs/ledger.ts";
import { moveErrorOf } from "./account.ts";
import { type MoveRecord, type MoveTimes, migrateGuest } from "./apply.ts";
import type { MoveError } from "./events.ts";
import { settleMove } from "./settle.ts";

/** What the record of a durable run stands on. */
export interface DurableMovesInput {
  readonly connector: Connector;
  readonly cluster: ClusterCapability;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly plan: RebalancePlan;
}

/**
 * The record of a run that any process can go on with: each move is written down before it is handed over, when the
 * outside system has accepted it, and at its end.
 */
export async function durableMoves(input: DurableMovesInput): Promise<MoveRecord> {
  const { ledger, plan } = input;
  const steps = new Map((await ledger.steps()).map((step) => [step.step, step]));
  const begun = plan.moves.map((_move, index) => steps.get(index));
  const timesOf = (wanted: readonly Step["state"][]): ReadonlyMap<number, MoveTimes> =>
    new Map(
      begun.flatMap((step, index) => {
        if (step === undefined || !wanted.includes(step.state)) return [];
        const { startedAt, endedAt } = step;
        return [[index, endedAt === undefined ? { startedAt } : { startedAt, endedAt }] as const];
      }),
    );
  return {
    done: timesOf(["done"]),
    failed: new Map(
      begun.flatMap((step, index) =>
        step?.state === "failed" ? [[index, step.result as MoveError] as const] : [],
      ),
    ),
    open: timesOf(["intent", "observed", "unknown"]),
    migrate: async (index, move) => {
      const earlier = begun[index];
      const found = earlier === undefined ? undefined : await findAgain(input, move, earlier);
      return found ?? handOver(input, index, move);
    },
    settled: (index, { state, error, warnings }) =>
      state === "done"
        ? ledger.settle(index, state, { node: plan.moves[index]?.to, warnings })
        : ledger.settle(index, "failed", error),
  };
}

async function handOver(
  { cluster, ledger }: DurableMovesInput,
  step: number,
  move: Move,
): Promise<Operation<MigrateResult> | undefined> {
  const { guest, from, to } = move;
  if (!(await beginStep(ledger, step, { guest, from, to }))) return undefined;
  ledger.hold();
  try {
    const operation = await migrateGuest(cluster, move, ledger.lost);
    await ledger.observe(step, operation.token);
    return remembered(operation, ledger, step);
  } catch (error) {
    await settleFailure(ledger, step, error);
    throw error;
  }
}

/** Tells the ledger the end of an operation, whoever waits for it. */
function remembered(
  operation: Operation<MigrateResult>,
  ledger: Ledger,
  step: number,
): Operation<MigrateResult> {
  return {
    ...operation,
    status: (options) => operation.status(options),
    cancel: (options) => operation.cancel(options),
    async done(options) {
      try {
        const result = await operation.done({ ...options, signal: stopOf(options, ledger) });
        await ledger.settle(step, "done", result);
        return result;
      } catch (error) {
        await settleFailure(ledger, step, error);
        throw error;
      }
    },
  };
}

function stopOf({ signal }: WaitOptions = {}, { lost }: Pick<Ledger, "lost">): AbortSignal {
  return signal === undefined ? lost : AbortSignal.any([signal, lost]);
}

/** What is unknown stays open: whoever goes on looks again. */
async function settleFailure(ledger: Ledger, step: number, thrown: unknown): Promise<void> {
  const error = moveErrorOf(thrown);
  await ledger.settle(step, error.outcome === "unknown" ? "unknown" : "failed", error);
}

/**
 * Finds a move that an earlier process began: by its operation, and where that was never learnt, by looking at the
 * guest until it is certain. Returns undefined when the move was certainly never made.
 */
async function findAgain(
  input: DurableMovesInput,
  move: Move,
  { step, operation }: Step,
): Promise<Operation<MigrateResult> | undefined> {
  const { connector, ledger } = input;
  if (operation !== undefined) {
    const resumed = connector.resumeOperation(operation) as Operation<MigrateResult>;
    return remembered(resumed, ledger, step);
  }
  const message = `The process that began to move ${move.name} ended before the answer came.`;
  const lost = new Kappa4Error("unavailable", message, { outcome: "unknown" });
  const change = await settleMove(input, {
    move,
    error: moveErrorOf(lost),
    operation: undefined,
    onProgress: () => {},
  });
  if (change === undefined) {
    await settleFailure(ledger, step, lost);
    throw lost;
  }
  if (change.state !== "done") return undefined;
  await ledger.settle(step, "done", { node: move.to });
  return arrived(move, change.warnings ?? []);
}

/** The operation of a move that is over. */
function arrived(move: Move, warnings: readonly string[]): Operation<MigrateResult> {
  return {
    id: `found:${move.guest}`,
    token: "",
    status: async () => ({ state: "succeeded", progress: 1, warnings }),
    done: async () => ({ node: move.to, warnings }),
    cancel: async () => "too_late",
  };
}
