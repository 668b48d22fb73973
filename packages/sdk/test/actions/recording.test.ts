import { Kappa4Error } from "@kappa4/connectors";
import { expect, it } from "vitest";
import { outcomeOf } from "../../src/actions/recording.ts";

it.each([
  ["refused", new Kappa4Error("permission", "This is your own request.")],
  ["refused", new Kappa4Error("quota", "There is no room for another plan.")],
  ["failed", new Kappa4Error("conflict", "Somebody was quicker.")],
  [
    "failed",
    new Kappa4Error("permission", "The token may not read.", { context: { connector: "gold" } }),
  ],
])("is %s on record: %s", (outcome, error) => {
  expect(outcomeOf(error)).toBe(outcome);
});
