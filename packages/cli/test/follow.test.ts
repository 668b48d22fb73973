import type { ApplyEvent, ApplyResult, ApplyRun } from "@kappa4/sdk";
import { expect, test } from "vitest";
import type { CommandIo } from "../src/io.ts";
import { follow } from "../src/run/follow.ts";

const START = 1_000_000;

/** A clock that moves when it is told to, and wakes who is due. */
function steppedClock(): CommandIo["clock"] & { step(ms: number): Promise<void> } {
  let now = START;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: resolve });
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
    async step(ms) {
      now += ms;
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** Follows a run that brings these events after these seconds; returns what was said, each with its second. */
async function saidDuring(news: readonly (readonly [number, ApplyEvent])[]): Promise<string[]> {
  const clock = steppedClock();
  const said: string[] = [];
  const result: ApplyResult = {
    outcome: "succeeded",
    moves: [],
    before: null,
    after: null,
    unreached: [],
    startedAt: new Date(START),
    endedAt: new Date(START),
    plan: {
      format: "rebalance-plan",
      version: 1,
      engine: "kappa4-balancing/1",
      status: "ok",
      cluster: "gold",
      method: "memory",
      mode: "used",
      balanciness: 10,
      limits: {},
      moves: [],
      blocked: [],
      conflicts: [],
      before: { spread: 0, cpuSpread: 0, violations: 0, nodes: [] },
      after: { spread: 0, cpuSpread: 0, violations: 0, nodes: [] },
      costSeconds: 0,
      durationSeconds: 0,
    },
  };
  const run: ApplyRun = {
    cancel() {},
    result: Promise.resolve(result),
    async *[Symbol.asyncIterator]() {
      for (const [second, event] of news) {
        while (clock.now() < START + second * 1000) await clock.step(1000);
        yield event;
      }
    },
  };
  const output = { write: (text: string) => said.push(`${(clock.now() - START) / 1000}: ${text}`) };
  const stdin = { text: async () => "", line: async () => undefined };
  const io = { stdout: output, stderr: output, stdin, env: {}, cwd: "/", clock };
  const printer = { event() {}, stopping() {}, close() {} };
  await follow(run, printer, { ...io, onInterrupt: () => () => {} });
  return said;
}

const started: ApplyEvent = { type: "started", at: new Date(START), moves: [] };

test("silence is told of after 15 seconds, then less and less often", async () => {
  const said = await saidDuring([
    [0, started],
    [70, started],
  ]);
  expect(said).toEqual([
    expect.stringMatching(/^15: no news from the cluster for 15 s, still looking\n$/),
    expect.stringMatching(/^30: no news from the cluster for 30 s, still looking\n$/),
    expect.stringMatching(/^60: no news from the cluster for 60 s, still looking\n$/),
  ]);
});

test("news start the wait anew, and a wait that was announced is no silence", async () => {
  const said = await saidDuring([
    [0, started],
    [10, started],
    [20, started],
    [30, { type: "measuring", waitMs: 40_000 }],
    [75, started],
  ]);
  expect(said).toEqual([]);
});

test("a wish to stop that did not arrive is told of", async () => {
  const error = { code: "rate_limited", message: "You ask too often; wait a minute." } as const;
  const said = await saidDuring([[0, { type: "not-cancelled", error }]]);
  expect(said).toEqual([`0: The run was not stopped, and goes on: ${error.message}\n`]);
});
