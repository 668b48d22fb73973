import { expect, test } from "vitest";
import { Dice } from "../balancing/dice.ts";
import { fuzzReal } from "./real-fuzz.ts";

test("150 random calls by people of all kinds have no effect that they must not", async () => {
  const complaints: string[] = [];
  let judged = 0;
  const report = await fuzzReal(new Dice(1), 150, (complaint) => {
    judged += 1;
    if (complaint !== undefined) complaints.push(complaint);
  });
  expect(complaints).toEqual([]);
  expect(judged).toBeGreaterThan(10);
  expect(report.calls).toBeGreaterThanOrEqual(150);
  expect(report.began.size).toBeGreaterThan(0);
});
