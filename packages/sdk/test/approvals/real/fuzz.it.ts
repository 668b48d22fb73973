import { expect, test } from "vitest";
import { Dice } from "../../balancing/dice.ts";
import { fuzzReal } from "./fuzz.ts";

test("60 random calls by people of all kinds have no effect that they must not", async () => {
  const complaints: string[] = [];
  let judged = 0;
  const report = await fuzzReal(new Dice(1), 60, (complaint) => {
    judged += 1;
    if (complaint !== undefined) complaints.push(complaint);
  });
  expect(complaints).toEqual([]);
  expect(judged).toBeGreaterThan(30);
  expect(report.calls).toBeGreaterThanOrEqual(60);
  expect(report.began.size).toBeGreaterThan(0);
  expect(report.moves).toBeGreaterThan(0);
});
