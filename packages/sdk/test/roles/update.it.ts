import { afterAll, beforeAll, expect, it } from "vitest";
import { BUILT_IN_ROLES } from "../../src/permissions/index.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
const reason = "the nights have changed";
const nights = { key: "night-shift", name: "Night shift" };

beforeAll(async () => {
  office = await openOffice({ vic: "viewer", sue: "super_admin", sam: "super_admin" });
  const permissions = ["nodes.read", "roles.write"] as const;
  const { kappa4 } = office;
  await office.through(await kappa4.roles.create({ ...nights, permissions, reason }));
  await office.through(
    await kappa4.grants.give({ user: "vic@example.com", role: nights.key, reason }),
  );
});

afterAll(() => office[Symbol.asyncDispose]());

async function held(key: string): Promise<readonly string[] | undefined> {
  return (await office.kappa4.roles.list()).find((role) => role.key === key)?.permissions;
}

it("changes a role with another's yes, at once for who holds it, with what it was on record", async () => {
  const { key } = nights;
  await expect(office.as("vic").users.list()).rejects.toMatchObject({ code: "permission" });
  const permissions = ["identity.read", "nodes.read", "roles.write"] as const;
  const asked = await office.as("sue").roles.update({ key, name: "Nights", permissions, reason });
  expect(asked).toMatchObject({ state: "waiting", approval: { risk: 4 } });
  expect(await held(key)).toEqual(["nodes.read", "roles.write"]);
  expect((await office.through(asked, "sam")).state).toBe("succeeded");
  expect(await held(key)).toEqual(permissions);
  const [entry] = await office.kappa4.audit.search({ action: "role.updated" });
  expect(entry?.entry).toMatchObject({
    targets: [`role:${key}`],
    details: {
      before: { name: nights.name, permissions: ["nodes.read", "roles.write"] },
      after: { name: "Nights", permissions },
    },
  });
  await expect(office.as("vic").users.list()).resolves.toHaveLength(3);
  const same = office.kappa4.roles.update({ key, permissions, reason });
  await expect(same).rejects.toMatchObject({ code: "conflict" });
});

it("never beyond who asks, never a built-in one, and only one that there is", async () => {
  const { key } = nights;
  const beyond = office.as("vic").roles.update({ key, permissions: ["system.write"], reason });
  await expect(beyond).rejects.toMatchObject({
    code: "permission",
    message: expect.stringContaining("system.write"),
  });
  const platform = office.kappa4.roles.update({ key, permissions: ["platform.admin"], reason });
  await expect(platform).rejects.toMatchObject({ code: "permission" });
  for (const [other, code] of [
    ["admin", "failed_precondition"],
    ["super_admin", "failed_precondition"],
    ["nobody", "not_found"],
  ] as const) {
    const asked = office.kappa4.roles.update({ key: other, name: "Other", reason });
    await expect(asked).rejects.toMatchObject({ code });
  }
});

it("does not carry out what no longer fits the role, or who asked for it", async () => {
  const { key } = nights;
  const asked = await office.as("sue").roles.update({ key, permissions: ["nodes.read"], reason });
  const meanwhile = { key, permissions: ["guests.read", "roles.write"], reason } as const;
  await office.through(await office.kappa4.roles.update(meanwhile));
  expect(await office.through(asked, "sam")).toMatchObject({
    state: "stale",
    error: { code: "plan_stale" },
  });
  expect(await held(key)).toEqual(["guests.read", "roles.write"]);
});

it("leaves somebody who governs", async () => {
  const { kappa4 } = office;
  const boss = { key: "boss", name: "Boss" };
  const permissions = BUILT_IN_ROLES.super_admin.permissions;
  await office.through(await kappa4.roles.create({ ...boss, permissions, reason }));
  await office.through(await kappa4.grants.give({ user: "vic@example.com", role: "boss", reason }));
  for (const name of ["sue", "sam"]) {
    const grant = (await kappa4.grants.list({ user: `${name}@example.com` }))[0]?.id ?? "";
    await office.through(await kappa4.grants.revoke({ grant, reason }));
  }
  const lesser = kappa4.roles.update({ key: "boss", permissions: ["users.write"], reason });
  await expect(lesser).rejects.toMatchObject({
    code: "failed_precondition",
    message: expect.stringContaining("nobody who is Super Admin"),
  });
  expect(await held("boss")).toHaveLength(permissions.length);
  const renamed = await kappa4.roles.update({ key: "boss", name: "Head", reason });
  expect((await office.through(renamed)).state).toBe("succeeded");
});
