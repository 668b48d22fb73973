import { hiding, REDACTED } from "@kappa4/connectors";
import { expect, it } from "vitest";
import { checkRequestKey, hideInInput } from "../../src/actions/hide-input.ts";

const SECRET = "a-configured-secret";
const hide = hiding({ password: SECRET });

it("hides secrets in the texts and the names of an input, and leaves the rest as it is", () => {
  const at = new Date(0);
  const given = {
    reason: `it is ${SECRET}, or password: hunter2`,
    [SECRET]: 1,
    changes: [{ note: SECRET, at, guest: 100, isUrgent: true, none: undefined }],
    password: "for the action",
  };
  expect(hideInInput(given, hide)).toEqual({
    reason: `it is ${REDACTED}, or password: ${REDACTED}`,
    [REDACTED]: 1,
    changes: [{ note: REDACTED, at, guest: 100, isUrgent: true, none: undefined }],
    password: "for the action",
  });
});

it("gives up on what goes on for ever, and leaves it to the schema", () => {
  const ring: { self?: unknown } = {};
  ring.self = ring;
  expect(() => hideInInput(ring, hide)).not.toThrow();
});

it("refuses a request key that is a secret", () => {
  expect(() => checkRequestKey(`k-${SECRET}`, hide)).toThrow("make a random one");
  expect(() => checkRequestKey("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", hide)).not.toThrow();
  expect(() => checkRequestKey("k-".repeat(100), hide)).not.toThrow();
  expect(() => checkRequestKey("k-".repeat(101), hide)).toThrow("longer than 200 characters");
  expect(() => checkRequestKey(undefined, hide)).not.toThrow();
});
