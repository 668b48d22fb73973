import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Id } from "../../packages/sdk/src/ids.ts";
import { openStore, type Store } from "../../packages/sdk/src/store/index.ts";
import { Dice } from "../../packages/sdk/test/balancing/dice.ts";
import { join } from "../../packages/sdk/test/core/people.ts";
import { POINTS } from "../../packages/sdk/test/exactly-once/points.ts";
import type { CallSeen } from "../../packages/sdk/test/exactly-once/provider.ts";
import { closedStore } from "../../packages/sdk/test/store/support/fresh-store.ts";
import { Crew, type Fuse } from "./exactly-once/crew.ts";
import { type Expected, playRound } from "./exactly-once/rounds.ts";
import { Takeovers } from "./exactly-once/takeovers.ts";
import { judge } from "./exactly-once/verdict.ts";
import type { TortureOptions } from "./main.ts";
import { printTable } from "./tally.ts";

/** So many times as fast as real time goes the clock of approvals and of patience with the outside; leases keep to real time. */
const SPEED = 10;
/** Enough people that none of them asks too often. */
const PEOPLE = 60;
/** A process is stopped once for so many runs. */
const RUNS_PER_STOP = 8;
/** After so many runs the server cuts every line, as when it is restarted. */
const RUNS_PER_CUT = 40;
/** One in so many is frozen rather than killed. */
const STOPS_PER_FREEZE = 8;

const provider = fileURLToPath(
  new URL("../../packages/sdk/test/exactly-once/provider.ts", import.meta.url),
);

/**
 * Every request three times at once, processes killed and frozen wherever it hurts: each approved plan is carried out
 * once, and the outside system is asked once for each of its moves. What it has counted is what counts.
 */
export async function run({ seed, rounds = 1000, database, tally }: TortureOptions): Promise<void> {
  const isEmbedded = database === undefined;
  const dice = new Dice(seed);
  const made = await closedStore(database);
  const outside = await startProvider();
  let store: Store | undefined = await openStore(made.options);
  const people = await invite(store);
  if (isEmbedded) {
    await store.close();
    store = undefined;
  }
  const takeovers = store && new Takeovers(store, tally);
  const lanes = isEmbedded ? 4 : 8;
  // Two lanes have a cluster in common, and wait for each other.
  const clusters = Array.from({ length: lanes - 1 }, (_, at) => `c${at + 1}`);
  const [shared = ""] = clusters;
  let superseded = 0;
  const onSuperseded = (): void => {
    superseded += 1;
  };
  const planned = Math.ceil(rounds / RUNS_PER_STOP);
  const fuses = fusesOf(dice, planned, isEmbedded);
  const crew = new Crew({
    size: isEmbedded ? 1 : 4,
    orders: {
      store: made.options,
      provider: outside.url,
      clusters,
      epoch: Date.now(),
      speed: SPEED,
    },
    nextFuse: () => fuses.pop(),
    onStopped(member, signal) {
      if (signal === "SIGSTOP") takeovers?.froze(member, outside.calls);
      else takeovers?.killed(member);
    },
  });
  const started = performance.now();
  try {
    const expected: Expected[] = [];
    let next = 0;
    let cuts = 0;
    const lane = async (at: number): Promise<void> => {
      while (next < rounds) {
        next += 1;
        const number = next;
        if (store !== undefined && number % RUNS_PER_CUT === 0) cuts += await cutLines(store);
        const cluster = clusters[at % clusters.length] ?? "";
        const chance = new Dice(seed * 1_000_003 + number);
        const parts = { crew, tally, provider: outside.url, people, shared, onSuperseded };
        try {
          expected.push(...(await playRound(parts, number, cluster, chance)));
        } catch (error) {
          tally.check(false, () => String(error));
        }
      }
    };
    await Promise.race([
      crew.broken,
      Promise.all(Array.from({ length: lanes }, (_, at) => lane(at))),
    ]);
    await takeovers?.done();
    const repeats = countCalls(expected, await outside.calls(), tally);
    const seconds = Math.round((performance.now() - started) / 1000);
    report({ crew, takeovers, rounds, moves: expected.length, repeats, cuts, superseded, seconds });
    judge(
      {
        engine: isEmbedded ? "embedded" : "postgres",
        rounds,
        planned,
        stops: sumOf(crew.stopped.values()),
        freezes: crew.frozen,
        kinds: crew.stopped.size,
        thawed: takeovers?.frozen ?? 0,
        takeovers: takeovers?.times ?? reopened(crew).takeovers,
      },
      tally,
    );
  } finally {
    crew.close();
    outside.child.kill();
    await store?.close();
    await made.remove();
  }
}

