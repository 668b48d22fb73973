import { expect, it } from "vitest";
import { judgedAnew } from "../../src/actions/judged-anew.ts";

/** Whoever asked has lost the right to it by now. */
const lost = new Error("no longer");

function answered(answer: unknown, tookMs: number): Promise<unknown> {
  const clock = { now: () => 1_000 + tookMs, sleep: async () => {} };
  return judgedAnew(answer, { clock, judgedAt: 1_000, judge: () => Promise.reject(lost) });
}

it("gives an answer at once that took no time", async () => {
  expect(await answered("the end", 199)).toBe("the end");
});

it("judges an answer once more that was waited for", async () => {
  await expect(answered("the end", 200)).rejects.toBe(lost);
});
