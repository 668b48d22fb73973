import { describe, expect, it } from "vitest";
import { keepDoing } from "../../src/runs/chores.ts";
import { handStopwatch } from "./hand-stopwatch.ts";

/** Keeps what is logged as an error. */
function memoryLogger() {
  const errors: object[] = [];
  const logger = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields: object) => void errors.push(fields),
  };
  return { errors, logger };
}

/** Lets everything go on that waits for nothing. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("keepDoing", () => {
  it("does each chore at once, and again whenever its time has come", async () => {
    const stopwatch = handStopwatch();
    const { logger } = memoryLogger();
    const done: string[] = [];
    const chore = (name: string, everyMs: number) => ({
      name,
      everyMs,
      work: async () => done.push(name),
    });
    const stop = keepDoing([chore("often", 5), chore("seldom", 20)], { stopwatch, logger });
    await settled();
    expect(done).toEqual(["often", "seldom"]);
    for (let ms = 0; ms < 20; ms += 1) {
      stopwatch.advance(1);
      await settled();
    }
    expect(done.filter((name) => name === "often")).toHaveLength(5);
    expect(done.filter((name) => name === "seldom")).toHaveLength(2);
    await stop();
    stopwatch.advance(100);
    await settled();
    expect(done).toHaveLength(7);
  });

  it("logs a chore that fails, and tries it again", async () => {
    const stopwatch = handStopwatch();
    const { errors, logger } = memoryLogger();
    let attempts = 0;
    const work = async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("the store is away");
    };
    const stop = keepDoing([{ name: "seal", everyMs: 5, work }], { stopwatch, logger });
    await settled();
    expect(errors).toMatchObject([{ chore: "seal", error: { message: "the store is away" } }]);
    stopwatch.advance(5);
    await stop();
    expect(attempts).toBe(2);
    expect(errors).toHaveLength(1);
  });

  it("never does a chore twice at once, and waits for it at the end", async () => {
    const stopwatch = handStopwatch();
    const { logger } = memoryLogger();
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    let ended = 0;
    const work = async () => {
      begun += 1;
      await gate.promise;
      ended += 1;
    };
    const stop = keepDoing([{ name: "slow", everyMs: 5, work }], { stopwatch, logger });
    stopwatch.advance(50);
    await settled();
    expect(begun).toBe(1);
    const stopping = stop();
    expect(ended).toBe(0);
    gate.resolve();
    await stopping;
    expect(ended).toBe(1);
  });
});
