import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBranch, waiting } from "../core/branch.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
const reason = "a customer of their own";

beforeAll(async () => {
  office = await openOffice({ sue: "super_admin", pia: "viewer", pat: "viewer" });
  for (const user of ["pia@example.com", "pat@example.com"]) {
    const grant = { user, role: "platform_admin", scope: "platform", reason };
    await office.through(await office.kappa4.grants.give(grant));
  }
});

afterAll(() => office[Symbol.asyncDispose]());

describe("organisations", () => {
  it("are the platform's to make and to list; one's own is shown to its people", async () => {
    const own = await office.as("sue").orgs.get();
    expect(own).toMatchObject({ slug: "default", status: "active" });
    const refused = { code: "permission" };
    await expect(office.as("sue").orgs.list()).rejects.toMatchObject(refused);
    const acme = { name: "Acme", slug: "acme", reason };
    await expect(office.as("sue").orgs.create(acme)).rejects.toMatchObject(refused);
    const grant = { user: "sue@example.com", role: "super_admin", scope: "platform", reason };
    await expect(office.as("sue").grants.give(grant)).rejects.toMatchObject(refused);

    const asked = await office.as("pia").orgs.create(acme);
    if (asked.state !== "waiting") throw new Error("it was to wait");
    const { id: approval, hash } = asked.approval;
    await expect(office.as("sue").approvals.approve({ approval, hash })).rejects.toMatchObject(
      refused,
    );
    expect((await office.through(asked, "pat")).state).toBe("succeeded");
    const listed = await office.as("pia").orgs.list();
    expect(listed.map(({ slug }) => slug)).toEqual(["default", "acme"]);
    await expect(office.kappa4.orgs.create(acme)).rejects.toMatchObject({ code: "already_exists" });
  });

  it("have nothing of another one's", async () => {
    const [, acme] = await office.kappa4.orgs.list();
    const there = office.kappa4.as({ actor: { kind: "local" }, org: acme?.id, via: "sdk" });
    expect(await there.users.list()).toEqual([]);
    expect((await there.config.get()).file).toMatchObject({ connections: {} });
    await expect(there.cluster.ping({ connection: "lab" })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("this organisation has none"),
    });
  });

  it("are suspended, can still be read, and are resumed", async () => {
    const [own, acme] = await office.kappa4.orgs.list();
    const there = office.kappa4.as({ actor: { kind: "local" }, org: acme?.id, via: "sdk" });
    await office.through(await office.kappa4.orgs.suspend({ org: "acme", reason }));
    await expect(there.projects.create({ name: "web" })).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("suspended"),
    });
    expect(await there.projects.list()).toEqual([]);
    expect(await there.orgs.get()).toMatchObject({ slug: "acme", status: "suspended" });
    const again = office.kappa4.orgs.suspend({ org: "acme", reason });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
    const ourselves = office.kappa4.orgs.suspend({ org: own?.id ?? "", reason });
    await expect(ourselves).rejects.toMatchObject({ code: "failed_precondition" });
    await office.through(await office.kappa4.orgs.resume({ org: acme?.id ?? "", reason }));
    expect(await there.projects.create({ name: "web" })).toMatchObject({ name: "web" });
    expect(await office.kappa4.projects.list()).toEqual([]);
  });

  it("have what waits in them denied and withdrawn while they are suspended, and not approved", async () => {
    const { as, local } = await openBranch(office, "north", {
      ann: "admin",
      bob: "admin",
      cid: "operator",
    });
    const ask = async (section: "apply" | "balancing") =>
      as("ann").config.update({ section, value: { maxParallel: 2 }, note: reason });
    const first = waiting(await ask("apply"));
    const second = waiting(await ask("balancing"));
    await office.through(await office.kappa4.orgs.suspend({ org: "north", reason }));
    const suspended = {
      code: "failed_precondition",
      message: expect.stringContaining("suspended"),
    };
    await expect(as("bob").approvals.approve(first)).rejects.toMatchObject(suspended);
    await expect(ask("apply")).rejects.toMatchObject(suspended);
    const { approval } = first;
    expect(await as("bob").approvals.deny({ approval, reason })).toMatchObject({ state: "denied" });
    const taken = await as("ann").approvals.withdraw({ approval: second.approval });
    expect(taken).toMatchObject({ state: "withdrawn" });
    expect(await local.approvals.list({ isOpen: true })).toEqual([]);
  });
});
