import { expect, test } from "vitest";
import type { Id } from "../../src/ids.ts";
import { openOffice } from "../core/office.ts";

test("a schedule decides on nothing in the name of who edited it", async () => {
  const ids = new Map<string, Id<"usr">>();
  const staff = { sam: "super_admin", leo: "super_admin", vic: "viewer" };
  await using office = await openOffice(staff, async (_store, known) => {
    for (const [name, id] of known) ids.set(name, id);
  });
  const give = { user: ids.get("vic") ?? "", role: "operator", reason: "night shifts" };
  const asked = await office.as("sam").grants.give(give);
  if (asked.state !== "waiting") throw new Error("it was to wait");
  const { id: approval, hash } = asked.approval;
  const editedBy = ids.get("leo");
  if (editedBy === undefined) throw new Error("nobody is called leo");
  const schedule = office.kappa4.as({
    actor: { kind: "schedule", id: "nightly", editedBy },
    via: "schedule",
  });
  const refused = { code: "permission", message: expect.stringContaining("A schedule decides") };
  await expect(schedule.approvals.approve({ approval, hash })).rejects.toMatchObject(refused);
  const no = schedule.approvals.deny({ approval, reason: "not tonight" });
  await expect(no).rejects.toMatchObject(refused);
  const run = await office.through(asked, "leo");
  expect(run.state).toBe("succeeded");
});
