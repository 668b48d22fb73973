import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
let ahead = 0;
const reason = "somebody looks after the nights";

beforeAll(async () => {
  const staff = { vic: "viewer", sue: "super_admin", sam: "super_admin" };
  const clock = { ...systemClock, now: () => systemClock.now() + ahead };
  office = await openOffice(staff, undefined, clock);
});

/** Gives a role for a minute, which is over when this returns. */
async function giveForAMinute(grant: { user: string; role: string; scope?: string }) {
  const expiresAt = new Date(systemClock.now() + ahead + 60_000);
  await office.through(await office.kappa4.grants.give({ ...grant, expiresAt, reason }));
  ahead += 120_000;
}

afterAll(() => office[Symbol.asyncDispose]());

describe("roles of one's own", () => {
  const nights = { key: "night-shift", name: "Night shift" };

  it("are made with another's yes, given, and gone when nobody holds them", async () => {
    const { roles } = office.as("sue");
    const permissions = ["rebalance.run", "nodes.read", "nodes.read"] as const;
    const asked = await roles.create({ ...nights, permissions, reason });
    expect(asked).toMatchObject({ state: "waiting", approval: { risk: 4 } });
    const shown = asked.state === "waiting" && asked.approval.id;
    expect(await office.as("sam").approvals.get({ approval: String(shown) })).toMatchObject({
      does: {
        sentence: "Makes the role Night shift (night-shift).",
        facts: [{ name: "May", value: "nodes.read, rebalance.run" }],
      },
      why: "it changes who may do what",
    });
    expect((await roles.list()).some(({ key }) => key === nights.key)).toBe(false);
    expect((await office.through(asked, "sam")).state).toBe("succeeded");
    const made = (await office.as("vic").roles.list()).find(({ key }) => key === nights.key);
    expect(made).toEqual({
      ...nights,
      permissions: ["nodes.read", "rebalance.run"],
      own: [],
      isBuiltIn: false,
    });
    const again = roles.create({ ...nights, permissions, reason });
    await expect(again).rejects.toMatchObject({ code: "already_exists" });

    const grant = { user: "vic@example.com", role: nights.key, reason };
    await office.through(await office.kappa4.grants.give(grant));
    await expect(roles.delete({ key: nights.key, reason })).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("the role night-shift, by 1 grant; revoke it first"),
    });
    const [given] = (await office.kappa4.grants.list()).filter(({ role }) => role === nights.key);
    await office.through(await office.kappa4.grants.revoke({ grant: given?.id ?? "", reason }));
    await giveForAMinute({ user: "vic@example.com", role: nights.key });
    const all = await office.kappa4.grants.list();
    expect(all.filter(({ role }) => role === nights.key)).toHaveLength(1);
    await office.through(await roles.delete({ key: nights.key, reason }), "sam");
    expect((await roles.list()).some(({ key }) => key === nights.key)).toBe(false);
    const left = await office.kappa4.grants.list();
    expect(left.some(({ role }) => role === nights.key)).toBe(false);
    const [entry] = await office.kappa4.audit.search({ action: "role.deleted" });
    expect(entry?.entry).toMatchObject({
      targets: [`role:${nights.key}`, expect.stringMatching(/^role:rol_/)],
      details: { name: nights.name, permissions: ["nodes.read", "rebalance.run"] },
    });
  });

  it("never exceed their maker, nor an organisation", async () => {
    const own = { key: "owner", name: "Owner", reason };
    const permissions = ["platform.admin", "orgs.delete"] as const;
    for (const { roles } of [office.as("sue"), office.kappa4]) {
      await expect(roles.create({ ...own, permissions })).rejects.toMatchObject({
        code: "permission",
      });
    }
    const taken = office.kappa4.roles.create({ ...own, key: "admin", permissions: ["nodes.read"] });
    await expect(taken).rejects.toMatchObject({ code: "already_exists" });
    const misspelt = { ...own, permissions: ["node.read"] } as unknown as typeof own & {
      permissions: ["nodes.read"];
    };
    await expect(office.kappa4.roles.create(misspelt)).rejects.toMatchObject({
      code: "invalid_argument",
    });
    await expect(office.kappa4.roles.delete({ key: "admin", reason })).rejects.toMatchObject({
      code: "failed_precondition",
    });
    await expect(office.kappa4.roles.delete({ key: "nobody", reason })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("are not made by somebody who has lost what is in them since", async () => {
    const permissions = ["system.write"] as const;
    const asked = await office.as("sue").roles.create({ ...nights, permissions, reason });
    const mine = (await office.kappa4.grants.list({ user: "sue@example.com" }))[0]?.id ?? "";
    await office.through(await office.kappa4.grants.revoke({ grant: mine, reason }));
    expect((await office.through(asked, "sam")).state).not.toBe("succeeded");
    expect((await office.kappa4.roles.list()).some(({ key }) => key === nights.key)).toBe(false);
  });
});

describe("projects", () => {
  it("are made once, and stay while somebody holds a role on them", async () => {
    const { projects, grants } = office.kappa4;
    const web = await projects.create({ name: "web" });
    await expect(projects.create({ name: "web" })).rejects.toMatchObject({
      code: "already_exists",
    });
    await expect(office.as("vic").projects.create({ name: "own" })).rejects.toMatchObject({
      code: "permission",
    });
    expect(await office.as("vic").projects.list()).toEqual([web]);
    const scope = `project:${web.id}`;
    const grant = { user: "vic@example.com", role: "operator", scope, reason };
    await office.through(await grants.give(grant));
    await expect(projects.delete({ project: "web", reason })).rejects.toMatchObject({
      code: "failed_precondition",
    });
    const [given] = (await grants.list()).filter((one) => one.scope === scope);
    await office.through(await grants.revoke({ grant: given?.id ?? "", reason }));
    await giveForAMinute({ user: "vic@example.com", role: "operator", scope });
    expect(await projects.delete({ project: web.id, reason })).toEqual(web);
    expect(await projects.list()).toEqual([]);
    expect((await grants.list()).some((one) => one.scope === scope)).toBe(false);
    for (const gone of [scope, "project:web"]) {
      await expect(grants.give({ ...grant, scope: gone })).rejects.toMatchObject({
        code: "not_found",
      });
    }
  });
});

describe("preferences", () => {
  it("are everybody's own", async () => {
    const { preferences } = office.as("vic");
    expect(await preferences.get()).toEqual({});
    expect(await preferences.set({ language: "es" })).toEqual({ language: "es" });
    const timeZone = "Europe/Madrid";
    expect(await preferences.set({ timeZone })).toEqual({ language: "es", timeZone });
    expect(await office.as("sam").preferences.get()).toEqual({});
    expect(await office.kappa4.preferences.get()).toEqual({});
    await expect(preferences.set({ timeZone: "Europe/Nowhere" })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect(await preferences.get()).toEqual({ language: "es", timeZone });
  });
});
