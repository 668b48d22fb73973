import { printTable } from "../tally.ts";
import type { Crew } from "./crew.ts";
import type { Takeovers } from "./takeovers.ts";
import type { Elsewhere } from "./verdict.ts";

/** What is told of a torture that is over. */
export interface Report {
  readonly crew: Crew;
  readonly takeovers: Takeovers | undefined;
  readonly rounds: number;
  readonly moves: number;
  readonly repeats: number;
  /** Connections to the server that were cut. */
  readonly cuts: number;
  /** Plans whose place a newer one took before they began. */
  readonly superseded: number;
  /** Runs that one process lacks the connection of; undefined where none does. */
  readonly elsewhere: readonly Elsewhere[] | undefined;
  readonly seconds: number;
}

/** Prints it. */
export function report({
  crew,
  takeovers,
  rounds,
  moves,
  repeats,
  cuts,
  superseded,
  elsewhere,
  seconds,
}: Report): void {
  const points = [...crew.stopped].sort(([one], [other]) => (one < other ? -1 : 1));
  printTable(["Stopped at", "times"], points);
  console.log("");
  printTable(
    ["What", "count", ""],
    [
      ["runs", rounds, `${seconds} s`],
      ["of these superseded by a newer plan", superseded, ""],
      ["moves", moves, `${repeats} asked for too often`],
      ["processes", crew.all.length, `stopped at ${points.length} kinds of point`],
      ["requests sent again", crew.repeated, "because whoever was asked was gone"],
      ["connections to the store cut", cuts, ""],
      ["frozen past their lease", takeovers?.frozen ?? 0, ""],
      ...(elsewhere === undefined
        ? []
        : [
            timesOf(
              "runs that one process lacks the connection of, until begun",
              elsewhere.map(({ ms }) => ms),
            ),
          ]),
      ...(takeovers === undefined ? embeddedTimes(crew) : takenOver(takeovers)),
    ],
  );
}

function takenOver({ times, timesOfMore }: Takeovers): readonly (readonly unknown[])[] {
  return [
    timesOf("taken over", times),
    timesOf("taken over, after the next one was stopped too", timesOfMore),
  ];
}

function embeddedTimes(crew: Crew): readonly (readonly unknown[])[] {
  const { opened, takeovers } = reopened(crew);
  return [
    timesOf("new process, until its store is open", opened),
    timesOf("taken over, from then on", takeovers),
  ];
}

/** On the embedded store, whoever comes next is the one that takes over. */
export function reopened({ all }: Crew): {
  readonly opened: readonly number[];
  readonly takeovers: readonly number[];
} {
  const next = all.flatMap(({ held }, at) => (held > 0 ? (all[at + 1] ?? []) : []));
  const back = next.flatMap(({ openMs, firstLeaseMs }) =>
    openMs === undefined || firstLeaseMs === undefined ? [] : { openMs, firstLeaseMs },
  );
  return {
    opened: back.map(({ openMs }) => openMs),
    takeovers: back.map(({ openMs, firstLeaseMs }) => firstLeaseMs - openMs),
  };
}

function timesOf(what: string, times: readonly number[]): readonly unknown[] {
  const sorted = times.toSorted((one, other) => one - other);
  const [middle = 0, slowest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return [what, times.length, `median ${Math.round(middle)} ms, slowest ${Math.round(slowest)} ms`];
}
