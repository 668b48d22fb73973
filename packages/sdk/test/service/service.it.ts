import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Office, openOffice } from "../core/office.ts";
import { IS_ON_SERVER } from "../store/support/fresh-store.ts";

let office: Office;

beforeAll(async () => {
  office = await openOffice({ leo: "admin", sue: "super_admin", oda: "operator" });
});

afterAll(() => office[Symbol.asyncDispose]());

describe("the service", () => {
  it("tells that it goes, and on what", async () => {
    const status = await office.as("oda").service.status();
    expect(status).toMatchObject({ frozen: undefined, openRuns: [], openApprovals: 0 });
    expect(status).toMatchObject({
      store: IS_ON_SERVER ? "postgres" : "embedded",
      versions: { node: process.versions.node },
    });
    expect(status.versions.kappa4).toMatch(/^\d+\.\d+\.\d+/);
  });

  it("cannot read again what it was given by a program", async () => {
    const again = office.as("leo").service.restart({ reason: "to see what it does" });
    await expect(again).rejects.toMatchObject({ code: "failed_precondition" });
  });

  it("stops at once for an Admin, and starts with a Super Admin's yes", async () => {
    const reason = "the storage is being rebuilt";
    await expect(office.as("oda").service.stop({ reason })).rejects.toMatchObject({
      code: "permission",
    });
    await office.as("leo").service.stop({ reason });
    const { frozen } = await office.kappa4.service.status();
    expect(frozen).toMatchObject({ reason, by: expect.stringMatching(/^usr_/) });
    await expect(office.as("leo").service.stop({ reason })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("frozen already, by leo: the storage is being rebuilt."),
    });

    const user = "oda@example.com";
    const grant = { user, role: "admin", reason: "she stands in for Leo" };
    await expect(office.kappa4.grants.give(grant)).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("frozen"),
    });

    const asked = await office.as("leo").service.start({ reason: "it is rebuilt" });
    expect(asked).toMatchObject({ state: "waiting", approval: { risk: 4 } });
    expect((await office.kappa4.service.status()).openApprovals).toBe(1);
    if (asked.state !== "waiting") throw new Error("it was to wait");
    const { id: approval, hash } = asked.approval;
    const emergency = { reason: "I cannot wait for a Super Admin", ticket: "INC-7" };
    const past = office
      .as("leo")
      .approvals.breakGlass({ approval, ...emergency, hash: hash.slice(0, 8) });
    await expect(past).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringMatching(/class 4, .* ask sue\.$/),
    });
    expect((await office.kappa4.service.status()).frozen).toMatchObject({ reason });
    expect(await office.through(asked, "sue")).toMatchObject({ state: "succeeded" });
    expect((await office.kappa4.service.status()).frozen).toBeUndefined();
    await expect(office.as("leo").service.start({ reason: "again" })).rejects.toMatchObject({
      code: "conflict",
    });
    const run = await office.through(await office.kappa4.grants.give(grant));
    expect(run.state).toBe("succeeded");
  });

  it("lifts the freeze that was shown, and not a later one", async () => {
    await office.kappa4.service.stop({ reason: "first" });
    const asked = await office.as("leo").service.start({ reason: "over" });
    await office.through(await office.kappa4.service.start({ reason: "over already" }));
    await office.kappa4.service.stop({ reason: "second" });
    expect(await office.through(asked, "sue")).toMatchObject({
      state: "stale",
      error: { code: "plan_stale" },
    });
    expect((await office.kappa4.service.status()).frozen).toMatchObject({ reason: "second" });
  });
});
