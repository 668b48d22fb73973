import { type Clock, Kappa4Error } from "@kappa4/connectors";
import type { PlanView, RunView } from "../actions/answers.ts";
import type { Move, RebalancePlan } from "../balancing/index.ts";
import { systemClock } from "../clock.ts";
import type { BoundKappa4 } from "../kappa4.ts";
import type { ApplyOutcome, ApplyProgress } from "./actions/index.ts";
import { EventLog } from "./event-log.ts";
import type { ApplyEvent, ApplyResult, ApplyRun, MoveError, MoveStatus } from "./events.ts";
import { errorOver, outcomeAs } from "./outcome.ts";

/** Options of {@link followApply}. */
export interface FollowApplyOptions {
  /** Why somebody stops the run, for the record. Default: that they stopped it while they watched it. */
  readonly stopReason?: string | undefined;
  /** What is waited by until it is asked again to stop. Default: the machine's own. */
  readonly clock?: Pick<Clock, "sleep"> | undefined;
}

/** What is asked of a Kappa4 by who follows a run. */
export interface RunsToFollow {
  readonly runs: Pick<BoundKappa4["runs"], "watch" | "cancel">;
}

const AGAIN_MS = 500;

/**
 * Follows a run of moves, whichever process carries it out: every change as an event, and at the end what became of
 * each move. Its `cancel` asks the run to stop, again and again while the store is away. Where the run is over, or is not
 * theirs to stop, that is passed over and the run is followed to its end; anything else in the way is told by an event.
 *
 * @example
 * const answer = await kappa4.rebalance.apply({ plan: plan.id });
 * if (answer.state === "started") {
 *   for await (const event of followApply(kappa4, plan, answer.run)) console.log(event.type);
 * }
 */
export function followApply(
  kappa4: RunsToFollow,
  plan: Pick<PlanView<RebalancePlan>, "content">,
  run: Pick<RunView, "id">,
  options: FollowApplyOptions = {},
): ApplyRun {
  const log = new EventLog<ApplyEvent>();
  let isOver = false;
  const result = follow().finally(() => {
    isOver = true;
    log.end();
  });
  // Whoever only listens hears of the end by the last event; the rejection is for who asks for the result.
  result.catch(() => undefined);
  return {
    cancel: () => void cancel(),
    result,
    [Symbol.asyncIterator]: () => log[Symbol.asyncIterator](),
  };

  async function cancel(): Promise<void> {
    const { stopReason: reason = "stopped by who watched it", clock = systemClock } = options;
    while (!isOver) {
      try {
        await kappa4.runs.cancel({ run: run.id, reason });
        return;
      } catch (error) {
        if (isRefused(error)) return;
        if (!(await mayPass(error)))
          return log.push({ type: "not-cancelled", error: saidOf(error) });
      }
      await clock.sleep(AGAIN_MS);
    }
  }

  async function follow(): Promise<ApplyResult> {
    const told = new Telling(log);
    for await (const view of await kappa4.runs.watch({ run: run.id })) {
      told.progress(view);
      if (view.endedAt === undefined) continue;
      const ended = resultOf(plan.content, view);
      told.moves(ended.moves);
      log.push({ type: "finished", result: ended });
      return ended;
    }
    throw new Error("a run was followed to its end, and has none");
  }
}

/** It is over, or is not theirs to stop: either way it is followed to its end. */
function isRefused(error: unknown): boolean {
  if (!Kappa4Error.is(error)) return false;
  const { code, retryable } = error;
  return code === "permission" || code === "not_found" || (code === "conflict" && !retryable);
}

/** The store is away, or somebody else changed the run in this moment. */
async function mayPass(error: unknown): Promise<boolean> {
  const { isPassing } = await import("../store/is-passing.ts");
  return isPassing(error) || (Kappa4Error.is(error, "conflict") && error.retryable);
}

function saidOf(error: unknown): Pick<MoveError, "code" | "message"> {
  if (Kappa4Error.is(error)) return { code: error.code, message: error.message };
  return { code: "internal", message: `A fault of Kappa4 itself (${String(error)}); report it.` };
}

/** Makes events of what has changed from one look to the next. */
class Telling {
  readonly #log: EventLog<ApplyEvent>;
  #known: readonly MoveStatus[] | undefined;
  #isMeasuring = false;

  constructor(log: EventLog<ApplyEvent>) {
    this.#log = log;
  }

  progress({ progress, startedAt }: RunView): void {
    if (progress === null || progress === undefined) return;
    const { moves, isMeasuring, waitMs = 0 } = progress as ApplyProgress;
    if (this.#known === undefined) {
      this.#known = moves.map(beforeItsStart);
      this.#log.push({ type: "started", at: startedAt ?? new Date(0), moves: this.#known });
    }
    this.moves(moves);
    if (isMeasuring && !this.#isMeasuring) this.#log.push({ type: "measuring", waitMs });
    this.#isMeasuring = isMeasuring;
  }

  moves(moves: readonly MoveStatus[]): void {
    for (const [index, status] of moves.entries()) {
      if (JSON.stringify(status) === JSON.stringify(this.#known?.[index])) continue;
      this.#log.push({ type: "move", index, status });
    }
    this.#known = moves;
  }
}

/** What was begun before the first look is told as if somebody had looked all the time. */
function beforeItsStart(status: MoveStatus): MoveStatus {
  const { move, startedAt } = status;
  if (startedAt === undefined) return status;
  return { move, state: "waiting", progress: null, warnings: [] };
}

function resultOf(plan: RebalancePlan, view: RunView): ApplyResult {
  const { state, error } = view;
  const stored = view.result as ApplyOutcome | null;
  if (stored === null) return untold(plan, view, (error ?? NO_RESULT) as Why);
  const outcome = outcomeAs(state, stored.moves);
  const isSaid =
    outcome === stored.outcome && (outcome !== "cancelled" || stored.error !== undefined);
  // Who cancelled it, and what else ended it from outside, is known when it has ended, and not by what carries it out.
  const why = isSaid || error === undefined ? {} : { error: errorOver(stored.moves, error as Why) };
  return { ...stored, outcome, ...why, plan };
}

/** Of a run that left no result: where its moves stand by what it told last. */
function untold(plan: RebalancePlan, view: RunView, why: Why): ApplyResult {
  const told = (view.progress as ApplyProgress | null | undefined)?.moves ?? [];
  const moves = plan.moves.map((move, index) => leftAs(move, told[index], why));
  const at = view.endedAt ?? view.createdAt;
  return {
    outcome: outcomeAs(view.state, moves),
    plan,
    moves,
    error: errorOver(moves, why),
    before: null,
    after: null,
    unreached: [],
    startedAt: view.startedAt ?? at,
    endedAt: at,
  };
}

/** Nobody knows what became of a move that was under way, and one that waited was not started. */
function leftAs(move: Move, told: MoveStatus | undefined, why: Why): MoveStatus {
  const { state = "waiting", ...status } = told ?? { move, progress: null, warnings: [] };
  if (state === "running") {
    return { ...status, state: "unknown", error: { ...why, outcome: "unknown" } };
  }
  if (state !== "waiting") return { ...status, state };
  return { ...status, state: "skipped", error: { ...why, outcome: "not_applied" } };
}

type Why = Pick<MoveError, "code" | "message">;

const NO_RESULT: Why = { code: "internal", message: "The run ended without a result." };
