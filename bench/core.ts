import { spawn } from "node:child_process";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { newId } from "../packages/sdk/src/ids.ts";
import { openQueue } from "../packages/sdk/src/runs/queue.ts";
import { type OpenStoreOptions, openStore, type Store } from "../packages/sdk/src/store/index.ts";
import { closedStore } from "../packages/sdk/test/store/support/fresh-store.ts";
import { compareTransactions } from "./core-transactions.ts";
import { median, table } from "./machine.ts";

const MOST_RATIO = 1.5;
const LEAST_JOBS = { embedded: 1000, postgres: 2000 };
const MOST_OPEN_MS = 2000;
const MOST_DELAY_MS = 50;
const OPENINGS = 5;
const LANES = 8;
const WORK_MS = 5000;
/** More than a second of work for the database in one statement. */
const LONG = "select count(*) from generate_series(1, 12000000) as n where n % 7 = 3";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const opener = fileURLToPath(new URL("./core-open.ts", import.meta.url));

/**
 * What the store and the queue of runs cost, on the embedded store or with `--database` on a server (the address of a
 * superuser). Answers whether every figure is within its bound.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { database: { type: "string" }, jobs: { type: "string", default: "6000" } },
  });
  const made = await closedStore(values.database);
  try {
    const ratio = await compareTransactions(made.options, values.database);
    const store = await openStore(made.options);
    const jobs = await jobsPerSecond(store, Number(values.jobs));
    const idle = await delayWhile(() => sleep(WORK_MS / 2));
    const busy = await delayWhile(() => keepBusy(store));
    await store.close();
    const openings = await timesToOpen(made.options);
    const { engine } = store;
    const rows: readonly (readonly [string, string, string, boolean])[] = [
      [
        "transaction of an organisation : the same without row-level security",
        `${ratio.ratio.toFixed(2)} (${ratio.guarded.toFixed(2)} : ${ratio.plain.toFixed(2)} ms)`,
        `<= ${MOST_RATIO}`,
        ratio.ratio <= MOST_RATIO,
      ],
      ["jobs per second", jobs.toFixed(0), `>= ${LEAST_JOBS[engine]}`, jobs >= LEAST_JOBS[engine]],
      [
        "store, queue and worker up on existing data",
        `${median(openings).toFixed(0)} ms`,
        `< ${MOST_OPEN_MS} ms`,
        median(openings) < MOST_OPEN_MS,
      ],
      [
        "delay of the main loop while the store works, p99",
        `${busy.p99.toFixed(1)} ms, longest ${busy.longest.toFixed(0)} (idle ${idle.p99.toFixed(1)} ms)`,
        `< ${MOST_DELAY_MS} ms`,
        busy.p99 < MOST_DELAY_MS,
      ],
    ];
    const cells = rows.map(([what, is, has, holds]) => [what, is, has, holds ? "holds" : "BROKEN"]);
    console.log(table([[`on the ${engine} store`, "is", "has to be", ""], ...cells]));
    return rows.every(([, , , holds]) => holds);
  } finally {
    await made.remove();
  }
}

/** Works off a backlog of runs, each of a cluster of its own, whose work is nothing. */
async function jobsPerSecond(store: Store, count: number): Promise<number> {
  const org = store.defaultOrg;
  const queue = await openQueue(store, { logger: silent });
  for (let from = 0; from < count; from += 500) {
    await store.inOrg(org, async (tx) => {
      for (let at = from; at < Math.min(from + 500, count); at += 1) {
        const cluster = `cluster-${at}`;
        const job = { org, run: newId("run"), action: "bench", connection: "bench", cluster };
        await queue.add(tx, job);
      }
    });
  }
  const { promise: all, resolve } = Promise.withResolvers<void>();
  let done = 0;
  const startedAt = performance.now();
  await queue.work({ connections: ["bench"], actions: ["bench"] }, async () => {
    done += 1;
    if (done === count) resolve();
  });
  await all;
  const seconds = (performance.now() - startedAt) / 1000;
  await queue.close();
  return count / seconds;
}

async function keepBusy(store: Store): Promise<void> {
  const until = performance.now() + WORK_MS;
  const org = store.defaultOrg;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      await store.inOrg(org, (tx) => tx.events.list({ limit: 50 }));
    }
  };
  const lanes = Array.from({ length: LANES }, lane);
  await Promise.all([...lanes, store.queue.executeSql(LONG)]);
}

async function delayWhile(
  work: () => Promise<unknown>,
): Promise<{ readonly p99: number; readonly longest: number }> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  return { p99: histogram.percentile(99) / 1e6, longest: histogram.max / 1e6 };
}

/** Each time a process of its own, from its first line on. */
async function timesToOpen(options: OpenStoreOptions): Promise<readonly number[]> {
  const times: number[] = [];
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    const child = spawn(
      process.execPath,
      ["--conditions=@kappa4/source", opener, JSON.stringify(options)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let output = "";
    for await (const chunk of child.stdout) output += chunk;
    times.push(Number(output));
  }
  return times;
}
