import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Id } from "../../src/ids.ts";
import { unlessCancelled } from "../../src/orgs/unless-cancelled.ts";
import type { StoredOrg } from "../../src/store/index.ts";
import { type FreshStore, freshStore } from "../store/support/fresh-store.ts";
import { seedOrg } from "../store/support/rows.ts";

let fresh: FreshStore;
let org: Id<"org">;

beforeAll(async () => {
  fresh = await freshStore();
  org = await seedOrg(fresh.store, "acme");
});
afterAll(() => fresh[Symbol.asyncDispose]());

function become(status: StoredOrg["status"], cancelled: AbortSignal) {
  const context = { platform: fresh.store.platform, cancelled };
  return unlessCancelled(context, {
    result: { status },
    isMade: async ({ orgs }) => (await orgs.find(org))?.status === status,
    make: ({ orgs }) => orgs.setStatus(org, status),
  });
}

async function statusOf(): Promise<StoredOrg["status"] | undefined> {
  return (await fresh.store.platform(({ orgs }) => orgs.find(org)))?.status;
}

describe("a change across organisations", () => {
  const cancelled = AbortSignal.abort();
  const open = new AbortController().signal;

  it("is not made once its run is cancelled", async () => {
    const end = { state: "cancelled", error: { message: expect.stringContaining("nothing was") } };
    expect(await become("suspended", cancelled)).toMatchObject(end);
    expect(await statusOf()).toBe("active");
  });

  it("is made otherwise, and stays made when that is only said after it was cancelled", async () => {
    const end = { state: "succeeded", result: { status: "suspended" } };
    expect(await become("suspended", open)).toEqual(end);
    expect(await become("suspended", cancelled)).toEqual(end);
    expect(await statusOf()).toBe("suspended");
  });
});
