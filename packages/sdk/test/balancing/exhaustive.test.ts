import { expect, test } from "vitest";
import { contest } from "./contest.ts";

/** `npm run bench -- properties --count 10000` tries more. */
const COUNT = 300;

test("small clusters: close to what trying everything finds", () => {
  const rounds = Array.from({ length: COUNT }, (_, index) => contest(index + 1));
  const solved = rounds.filter(({ result }) => result === "solved");
  const missed = rounds.filter(({ result }) => result === "missed");
  expect(rounds.flatMap(({ problems }) => problems)).toEqual([]);
  expect(solved.length).toBeGreaterThan(COUNT / 3);
  expect(missed).toEqual([]);
  const close = solved.filter(({ ratio }) => ratio <= 1.1);
  expect(close.length / solved.length).toBeGreaterThanOrEqual(0.99);
});
