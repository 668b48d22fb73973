import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/index.ts";
import { LogRing } from "../../src/logs/ring.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe("the last of the log", () => {
  it("is kept and passed on without secrets", () => {
    const passed: unknown[] = [];
    const ring = new LogRing(systemClock, { ...quiet, warn: (...given) => passed.push(given) });
    const fields = { url: "https://a:b@example.com", password: "hunter2", tries: 3 };
    ring.logger.warn(fields, "a call failed");
    const clean = { url: "https://[secret]@example.com", password: "[secret]", tries: 3 };
    expect(passed).toEqual([[clean, "a call failed"]]);
    expect(ring.list()).toMatchObject([
      {
        level: "warn",
        message: "a call failed",
        fields: clean,
      },
    ]);
    expect(JSON.stringify(ring.list())).not.toContain("hunter2");
  });

  it("is a thousand records, the oldest first", () => {
    const ring = new LogRing(systemClock, quiet);
    for (let count = 0; count < 2_500; count += 1) ring.logger.info({ count }, "counting");
    const counts = ring.list().map(({ fields }) => fields.count);
    expect(counts).toEqual(Array.from({ length: 1_000 }, (_, index) => 1_500 + index));
  });

  it("is followed from now on, until it is stopped", async () => {
    const ring = new LogRing(systemClock, quiet);
    const stop = new AbortController();
    ring.logger.info({}, "before");
    const told: string[] = [];
    const following = (async () => {
      for await (const { message } of ring.follow(stop.signal)) {
        told.push(message);
        if (message === "one") ring.logger.info({}, "two");
        if (message === "two") stop.abort(new Error("enough"));
      }
    })();
    ring.logger.info({}, "one");
    await expect(following).rejects.toThrow("enough");
    expect(told).toEqual(["one", "two"]);
  });

  it("says how much was missed by who reads more slowly than it is written", async () => {
    const ring = new LogRing(systemClock, quiet);
    const records = ring.follow()[Symbol.asyncIterator]();
    for (let count = 0; count < 1_200; count += 1) ring.logger.info({ count }, "counting");
    const { value: first } = await records.next();
    expect(first).toMatchObject({ level: "warn", fields: { missed: 200 } });
    const { value: second } = await records.next();
    expect(second).toMatchObject({ message: "counting", fields: { count: 200 } });
  });
});
