import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunAnswer } from "../../src/index.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;

beforeAll(async () => {
  office = await openOffice({ sue: "super_admin", ana: "operator", vic: "viewer" });
});

afterAll(() => office[Symbol.asyncDispose]());

function idOf(answer: RunAnswer): string {
  if (answer.state !== "waiting") throw new Error("it was to wait");
  return answer.approval.id;
}

describe("a person", () => {
  it("without whom fewer would decide on what governs is not disabled by one alone", async () => {
    const give = { role: "super_admin", reason: "they govern with Sue" };
    for (const name of ["Sam", "Sid", "Sol"]) {
      const email = `${name.toLowerCase()}@example.com`;
      await office.kappa4.users.create({ email, name });
      await office.through(await office.kappa4.grants.give({ user: email, ...give }));
    }
    const sue = office.as("sue").users;
    const set = (name: string, status: "active" | "disabled") => ({
      user: `${name}@example.com`,
      status,
    });
    // With four it is the quorum to take one of the others' role that falls.
    await expect(sue.setStatus(set("sol", "disabled"))).rejects.toMatchObject({
      message: expect.stringMatching(/^Without Sol, 1 instead of 2 .* that \w+ loses a role/),
    });
    await office.kappa4.users.setStatus(set("sol", "disabled"));
    await expect(sue.setStatus(set("sid", "disabled"))).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringMatching(/^Without Sid, 1 instead of 2 .*grants\.revoke\.$/),
    });
    const address = { platform: "slack", workspace: "T1", account: "USID" };
    await office.through(
      await office.kappa4.users.link({ user: "sid@example.com", ...address, reason: "theirs" }),
    );
    await expect(sue.unlink(address)).rejects.toMatchObject({
      message: expect.stringMatching(/^Sid decides on what governs, and has no other chat account/),
    });
    // Whoever holds the process takes a role without asking anybody as well.
    await office.kappa4.users.setStatus(set("sid", "disabled"));
  });

  it("that decides on what governs is made active again when others say so", async () => {
    const { users } = office.as("sue");
    const user = "sol@example.com";
    await expect(users.setStatus({ user, status: "active" })).rejects.toMatchObject({
      code: "failed_precondition",
      message:
        "Sol would decide on what governs again, so others are asked first: use users.reactivate.",
    });
    const asked = await users.reactivate({ user, reason: "they are back" });
    expect(asked).toMatchObject({ state: "waiting", plan: { risk: 4 } });
    expect(asked).not.toHaveProperty("warning");
    await office.kappa4.approvals.withdraw({ approval: idOf(asked) });
    const again = await office.kappa4.users.reactivate({ user, reason: "they are back" });
    expect((await office.through(again)).state).toBe("succeeded");
    expect(await users.get({ user })).toMatchObject({ status: "active" });
    const active = users.reactivate({ user, reason: "they are back" });
    await expect(active).rejects.toMatchObject({ code: "conflict" });
  });

  it("whom too few are there to make active again waits, and whoever asks is told of the ways out", async () => {
    const user = "sam@example.com";
    for (const name of ["sam", "sol"]) {
      const email = `${name}@example.com`;
      await office.kappa4.users.setStatus({ user: email, status: "disabled" });
    }
    expect(await office.as("sue").users.reactivate({ user, reason: "back" })).toMatchObject({
      state: "waiting",
      warning: expect.stringMatching(
        /^Too few people can approve this: it takes 1 more Super Admin who can\. .* in the terminal/,
      ),
    });
  });

  it("without whom fewer would decide for the platform is not disabled by one alone either", async () => {
    const give = { role: "platform_admin", scope: "platform", reason: "they run Kappa4" };
    for (const name of ["sue", "ana", "vic"]) {
      const user = `${name}@example.com`;
      await office.through(await office.kappa4.grants.give({ user, ...give }));
    }
    // In the organisation there are enough.
    for (const name of ["sam", "sol", "sid"]) {
      const user = `${name}@example.com`;
      await office.kappa4.users.setStatus({ user, status: "active" });
    }
    const disable = { user: "vic@example.com", status: "disabled" } as const;
    await expect(office.as("ana").users.setStatus(disable)).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringMatching(/^Without vic, 1 instead of 2 /),
    });
    // Nor is their role taken by who does not hold it.
    const held = await office.kappa4.grants.list({ user: disable.user });
    const grant = held.find(({ scope }) => scope === "platform")?.id ?? "";
    const { id } = await office.kappa4.users.get({ user: "sam@example.com" });
    const sam = office.kappa4.as({ actor: { kind: "person", id }, via: "slack" });
    await expect(sam.grants.revoke({ grant, reason: "mine" })).rejects.toMatchObject({
      code: "permission",
      message: expect.stringMatching(/^You cannot take platform_admin: it goes beyond /),
    });
  });
});