/** Ends every other connection of this login; returns how many there were. */
async function cutLines(store: Store): Promise<number> {
  const { rows } = await store.queue.executeSql(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and usename = session_user and pid <> pg_backend_pid()`,
  );
  return rows.length;
}

interface Provider {
  readonly child: ChildProcess;
  readonly url: string;
  calls(): Promise<readonly CallSeen[]>;
}

async function startProvider(): Promise<Provider> {
  const child = spawn(process.execPath, [provider], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const url = String(line).trim();
  const calls = async (): Promise<readonly CallSeen[]> =>
    (await (await fetch(`${url}/calls`)).json()) as readonly CallSeen[];
  return { child, url, calls };
}

async function invite(store: Store): Promise<readonly Id<"usr">[]> {
  const people: Id<"usr">[] = [];
  for (let at = 0; at < PEOPLE; at += 1) people.push(await join(store, `p${at}`, "operator"));
  return people;
}

/** Every point before any of them a second time. */
function fusesOf(dice: Dice, count: number, isEmbedded: boolean): Fuse[] {
  const points: string[] = [];
  while (points.length < count) points.push(...dice.shuffled(POINTS));
  return points.slice(0, count).map((point, number) => ({
    point,
    at: dice.whole(1, 4),
    signal: !isEmbedded && number % STOPS_PER_FREEZE === 3 ? "SIGSTOP" : "SIGKILL",
  }));
}

function sumOf(numbers: Iterable<number>): number {
  return [...numbers].reduce((sum, number) => sum + number, 0);
}

/** Compares what was to be done with what the outside system has counted; returns how many calls there were too many. */
function countCalls(
  expected: readonly Expected[],
  calls: readonly CallSeen[],
  tally: TortureOptions["tally"],
): number {
  const nameOf = ({ cluster, guest }: Expected): string => `${cluster}/${guest}`;
  const names = new Set(expected.map(nameOf));
  const counts = new Map<string, CallSeen[]>();
  for (const call of calls) {
    const seen = counts.get(nameOf(call)) ?? [];
    counts.set(nameOf(call), [...seen, call]);
  }
  for (const move of expected) {
    const seen = counts.get(nameOf(move)) ?? [];
    tally.check(seen.length === 1 && seen[0]?.isAccepted === true, () => {
      const who = seen.map(({ pid, isAccepted }) => `${pid}${isAccepted ? "" : " refused"}`);
      return `the move of ${nameOf(move)} was asked for ${seen.length} times, by ${who.join(", ")}`;
    });
  }
  const strange = [...counts.keys()].filter((name) => !names.has(name));
  tally.check(strange.length === 0, () => `moves that nobody has approved: ${strange}`);
  return calls.length - expected.length;
}

interface Report {
  readonly crew: Crew;
  readonly takeovers: Takeovers | undefined;
  readonly rounds: number;
  readonly moves: number;
  readonly repeats: number;
  /** Connections to the server that were cut. */
  readonly cuts: number;
  /** Plans whose place a newer one took before they began. */
  readonly superseded: number;
  readonly seconds: number;
}

function report({
  crew,
  takeovers,
  rounds,
  moves,
  repeats,
  cuts,
  superseded,
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
function reopened({ all }: Crew): {
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
