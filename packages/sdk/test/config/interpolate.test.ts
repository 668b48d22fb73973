import { expect, test } from "vitest";
import { interpolate } from "../../src/config/interpolate.ts";

const variables = { HOST: "pve1", EMPTY: "", NESTED: "deep" };

test.each([
  ["${HOST}", "pve1"],
  ["https://${HOST}:8006", "https://pve1:8006"],
  ["${HOST}${HOST}", "pve1pve1"],
  ["${MISSING:-fallback}", "fallback"],
  ["${EMPTY:-fallback}", "fallback"],
  ["${EMPTY-fallback}", ""],
  ["${EMPTY}", ""],
  ["${MISSING-}", ""],
  ["${MISSING:-${NESTED}}", "deep"],
  ["${MISSING:-a:b-c?d}", "a:b-c?d"],
  ["${HOST:?say which}", "pve1"],
  ["$${HOST}", "${HOST}"],
  ["pa$$word$1 $HOST", "pa$$word$1 $HOST"],
  ["nothing here", "nothing here"],
])("%s becomes %s", (text, expected) => {
  expect(interpolate(text, variables)).toMatchObject({ text: expected });
});

test.each([
  ["${MISSING}", /variable MISSING is not set; set it/],
  ["${MISSING:?the token of pve}", /MISSING is not set: the token of pve/],
  ["${EMPTY:?}", /EMPTY is not set/],
  ["${HOST", /never closes/],
  ["${}", /not a variable/],
  ["${1A}", /not a variable/],
  ["${HOST:+x}", /not a variable/],
])("%s is a problem", (text, message) => {
  expect(interpolate(text, variables)).toEqual({ problem: expect.stringMatching(message) });
});

test("a variable that is set and has nearly the same name is suggested, without its value", () => {
  const found = interpolate("${PVE_TOKN}", { PVE_TOKEN: "hunter2", PVE_USR: undefined });
  expect(found).toEqual({
    problem:
      "the environment variable PVE_TOKN is not set; did you mean PVE_TOKEN, which is? Else set it, or write ${PVE_TOKN:-default}",
  });
});

test("a text without variables is told apart", () => {
  expect(interpolate("plain", {})).toEqual({ text: "plain", isChanged: false });
});
