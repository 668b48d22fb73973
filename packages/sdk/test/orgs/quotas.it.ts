import { afterAll, beforeAll, expect, it } from "vitest";
import type { QuotaKey } from "../../src/index.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
const reason = "their contract says so";

beforeAll(async () => {
  office = await openOffice({ ada: "admin", sue: "super_admin", sam: "super_admin" });
});

afterAll(() => office[Symbol.asyncDispose]());

async function limit(key: QuotaKey, most: number | null): Promise<void> {
  const asked = await office.kappa4.orgs.setQuota({ org: "default", key, limit: most, reason });
  expect((await office.through(asked)).state).toBe("succeeded");
}

async function used(key: QuotaKey) {
  const shown = await office.as("ada").orgs.quotas();
  return shown.find((quota) => quota.key === key);
}

it("limits what there may be, counted where it stands, and says whom to ask", async () => {
  const { projects } = office.as("ada");
  expect(await used("projects.max")).toEqual({ key: "projects.max", limit: undefined, used: 0 });
  await limit("projects.max", 2);
  await projects.create({ name: "one" });
  const both = await Promise.allSettled([
    projects.create({ name: "two" }),
    projects.create({ name: "three" }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await used("projects.max")).toEqual({ key: "projects.max", limit: 2, used: 2 });
  await expect(projects.create({ name: "four" })).rejects.toMatchObject({
    code: "quota",
    message: expect.stringMatching(
      /may have 2 projects \(projects\.max\); it has 2, and this would make it 3\. Ask a Platform Admin/,
    ),
    context: { operation: "projects.create", target: "projects.max" },
  });
  const decision = "refused";
  const recorded = await office.kappa4.audit.search({ action: "projects.create", decision });
  expect(recorded.map(({ entry }) => entry.result)).toEqual(["quota", "quota"]);
  await projects.delete({ project: "one", reason });
  await expect(projects.create({ name: "five" })).resolves.toMatchObject({ name: "five" });
  await limit("projects.max", null);
  await expect(projects.create({ name: "six" })).resolves.toMatchObject({ name: "six" });
});

it("takes nothing away, and stops nobody who takes nothing", async () => {
  const { users } = office.kappa4;
  const user = "ada@example.com";
  await limit("users.max", 2);
  expect(await used("users.max")).toMatchObject({ limit: 2, used: 3 });
  const more = users.create({ email: "new@example.com", name: "New" });
  await expect(more).rejects.toMatchObject({ code: "quota" });
  expect((await users.list()).map(({ email }) => email)).not.toContain("new@example.com");
  await expect(users.setStatus({ user, status: "active" })).resolves.toMatchObject({ email: user });
  await users.setStatus({ user, status: "disabled" });
  const back = users.setStatus({ user, status: "active" });
  await expect(back).rejects.toMatchObject({ code: "quota" });
  await limit("users.max", 3);
  await expect(users.setStatus({ user, status: "active" })).resolves.toMatchObject({
    status: "active",
  });
});

it("is looked at before people are asked, and again when it takes effect", async () => {
  const role = (key: string) => ({ key, name: key, permissions: ["nodes.read"] as const, reason });
  await limit("roles.max", 1);
  const asked = await office.as("sue").roles.create(role("first"));
  await office.through(await office.kappa4.roles.create(role("second")));
  expect(await office.through(asked, "sam")).toMatchObject({
    state: "failed",
    error: { code: "quota", message: expect.stringContaining("roles.max") },
  });
  expect((await office.kappa4.roles.list()).map(({ key }) => key)).not.toContain("first");
  const third = office.as("sue").roles.create(role("third"));
  await expect(third).rejects.toMatchObject({ code: "quota" });
  expect(await office.kappa4.approvals.list()).toEqual([]);
});

it("is the platform's to set, for an organisation that there is", async () => {
  const quota = { org: "default", key: "users.max", limit: 1_000, reason } as const;
  const own = office.as("sue").orgs.setQuota(quota);
  await expect(own).rejects.toMatchObject({
    code: "permission",
    message: expect.stringContaining("Platform Admin"),
  });
  const nobody = office.kappa4.orgs.setQuota({ ...quota, org: "nobody" });
  await expect(nobody).rejects.toMatchObject({ code: "not_found" });
  const same = office.kappa4.orgs.setQuota({ ...quota, limit: 3 });
  await expect(same).rejects.toMatchObject({ code: "conflict" });
});
