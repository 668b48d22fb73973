import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/index.ts";
import { type FreshStore, freshEmbedded } from "./support/fresh-store.ts";

let fresh: FreshStore;
beforeAll(async () => {
  fresh = await freshEmbedded();
});
afterAll(() => fresh[Symbol.asyncDispose]());

describe("the embedded store", () => {
  it("says so when a transaction would wait for itself", async () => {
    const { store } = fresh;
    const nested = store.inOrg(store.defaultOrg, () => store.platform((tx) => tx.orgs.list()));
    await expect(nested).rejects.toThrow("Inside a transaction of the embedded store");
  });

  it("is refused to a second opener, who learns who has it", async () => {
    const refused = openStore(fresh.options);
    await expect(refused).rejects.toMatchObject({ code: "conflict" });
    await expect(refused).rejects.toThrow(`process ${process.pid} on`);
  });
});
