import type { ApplyEvent, MoveStatus } from "@kappa4/sdk";
import {
  applyProgressView,
  measuringNote,
  movesAfter,
} from "../../commands/rebalance/progress-view.ts";
import { tally } from "../../commands/rebalance/words.ts";
import { duration } from "../../view/format.ts";
import { clean, TASK_WORDS } from "../../view/text.ts";
import { renderTerminal } from "./render.ts";
import { ascii, type TerminalOptions } from "./style.ts";

/** Where progress is printed. */
export interface ProgressStream {
  write(text: string): unknown;
}

/** Options of {@link createProgressPrinter}. */
export interface ProgressPrinterOptions extends TerminalOptions {
  /** True: redrawn in place. False: a plain line per change, as for logs and pipes. */
  readonly interactive: boolean;
  /** Lines of the terminal; more are never redrawn. Default 24, also for 0, which terminals say that do not know. */
  readonly rows?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Prints a run while it goes on. */
export interface ProgressPrinter {
  /** Takes the next event of the run. */
  event(event: ApplyEvent): void;
  /** Somebody asked to stop: how long it may take is not said any more. */
  stopping(): void;
  /** Leaves what is drawn where it is; later output starts below. */
  close(): void;
}

/**
 * Makes a printer for the events of a run.
 *
 * @example
 * const printer = createProgressPrinter(process.stdout, { interactive: true, now: Date.now });
 * for await (const event of run) printer.event(event);
 * printer.close();
 */
export function createProgressPrinter(
  stream: ProgressStream,
  options: ProgressPrinterOptions,
): ProgressPrinter {
  return options.interactive ? livePrinter(stream, options) : linePrinter(stream, options);
}

const REDRAW_MS = 80;

function livePrinter(stream: ProgressStream, options: ProgressPrinterOptions): ProgressPrinter {
  let moves: readonly MoveStatus[] = [];
  let startedAt = new Date(options.now());
  let note: string | undefined;
  let isStopping = false;
  let drawnLines = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;

  function draw(now: number): void {
    const rows = options.rows || 24;
    const view = applyProgressView(
      { moves, startedAt, now: new Date(now) },
      { most: Math.max(1, rows - 10), note, stopping: isStopping },
    );
    const lines = renderTerminal(view, options)
      .split("\n")
      .slice(0, -1)
      .slice(0, rows - 1);
    const up = drawnLines === 0 ? "" : `\u001b[${drawnLines}A\r`;
    stream.write(`${up}${lines.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J`);
    drawnLines = lines.length;
    drawnAt = now;
  }

  return {
    event(event) {
      const now = options.now();
      if (event.type === "started") startedAt = event.at;
      const isOnlyPercent =
        event.type === "move" && moves[event.index]?.state === event.status.state;
      moves = movesAfter(moves, event);
      if (!isWorthAWord(moves)) return;
      if (event.type === "finished") isStopping = false;
      note = event.type === "measuring" ? measuringNote(event.waitMs) : undefined;
      if (isOnlyPercent && now - drawnAt < REDRAW_MS) return;
      draw(now);
    },
    stopping() {
      isStopping = true;
    },
    close() {
      drawnLines = 0;
    },
  };
}

function linePrinter(stream: ProgressStream, options: ProgressPrinterOptions): ProgressPrinter {
  let moves: readonly MoveStatus[] = [];
  const print = (text: string): void => {
    const line = clean(text).replaceAll("\n", " ");
    stream.write(`${options.unicode === false ? ascii(line) : line}\n`);
  };
  return {
    event(event) {
      const before = moves;
      moves = movesAfter(moves, event);
      const { waiting } = tally(moves);
      if (event.type === "started" && waiting > 0) print(`started: ${waiting} to move`);
      if (event.type === "measuring") print(measuringNote(event.waitMs));
      if (event.type !== "move" || before[event.index]?.state === event.status.state) return;
      const { done } = tally(moves);
      print(`${changeLine(event.status)} · ${done} of ${moves.length} done`);
    },
    stopping() {},
    close() {},
  };
}

/** Of a run that has nothing to start, the result says all there is. */
function isWorthAWord(moves: readonly MoveStatus[]): boolean {
  return moves.some(({ state, startedAt }) => state === "waiting" || startedAt !== undefined);
}

function changeLine({ move, state, startedAt, endedAt, error }: MoveStatus): string {
  const what = `${TASK_WORDS[state]}: ${move.name} ${move.from} → ${move.to}`;
  if (error !== undefined) return `${what} (${error.code}: ${error.message})`;
  if (state === "done" && startedAt === undefined) return `${what} (was there already)`;
  if (state !== "done" || startedAt === undefined || endedAt === undefined) return what;
  return `${what} in ${duration((endedAt.getTime() - startedAt.getTime()) / 1000)}`;
}
