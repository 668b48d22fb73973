import { expect, it } from "vitest";
import { newId } from "../../src/ids.ts";
import { misfitOf } from "../../src/plans/misfit.ts";
import { planHash, SCHEMA_VERSION } from "../../src/plans/plan-hash.ts";
import { plan } from "../store/support/rows.ts";

const org = newId("org");
const { action, connection, cluster, content } = plan("P-1");
const hash = planHash({ org, action, connection, cluster, binding: content });
const other = "1".repeat(64);

it.each([
  ["fits", { hash, facts: { hashVersion: SCHEMA_VERSION } }, undefined],
  ["fits, and is of before its version was kept", { hash, facts: {} }, undefined],
  ["was written into", { hash: other, facts: { hashVersion: SCHEMA_VERSION } }, false],
  ["another version made", { hash: other, facts: { hashVersion: SCHEMA_VERSION - 1 } }, true],
  ["an early version made", { hash: other, facts: {} }, true],
])("a plan that %s", (_what, change, isOtherVersion) => {
  const misfit = misfitOf({ org }, plan("P-1", change), (binding) => binding);
  expect(misfit?.isOtherVersion).toBe(isOtherVersion);
  expect(misfit?.sentence.includes("who can write to the store") ?? false).toBe(
    isOtherVersion === false,
  );
});
