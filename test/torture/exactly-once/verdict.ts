import type { Tally } from "../tally.ts";

/** What a trial came to, beside what was checked while it ran. */
export interface Figures {
  readonly engine: "embedded" | "postgres";
  /** Plans that were brought from request to end. */
  readonly rounds: number;
  /** Times that a process was to be stopped, and was, and how many of these were freezes. */
  readonly planned: number;
  readonly stops: number;
  readonly freezes: number;
  /** Different points at which one was stopped. */
  readonly kinds: number;
  /** Processes that were frozen until their lease was over, and watched after that. */
  readonly thawed: number;
  /**
   * Milliseconds until somebody had what a stopped process had held: from the stop on a server, from when the next
   * process has its store open on the embedded one. Without those whose successor was stopped as well.
   */
  readonly takeovers: readonly number[];
  /** How runs were begun that one process lacks the connection of; undefined where none does. */
  readonly elsewhere: readonly Elsewhere[] | undefined;
}

/** When a run was begun that one process lacks the connection of. */
export interface Elsewhere {
  /** Milliseconds since it was asked for. */
  readonly ms: number;
  /** How many were stopped that had taken it up. */
  readonly stops: number;
}

/** A full trial stops processes at so many kinds of point. */
const FULL_KINDS = 20;
/** From so many rounds on, times are judged: a short trial beside other work says nothing about them. */
const ROUNDS_FOR_TIMES = 160;
/** How soon what a process held is another's, in milliseconds. */
const SOONEST_MS: Readonly<Record<Figures["engine"], number>> = {
  embedded: 2_000,
  postgres: 15_000,
};

/** Judges the figures of a trial: that enough went wrong to have shown anything, and that others came in time. */
export function judge(figures: Figures, tally: Tally): void {
  const { engine, rounds, planned, stops, freezes, kinds, thawed, takeovers, elsewhere } = figures;
  // The last ones of a trial are still waiting for their point when it ends.
  const wanted = Math.min(FULL_KINDS, Math.floor(planned / 2));
  tally.check(kinds >= wanted, () => {
    return `processes were stopped at ${kinds} kinds of point, where ${wanted} were wanted`;
  });
  tally.check(stops - freezes >= Math.floor(wanted / 2), () => {
    return `only ${stops - freezes} processes were killed in ${rounds} runs`;
  });
  tally.check(thawed === freezes, () => `${thawed} of ${freezes} frozen processes were watched`);
  if (rounds < ROUNDS_FOR_TIMES) return;
  if (engine === "postgres") {
    tally.check(freezes > 0, () => `no process was frozen in ${rounds} runs`);
  }
  tally.check(takeovers.length > 0, () => `nobody had anything to take over in ${rounds} runs`);
  const bar = SOONEST_MS[engine];
  if (elsewhere !== undefined) judgeElsewhere(elsewhere, bar, tally);
  for (const took of takeovers) {
    tally.check(took <= bar, () => {
      return `it took ${Math.round(took)} ms until another had what a stopped one held, of at most ${bar} ms`;
    });
  }
}

/** So many in a row may have had a run without a word of it: stopped, or cut off, while they fetched it. */
const UNHEARD = 2;

/** Somebody who may do it comes as soon as to any other, and once more as late for each that was stopped with it. */
function judgeElsewhere(elsewhere: readonly Elsewhere[], bar: number, tally: Tally): void {
  tally.check(elsewhere.length > 0, () => "no run was of a connection that one process lacks");
  for (const { ms, stops } of elsewhere) {
    tally.check(ms <= bar * (1 + UNHEARD + stops), () => {
      return `a run that one process lacks the connection of was begun after ${Math.round(ms)} ms, with ${stops} stopped meanwhile`;
    });
  }
}
