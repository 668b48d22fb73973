import { expect, it } from "vitest";
import { failASync } from "./support/fail-a-sync.ts";
import { closedFolder } from "./support/fresh-store.ts";

it("ends a store whose disk did not keep what was written, and loses nothing that was said to be committed", async () => {
  const { options, remove } = await closedFolder();
  const seen = await failASync(options.path ?? "", 20);
  await remove();
  expect(seen.errors).toBe("");
  expect(seen.exitCode).toBe(0);
  expect(seen.isClosed).toBe(true);
  expect(seen.committed.length).toBeGreaterThanOrEqual(20);
  expect(seen.found).toEqual(expect.arrayContaining([...seen.committed]));
  const told = {
    name: "Kappa4Error",
    code: "unavailable",
    message: expect.stringMatching(/disk.*\(EIO\).*start the program again/),
  };
  expect(seen.refused).toHaveLength(4);
  for (const one of seen.refused) expect(one).toMatchObject(told);
  // One of them was being committed: nobody can know.
  expect(seen.refused.map(({ outcome }) => outcome)).toContain("unknown");
  expect(seen.later).toEqual([
    expect.objectContaining({ ...told, outcome: "not_applied" }),
    expect.objectContaining({ ...told, outcome: "not_applied" }),
  ]);
  expect(seen.lost).toEqual([expect.objectContaining(told)]);
});
