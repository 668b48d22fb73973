import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { type Office, openOffice } from "../core/office.ts";

let office: Office;
let now = Date.parse("2026-03-01T08:00:00Z");

beforeAll(async () => {
  const staff = { leo: "admin", ana: "operator", vic: "viewer" };
  office = await openOffice(staff, undefined, { ...systemClock, now: () => ++now });
});

afterAll(() => office[Symbol.asyncDispose]());

const reason = "the storage is being rebuilt";

/** How often the record says that somebody tried this, and how it ended. */
async function resultsOf(action: string): Promise<readonly unknown[]> {
  const found = await office.kappa4.audit.search({ action, limit: 500 });
  return found.map(({ entry }) => entry?.result);
}

describe("a request that comes again under its key", () => {
  it("is refused again where it was refused, each time on record, and keeps nothing", async () => {
    const options = { requestKey: "click-1" };
    const refused = () => office.as("vic").service.stop({ reason }, options);
    await expect(refused()).rejects.toMatchObject({ code: "permission" });
    await expect(refused()).rejects.toMatchObject({ code: "permission" });
    expect(await resultsOf("service.stop")).toEqual(["permission", "permission"]);
    await office.as("leo").service.stop({ reason }, options);
    await office.as("leo").service.stop({ reason }, options);
    expect(await resultsOf("service.stop")).toEqual(["succeeded", "permission", "permission"]);
  });

  it("is judged anew after there were too many", async () => {
    const ana = office.as("ana");
    for (let call = 0; call < 60; call += 1) await ana.preferences.set({ language: "es" });
    const late = () => ana.preferences.set({ language: "en" }, { requestKey: "click-2" });
    await expect(late()).rejects.toMatchObject({ code: "rate_limited" });
    await expect(late()).rejects.toMatchObject({ code: "rate_limited" });
    now += 60_000;
    await expect(late()).resolves.toMatchObject({ language: "en" });
  });

  it("is tried anew after it failed", async () => {
    const options = { requestKey: "click-3" };
    const plan = "P-0000";
    for (let call = 0; call < 2; call += 1) {
      const tried = office.kappa4.plans.discard({ plan }, options);
      await expect(tried).rejects.toMatchObject({ code: "not_found" });
    }
    const email = "new@example.com";
    await expect(office.kappa4.users.create({ email, name: "Nia" }, options)).resolves.toEqual(
      await office.kappa4.users.create({ email, name: "Nia" }, options),
    );
  });
});
