import {
  type ApplyEvent,
  type ApplyResult,
  type ApplyRun,
  type Kappa4,
  Kappa4Error,
} from "@kappa4/sdk";
import type { RebalancePlan } from "@kappa4/sdk/balancing";
import { samplePlan } from "./plans.ts";

/** A run that goes on when the test says so. */
export interface HandRun extends ApplyRun {
  tell(event: ApplyEvent): void;
  finish(result: ApplyResult): void;
  readonly isCancelled: boolean;
}

/** A Kappa4 whose plans and runs the test holds in its hands. */
export interface FakeKappa4 extends Kappa4 {
  readonly runs: readonly HandRun[];
  /** What the next plans are; by default the sample. */
  nextPlan: () => Promise<RebalancePlan>;
  /** Options of every plan that was asked for. */
  readonly asked: readonly { readonly connection: string | undefined; readonly options: unknown }[];
}

/** Makes one with the given connections. */
export function fakeKappa4(connections: readonly string[] = ["gold"]): FakeKappa4 {
  const runs: HandRun[] = [];
  const asked: { connection: string | undefined; options: unknown }[] = [];
  const missing = (): never => {
    throw new Kappa4Error("unsupported", "The test does not use this.");
  };
  const fake: FakeKappa4 = {
    connections,
    runs,
    asked,
    nextPlan: async () => samplePlan(),
    connector: missing,
    snapshot: missing,
    checkAccess: missing,
    rebalance: {
      plan: async (connection, options) => {
        asked.push({ connection, options });
        return fake.nextPlan();
      },
      apply: () => {
        const run = handRun();
        runs.push(run);
        return run;
      },
      bestNode: async () => [
        { node: "pve-03", load: 0.31, fits: true, message: "31 % memory with it" },
      ],
      explain: missing,
      whatIf: missing,
      checkFailover: missing,
      checkRules: missing,
    },
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return fake;
}

function handRun(): HandRun {
  const events: ApplyEvent[] = [];
  let wake = Promise.withResolvers<void>();
  let isEnded = false;
  let isCancelled = false;
  const { promise: result, resolve } = Promise.withResolvers<ApplyResult>();
  const notify = (): void => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  return {
    result,
    get isCancelled() {
      return isCancelled;
    },
    cancel() {
      isCancelled = true;
    },
    tell(event) {
      events.push(event);
      notify();
    },
    finish(value) {
      events.push({ type: "finished", result: value });
      isEnded = true;
      resolve(value);
      notify();
    },
    async *[Symbol.asyncIterator]() {
      for (let next = 0; ; next += 1) {
        while (next >= events.length) {
          if (isEnded) return;
          await wake.promise;
        }
        const event = events[next];
        if (event !== undefined) yield event;
      }
    },
  };
}
