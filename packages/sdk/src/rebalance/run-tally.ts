import type { RunView } from "../actions/answers.ts";
import { runSummary } from "../runs/views.ts";
import type { StoredRun } from "../store/index.ts";
import type { MoveState, MoveStatus } from "./events.ts";

/** How many moves of a run stand where. */
export type MoveTally = Readonly<Record<MoveState | "total", number>>;

/** A run of moves in short: how it stands or ended, and how many moves it made. */
export interface RebalanceRun
  extends Pick<
    RunView,
    | "id"
    | "shortId"
    | "plan"
    | "connection"
    | "cluster"
    | "state"
    | "error"
    | "requestedBy"
    | "cancelAskedBy"
    | "createdAt"
    | "startedAt"
    | "endedAt"
  > {
  readonly moves: MoveTally;
  /** From its start to its end, interruptions included; undefined for one that never started, or goes on. */
  readonly durationMs: number | undefined;
  /** How often the process that worked on it ended, and another went on. */
  readonly interruptions: number;
}

/** Shows a stored run of moves in short. */
export function rebalanceRun(stored: StoredRun, interruptions: number = 0): RebalanceRun {
  const { action: _action, ...run } = runSummary(stored);
  const { startedAt, endedAt } = run;
  const isTimed = startedAt !== undefined && endedAt !== undefined;
  const durationMs = isTimed ? endedAt.getTime() - startedAt.getTime() : undefined;
  return { ...run, moves: tallyOf(stored), durationMs, interruptions };
}

/** What a run has told last: its result, or how it goes. */
function tallyOf({ result, progress }: StoredRun): MoveTally {
  const told = (result ?? progress ?? {}) as { readonly moves?: readonly MoveStatus[] };
  const tally = { total: 0, waiting: 0, running: 0, done: 0, failed: 0, skipped: 0, unknown: 0 };
  for (const { state } of told.moves ?? []) {
    tally.total += 1;
    tally[state] += 1;
  }
  return tally;
}
