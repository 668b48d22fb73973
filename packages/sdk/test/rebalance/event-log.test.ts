import { expect, it } from "vitest";
import { EventLog } from "../../src/rebalance/event-log.ts";
import { collect } from "./collect.ts";

it("tells everything from the beginning to every listener, however late", async () => {
  const log = new EventLog<number>();
  const early = collect(log);
  log.push(1);
  await Promise.resolve();
  log.push(2);
  const late = collect(log);
  log.push(3);
  log.end();
  expect(await early).toEqual([1, 2, 3]);
  expect(await late).toEqual([1, 2, 3]);
  expect(await collect(log)).toEqual([1, 2, 3]);
});
