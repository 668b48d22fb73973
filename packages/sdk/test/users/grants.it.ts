import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BoundKappa4 } from "../../src/index.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
let sue: BoundKappa4;

beforeAll(async () => {
  office = await openOffice({
    sue: "super_admin",
    sam: "super_admin",
    ana: "admin",
    vic: "viewer",
  });
  sue = office.as("sue");
});

afterAll(() => office[Symbol.asyncDispose]());

const reason = "on call from today";
const user = "vic@example.com";

describe("a role", () => {
  it("is given when another Super Admin says so, and by no one person alone", async () => {
    const asked = await sue.grants.give({
      user,
      role: "operator",
      scope: "connection:lab",
      reason,
    });
    expect(asked).toMatchObject({ state: "waiting", plan: { risk: 4, connection: "kappa4" } });
    if (asked.state !== "waiting") throw new Error("it was to wait");
    const { id: approval, hash } = asked.approval;
    await expect(sue.approvals.approve({ approval, hash })).rejects.toMatchObject({
      code: "permission",
    });
    await expect(office.as("ana").approvals.approve({ approval, hash })).rejects.toMatchObject({
      code: "permission",
    });
    expect((await sue.grants.list({ user })).map(({ role }) => role)).toEqual(["viewer"]);
    const run = await office.through(asked, "sam");
    expect(run).toMatchObject({ state: "succeeded", error: undefined });
    expect(await sue.grants.list({ user })).toMatchObject([
      { role: "viewer", scope: "org" },
      { role: "operator", scope: "connection:lab", isConfigured: false, expiresAt: undefined },
    ]);
  });

  it("is taken away the same way, and once", async () => {
    const [, given] = await sue.grants.list({ user });
    const grant = given?.id ?? "";
    const run = await office.through(await sue.grants.revoke({ grant, reason }), "sam");
    expect(run.state).toBe("succeeded");
    expect(await sue.grants.list({ user })).toHaveLength(1);
    await expect(sue.grants.revoke({ grant, reason })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("ends when it was said to, and only then", async () => {
    const expiresAt = new Date("2100-01-01T00:00:00Z");
    const asked = await sue.grants.give({ user, role: "operator", expiresAt, reason });
    await office.through(asked, "sam");
    expect((await sue.grants.list({ user })).at(-1)).toMatchObject({ expiresAt });
  });

  it("cannot be given by who may not, nor beyond what the giver holds", async () => {
    const give = { user, role: "operator", reason };
    await expect(office.as("ana").grants.give(give)).rejects.toMatchObject({ code: "permission" });
    await expect(sue.grants.give({ ...give, role: "platform_admin" })).rejects.toMatchObject({
      code: "permission",
      message: expect.stringContaining("goes beyond what you hold yourself"),
    });
    await expect(sue.grants.give({ ...give, role: "emperor" })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    await expect(sue.grants.give({ ...give, scope: "everything" })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    await expect(sue.grants.give({ ...give, user: "nobody" })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("is not given by who has lost theirs before it was approved", async () => {
    const asked = await office.as("sam").grants.give({ user, role: "admin", reason });
    await office.kappa4.users.setStatus({ user: "sam@example.com", status: "disabled" });
    const run = await office.through(asked, "sue");
    expect(run).toMatchObject({ state: "skipped", error: { code: "permission" } });
    expect((await office.kappa4.grants.list({ user })).map(({ role }) => role)).not.toContain(
      "admin",
    );
    await office.kappa4.users.setStatus({ user: "sam@example.com", status: "active" });
  });

  it("of the last Super Admin stays", async () => {
    const own = async (name: string): Promise<string> => {
      const grants = await office.kappa4.grants.list({ user: `${name}@example.com` });
      return grants.find(({ role }) => role === "super_admin")?.id ?? "";
    };
    const first = await office.kappa4.grants.revoke({ grant: await own("sam"), reason });
    expect((await office.through(first)).state).toBe("succeeded");
    const last = office.kappa4.grants.revoke({ grant: await own("sue"), reason });
    await expect(last).rejects.toMatchObject({ code: "failed_precondition" });
  });
});
