import { type Clock, Kappa4Error } from "@kappa4/connectors";
import { isRecorded } from "./recording.ts";

/** So long one judgement holds: what is told many times within it, such as the lines of an export, is judged once. */
const HOLDS_MS = 200;

/** When an answer was judged, and what judges it again: that throws where whoever asked has lost the right to it since. */
export interface Judgement {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly judgedAt: number;
  judge(): Promise<unknown>;
}

/**
 * Returns an answer, judged once more where it took long, as one that was waited for; and one that goes on as one that
 * ends with the right to it.
 */
export async function judgedAnew(
  answer: unknown,
  { clock, judgedAt, judge }: Judgement,
): Promise<unknown> {
  if (!isStream(answer)) {
    if (!holds(judgedAt, clock)) await judge();
    return answer;
  }
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
  try {
    for await (const value of values) {
      const now = clock.now();
      if (!holds(judgedAt, clock)) {
        await judge();
        judgedAt = now;
      }
      yield value;
    }
  } catch (error) {
    // What is told found out by itself that the right to it is gone: that goes on record as any refusal does.
    if (Kappa4Error.is(error, "permission") && !isRecorded(error)) await judge();
    throw error;
  }
}

function holds(judgedAt: number, clock: Clock): boolean {
  return Math.abs(clock.now() - judgedAt) < HOLDS_MS;
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}
