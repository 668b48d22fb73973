import type { Clock } from "@kappa4/connectors";

/** So long one judgement holds: what is told many times within it, such as the lines of an export, is judged once. */
const HOLDS_MS = 200;

/**
 * Returns an answer as it is, and one that goes on as one that ends with the right to it: who follows something may have
 * lost that meanwhile. `judge` throws where they have.
 */
export function judgedAnew(answer: unknown, clock: Clock, judge: () => Promise<unknown>): unknown {
  if (!isStream(answer)) return answer;
  const judged = whileAllowed(answer, clock, judge);
  // What it says of itself goes along; what is followed is the judged one alone.
  return { ...answer, [Symbol.asyncIterator]: () => judged };
}

async function* whileAllowed(
  values: AsyncIterable<unknown>,
  clock: Clock,
  judge: () => Promise<unknown>,
): AsyncGenerator<unknown, void, undefined> {
  let judgedAt = Number.NEGATIVE_INFINITY;
  for await (const value of values) {
    const now = clock.now();
    if (Math.abs(now - judgedAt) >= HOLDS_MS) {
      await judge();
      judgedAt = now;
    }
    yield value;
  }
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}
