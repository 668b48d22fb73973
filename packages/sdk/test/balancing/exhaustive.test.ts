import { expect, test } from "vitest";
import { contest } from "./contest.ts";

/** `npm run bench -- properties --count 10000` tries more. */
const BATCH = 60;

test.each([1, 61, 121, 181, 241])(
  "small clusters from seed %i on: as cheap as what trying everything finds",
  (first) => {
    const rounds = Array.from({ length: BATCH }, (_, index) => contest(first + index));
    const solved = rounds.filter(({ result }) => result === "solved");
    expect(rounds.flatMap(({ problems }) => problems)).toEqual([]);
    expect(solved.length).toBeGreaterThan(BATCH / 4);
    expect(rounds.filter(({ result }) => result === "missed")).toEqual([]);
    expect(solved.filter(({ ratio }) => ratio > 1.001)).toEqual([]);
  },
);
