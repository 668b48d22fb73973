import { describe, expect, it } from "vitest";
import { Kappa4Error, type OperationStatus } from "../../src/index.ts";
import { type Look, type WaitForOptions, waitFor } from "../../src/transport/wait.ts";
import { jumpingClock } from "./server.ts";

const running = (progress: number | null, stage = "copying"): OperationStatus => ({
  state: "running",
  progress,
  stage,
  warnings: [],
});

function wait(
  looks: readonly (Look<string> | Error)[],
  options: Partial<WaitForOptions<string>> = {},
) {
  const clock = jumpingClock();
  let at = 0;
  const promise = waitFor<string>({
    clock,
    name: 'migrate of vm:100 on "gold"',
    context: {},
    look: async () => {
      const look = looks[Math.min(at, looks.length - 1)];
      at += 1;
      if (look === undefined || look instanceof Error) throw look;
      return look;
    },
    ...options,
  });
  return { promise, clock, looks: () => at };
}

const done: Look<string> = {
  status: { state: "succeeded", progress: 1, warnings: [] },
  result: { value: "there" },
};

describe("waiting for long work", () => {
  it("ends with the result and tells only news, progress never falling", async () => {
    const told: (number | null)[] = [];
    const { promise } = wait(
      [
        { status: running(null) },
        { status: running(0.4) },
        { status: running(0.4) },
        { status: running(0.2) },
        { status: running(0.6) },
        done,
      ],
      { onProgress: ({ progress }) => told.push(progress) },
    );
    await expect(promise).resolves.toBe("there");
    expect(told).toEqual([null, 0.4, 0.6, 1]);
  });

  it("looks less often while nothing happens, and soon again when something does", async () => {
    const same = { status: running(0.1) };
    const { promise, clock } = wait([same, same, same, { status: running(0.2) }, done], {
      intervalMs: 1000,
      maxIntervalMs: 2000,
    });
    await promise;
    expect(clock.slept).toEqual([1000, 1500, 2000, 1000]);
  });

  it("throws the error of the work, also one that would be retryable on the line", async () => {
    const error = new Kappa4Error("unavailable", "the node died");
    const { promise, looks } = wait([
      { status: { state: "failed", progress: null, warnings: [], error } },
    ]);
    await expect(promise).rejects.toBe(error);
    expect(looks()).toBe(1);
  });

  it("outlasts a line that is down for a while", async () => {
    const { promise } = wait([new Kappa4Error("network", "down"), done]);
    await expect(promise).resolves.toBe("there");
  });

  it("gives up with outcome unknown when the line stays down", async () => {
    const { promise, clock } = wait([new Kappa4Error("network", "down")], { patienceMs: 60_000 });
    const start = clock.now();
    await expect(promise).rejects.toMatchObject({ code: "network", outcome: "unknown" });
    expect(clock.now() - start).toBeGreaterThanOrEqual(60_000);
  });

  it.each(["protocol", "operation_failed", "auth", "permission"] as const)(
    "outlasts a slip: %s",
    async (code) => {
      const slip = new Kappa4Error(code, "no");
      await expect(wait([slip, slip, done]).promise).resolves.toBe("there");
      const { promise, looks } = wait([slip, slip, slip, done]);
      await expect(promise).rejects.toMatchObject({ code, outcome: "unknown", cause: slip });
      expect(looks()).toBe(3);
    },
  );

  it("does not outlast that its connector was closed, nor a fault of ours", async () => {
    const closed = new Kappa4Error("failed_precondition", "closed");
    await expect(wait([closed, done]).promise).rejects.toMatchObject({ outcome: "unknown" });
    const fault = new TypeError("a mistake");
    await expect(wait([fault, done]).promise).rejects.toBe(fault);
  });

  it("ends at its own limit with timeout and outcome unknown", async () => {
    const { promise } = wait([{ status: running(null) }], { totalTimeoutMs: 10_000 });
    await expect(promise).rejects.toMatchObject({ code: "timeout", outcome: "unknown" });
  });

  it("stops with the signal's reason", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const { promise } = wait([{ status: running(null) }], {
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await expect(promise).rejects.toBe(reason);
  });
});
