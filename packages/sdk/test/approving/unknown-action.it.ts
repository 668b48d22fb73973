import { afterAll, beforeAll, expect, it } from "vitest";
import { draftApproval } from "../../src/approvals/index.ts";
import { newId } from "../../src/ids.ts";
import { type Office, openOffice } from "../core/office.ts";
import { NOW, plan as planRow } from "../store/support/rows.ts";

let office: Office;
const LATER = new Date("2100-01-01T00:00:00Z");

/** Requests of an action that a newer program knows, and this one does not. */
beforeAll(async () => {
  const staff = { ana: "operator", eva: "operator", leo: "admin", pat: "admin" };
  office = await openOffice(staff, async (store, ids) => {
    const by = ids.get("ana") ?? "";
    const quorum = { approvals: 1, admins: 0, superAdmins: 0 };
    const request = { by, at: NOW, deadline: LATER, reason: undefined, quorum };
    const concerned = [ids.get("pat") ?? ""];
    await store.inOrg(store.defaultOrg, async (tx) => {
      for (const end of ["1", "2", "3"]) {
        const hash = end.repeat(64);
        const plan = planRow(`P-000${end}`, { hash, action: "later.thing", requestedBy: by });
        await tx.plans.insert({ ...plan, expiresAt: LATER });
        const draft = draftApproval({ hash, risk: 2, plannedAt: NOW, editors: [by], concerned });
        const approval = { ...draft, state: "pending", request } as const;
        const about = { planId: plan.id, via: "slack", createdAt: NOW };
        await tx.approvals.insert({ id: newId("apr"), shortId: `A-000${end}`, ...about, approval });
      }
    });
  });
});

afterAll(() => office[Symbol.asyncDispose]());

const reason = "not before the update";

it("is shown, and says that this version does not know it", async () => {
  const { approvals } = office.as("leo");
  expect(await approvals.get({ approval: "A-0001" })).toMatchObject({
    state: "pending",
    does: {
      sentence: expect.stringContaining("later.thing on lab, which this version"),
      facts: [],
    },
    why: "the version of Kappa4 that it was asked with knows why",
  });
});

it("is approved by nobody, and past nobody", async () => {
  const { approvals } = office.as("leo");
  const vote = { approval: "A-0001", hash: "1".repeat(64) };
  await expect(approvals.approve(vote)).rejects.toMatchObject({ code: "unsupported" });
  const emergency = { ...vote, reason: "the storage is on fire", ticket: "INC-204" };
  await expect(approvals.breakGlass(emergency)).rejects.toMatchObject({ code: "unsupported" });
  expect((await approvals.get({ approval: "A-0001" })).state).toBe("pending");
});

it("is denied by an Admin from whom it takes nothing, and by nobody with less", async () => {
  const no = { approval: "A-0001", reason };
  for (const name of ["eva", "pat"]) {
    const denial = office.as(name).approvals.deny(no);
    await expect(denial).rejects.toMatchObject({ code: "permission" });
  }
  expect(await office.as("leo").approvals.deny(no)).toMatchObject({ state: "denied" });
});

it("is withdrawn by who asked, and by an Admin", async () => {
  const mine = await office.as("ana").approvals.withdraw({ approval: "A-0002" });
  expect(mine.state).toBe("withdrawn");
  const theirs = await office.as("leo").approvals.withdraw({ approval: "A-0003", reason });
  expect(theirs.state).toBe("withdrawn");
});
