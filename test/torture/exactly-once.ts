import type { RunView } from "../../packages/sdk/src/actions/answers.ts";
import type { Id } from "../../packages/sdk/src/ids.ts";
import { openStore, type Store } from "../../packages/sdk/src/store/index.ts";
import { Dice } from "../../packages/sdk/test/balancing/dice.ts";
import { join } from "../../packages/sdk/test/core/people.ts";
import { POINTS } from "../../packages/sdk/test/exactly-once/points.ts";
import { closedStore } from "../../packages/sdk/test/store/support/fresh-store.ts";
import { Crew, type Fuse } from "./exactly-once/crew.ts";
import { checkLacked, countCalls, startProvider } from "./exactly-once/outside.ts";
import { reopened, report } from "./exactly-once/report.ts";
import { type Expected, playRound } from "./exactly-once/rounds.ts";
import { Takeovers } from "./exactly-once/takeovers.ts";
import { type Elsewhere, judge } from "./exactly-once/verdict.ts";
import type { TortureOptions } from "./main.ts";

/** So many times as fast as real time goes the clock of approvals and of patience with the outside; leases keep to real time. */
const SPEED = 10;
/** Enough people that none of them asks too often. */
const PEOPLE = 200;
/** A process is stopped once for so many runs. */
const RUNS_PER_STOP = 8;
/** After so many runs the server cuts every line, as when it is restarted. */
const RUNS_PER_CUT = 40;
/** One in so many is frozen rather than killed. */
const STOPS_PER_FREEZE = 8;

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
  // A program with another configuration shares the store.
  const lacked = isEmbedded ? undefined : clusters.at(-1);
  const elsewhere: Elsewhere[] = [];
  const onEnded = (cluster: string, { shortId, createdAt, startedAt }: RunView): void => {
    if (cluster !== lacked || startedAt === undefined) return;
    // Dates are text by now.
    const ms = (new Date(startedAt).getTime() - new Date(createdAt).getTime()) / SPEED;
    elsewhere.push({ ms, stops: crew.stopsOf(shortId) });
  };
  let superseded = 0;
  const onSuperseded = (): void => {
    superseded += 1;
  };
  const planned = Math.ceil(rounds / RUNS_PER_STOP);
  const fuses = fusesOf(dice, planned, isEmbedded);
  const crew = new Crew({
    size: isEmbedded ? 1 : 4,
    lacked,
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
        const parts = { crew, tally, provider: outside.url, people, shared, onSuperseded, onEnded };
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
    const calls = await outside.calls();
    const repeats = countCalls(expected, calls, tally);
    checkLacked(crew, calls, tally);
    const waited = lacked === undefined ? undefined : elsewhere;
    const seconds = Math.round((performance.now() - started) / 1000);
    const counted = { rounds, moves: expected.length, repeats, cuts, superseded };
    report({ crew, takeovers, ...counted, elsewhere: waited, seconds });
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
        elsewhere: waited,
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
