import { expect, test } from "vitest";
import { Dice } from "../../balancing/dice.ts";
import { fuzzReal } from "./fuzz.ts";

test("100 random calls by people of all kinds have no effect that they must not", async () => {
  const complaints: string[] = [];
  let judged = 0;
  const report = await fuzzReal(new Dice(1), 100, (complaint) => {
    judged += 1;
    if (complaint !== undefined) complaints.push(complaint);
  });
  expect(complaints).toEqual([]);
  expect(judged).toBeGreaterThan(50);
  expect(report.calls).toBeGreaterThanOrEqual(100);
  expect(report.began.size).toBeGreaterThan(0);
  expect(report.moves).toBeGreaterThan(0);
});
