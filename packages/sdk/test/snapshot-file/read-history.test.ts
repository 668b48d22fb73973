import { ConfigInvalidError } from "@kappa4/connectors";
import { expect, test } from "vitest";
import { createHistory, recordMoves } from "../../src/balancing/index.ts";
import { readHistory } from "../../src/snapshot-file/index.ts";

const history = recordMoves(
  createHistory(),
  { moves: [{ guest: "web", from: "a", to: "b", reasons: [] }] },
  new Date("2026-03-01T12:00:00Z"),
);

test("a history comes back as it was written", () => {
  expect(readHistory(JSON.stringify(history), "moves.json")).toEqual(history);
});

test("what is wrong in it is named with its place", () => {
  const [move] = history.moves;
  const broken = { ...history, plans: -1, moves: [{ ...move, at: "yesterday", to: "" }] };
  expect(() => readHistory(JSON.stringify(broken), "moves.json")).toThrow(ConfigInvalidError);
  for (const place of ["plans", "moves.0.at", "moves.0.to"]) {
    expect(() => readHistory(JSON.stringify(broken), "moves.json")).toThrow(place);
  }
  expect(() => readHistory("", "moves.json")).toThrow("is empty");
});
