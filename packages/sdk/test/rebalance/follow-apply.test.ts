import { Kappa4Error } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/actions/answers.ts";
import { newId } from "../../src/ids.ts";
import { followApply } from "../../src/rebalance/follow-apply.ts";
import { sampleMove, samplePlan } from "./samples.ts";

const run = { id: newId("run") };
const plan = { content: samplePlan([sampleMove(100, "n1", "n2")]) };
const clock = { sleep: async () => undefined };
const line = Object.assign(new Error("reset"), { code: "ECONNRESET" });
const away = new Kappa4Error("unavailable", "The store is away.", {
  ...{ cause: line, context: { operation: "use store" } },
});
const over = new Kappa4Error("conflict", "Run R-1 is over already.", { retryable: false });
const notTheirs = new Kappa4Error("permission", "Only who asked for this may stop it.");
const meanwhile = new Kappa4Error("conflict", "Somebody else decided in this moment.");

/** Asks a run to stop, each time with the next answer; returns how often, and what was told by its end. */
async function stop(answers: readonly (Error | undefined)[]) {
  const ended = Promise.withResolvers<void>();
  let asked = 0;
  const view = { state: "cancelled", result: null, createdAt: new Date(0), endedAt: new Date(1) };
  const following = followApply(
    {
      runs: {
        async cancel() {
          const answer = answers[asked];
          asked += 1;
          // Time for what follows the last answer, and then the run ends.
          if (asked === answers.length) setImmediate(ended.resolve);
          if (answer !== undefined) throw answer;
          return view as unknown as RunView;
        },
        async watch() {
          return (async function* () {
            await ended.promise;
            yield view as unknown as RunView;
          })();
        },
      },
    },
    plan,
    run,
    { clock },
  );
  following.cancel();
  const told: unknown[] = [];
  for await (const event of following) if (event.type !== "finished") told.push(event);
  return { asked, told: told.filter((event) => Object(event).type === "not-cancelled") };
}

describe("the cancel of who follows a run", () => {
  it("is asked for again while the store is away, or somebody else changes the run", async () => {
    expect(await stop([away, away, meanwhile, undefined])).toEqual({ asked: 4, told: [] });
  });

  it.each([
    ["is over", over],
    ["is not theirs", notTheirs],
  ])("says nothing where the run %s", async (_, answer) => {
    expect(await stop([answer])).toEqual({ asked: 1, told: [] });
  });

  it("tells of anything else that stands in its way", async () => {
    const limit = new Kappa4Error("rate_limited", "You ask too often; wait a minute.");
    const error = { code: "rate_limited", message: limit.message };
    expect(await stop([limit])).toEqual({ asked: 1, told: [{ type: "not-cancelled", error }] });
  });
});
