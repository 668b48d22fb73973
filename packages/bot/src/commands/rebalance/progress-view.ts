import type { ApplyEvent, MoveStatus } from "@kappa4/sdk";
import { count, duration } from "../../view/format.ts";
import type { Action, Block, RichText, Task, View } from "../../view/model.ts";
import { tally } from "./words.ts";

/** How far a run is. */
export interface ApplyProgress {
  readonly moves: readonly MoveStatus[];
  readonly startedAt: Date;
  readonly now: Date;
}

/** Options of {@link applyProgressView}. */
export interface ApplyProgressViewOptions {
  /** Short ids people can say. */
  readonly run?: string | undefined;
  readonly plan?: string | undefined;
  /** Somebody asked to stop: nothing more is started. */
  readonly stopping?: boolean | undefined;
  readonly actions?: readonly Action[] | undefined;
  readonly note?: RichText | undefined;
  /** Moves listed; with more, those under way and those that failed come first. Default 12. */
  readonly most?: number | undefined;
}

/** Returns the moves after an event of their run. */
export function movesAfter(moves: readonly MoveStatus[], event: ApplyEvent): readonly MoveStatus[] {
  if (event.type === "started") return event.moves;
  if (event.type === "finished") return event.result.moves;
  if (event.type !== "move") return moves;
  return moves.map((status, index) => (index === event.index ? event.status : status));
}

/** Shows a run under way: how many moves are done, how far the others are, and how long it may take. */
export function applyProgressView(
  progress: ApplyProgress,
  options: ApplyProgressViewOptions = {},
): View {
  const { moves } = progress;
  const fraction = doneFraction(moves);
  const shown = listedMoves(moves, options.most ?? 12);
  const blocks: Block[] = [
    { kind: "title", text: runTitle(options) },
    { kind: "text", text: progressSentence(progress, options.stopping ?? false) },
    {
      kind: "tasks",
      title: "Moves",
      progress: fraction,
      tasks: shown.map((status) => task(status, progress.now)),
    },
    ...(shown.length < moves.length
      ? [{ kind: "note", text: `${shown.length} of ${moves.length} moves shown.` } as const]
      : []),
    ...(options.note === undefined ? [] : [{ kind: "note", text: options.note } as const]),
    ...(options.actions === undefined || options.actions.length === 0
      ? []
      : [{ kind: "actions", actions: options.actions } as const]),
  ];
  return { blocks };
}

/** Says how far a run is: `3 of 5 moves done · 1 running · 0 failed · about 2 min left`. */
export function progressSentence(progress: ApplyProgress, stopping = false): string {
  const counts = tally(progress.moves);
  const parts = [
    `${counts.done} of ${count(progress.moves.length, "move", "moves")} done`,
    `${counts.running} running`,
    `${counts.failed} failed`,
    ...(counts.unknown > 0 ? [`${counts.unknown} unknown`] : []),
    ...(stopping ? ["stopping after the moves under way"] : timeLeft(progress)),
  ];
  return parts.join(" · ");
}

/** Says what a run waits for after its last move. */
export function measuringNote(waitMs: number): string {
  if (waitMs === 0) return "measuring the balance";
  return `measuring the balance in ${duration(waitMs / 1000)}, when the cluster's figures have caught up`;
}

/** Names a run: `Run R-11CD of plan P-7F3K`. */
export function runTitle(ids: { run?: string | undefined; plan?: string | undefined }): string {
  const run = ids.run === undefined ? "Run" : `Run ${ids.run}`;
  return ids.plan === undefined ? run : `${run} of plan ${ids.plan}`;
}

/** Describes one move of a run for a list of work. */
function task(status: MoveStatus, now: Date): Task {
  const { move, state, progress } = status;
  const detail = taskDetail(status, now);
  return {
    state,
    title: move.name,
    about: `${move.from} → ${move.to}`,
    ...(detail === undefined ? {} : { detail }),
    ...(state === "running" && progress !== null ? { progress } : {}),
  };
}

function taskDetail(
  { state, progress, startedAt, endedAt, error }: MoveStatus,
  now: Date,
): string | undefined {
  if (error !== undefined) return error.message;
  if (state === "running" && progress !== null) return `${Math.round(progress * 100)} %`;
  if (startedAt === undefined || state === "waiting") return undefined;
  return duration(((endedAt ?? now).getTime() - startedAt.getTime()) / 1000);
}

/** Weighs each move by its expected duration, so that one large guest does not look like a small one. */
function doneFraction(moves: readonly MoveStatus[]): number {
  const total = moves.reduce((sum, { move }) => sum + move.seconds, 0);
  if (total === 0) return moves.length === 0 ? 1 : tally(moves).done / moves.length;
  const done = moves.reduce((sum, { move, state, progress }) => {
    if (state === "running") return sum + move.seconds * (progress ?? 0);
    return state === "done" ? sum + move.seconds : sum;
  }, 0);
  return Math.min(1, done / total);
}

/** Says nothing before a tenth is done: an estimate from less would only mislead. */
function timeLeft({ moves, startedAt, now }: ApplyProgress): readonly string[] {
  // What failed or was skipped takes no more time.
  const fraction = doneFraction(moves.filter(({ state }) => ONWARD.includes(state)));
  if (fraction < 0.1 || fraction >= 1) return [];
  const elapsed = (now.getTime() - startedAt.getTime()) / 1000;
  const left = (elapsed * (1 - fraction)) / fraction;
  return left < 1 ? [] : [`about ${duration(left)} left`];
}

const ONWARD: readonly MoveStatus["state"][] = ["waiting", "running", "done"];

const WEIGHT: Readonly<Record<MoveStatus["state"], number>> = {
  failed: 0,
  unknown: 0,
  running: 1,
  waiting: 2,
  skipped: 3,
  done: 4,
};

function listedMoves(moves: readonly MoveStatus[], most: number): readonly MoveStatus[] {
  if (moves.length <= most) return moves;
  const byWeight = moves.map((status, index) => ({ status, index }));
  byWeight.sort(
    (one, other) =>
      WEIGHT[one.status.state] - WEIGHT[other.status.state] || one.index - other.index,
  );
  const kept = byWeight.slice(0, most).sort((one, other) => one.index - other.index);
  return kept.map(({ status }) => status);
}
