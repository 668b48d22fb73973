import { afterAll, beforeAll, expect, it } from "vitest";
import { dueNow } from "../../src/approving/due-now.ts";
import { coreChores } from "../../src/core-chores.ts";
import { newId } from "../../src/ids.ts";
import type { Store } from "../../src/store/index.ts";
import { draft, EVENTS, happens } from "../approvals/office.ts";
import { type FreshStore, freshStore } from "../store/support/fresh-store.ts";
import { NOW, plan, seedOrg } from "../store/support/rows.ts";

/** More than are looked at in one go. */
const MANY = 520;
let fresh: FreshStore;

beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh[Symbol.asyncDispose]());

it("finds what is out of time behind however many that are younger", async () => {
  const org = await seedOrg(fresh.store, "busy");
  const later = new Date(NOW.getTime() + 86_400_000);
  const found = await fresh.store.inOrg(org, async (tx) => {
    for (let row = 1; row <= MANY; row += 1) {
      const hash = row.toString(16).padStart(64, "0");
      const made = plan(`P-${row}`, { id: newId("pln", row), hash });
      await tx.plans.insert(made);
      const value = happens(draft(2, { hash }), EVENTS.request);
      if (value.request === undefined) throw new Error("it was to be asked for");
      const request = { ...value.request, at: NOW, deadline: row === 1 ? NOW : later };
      await tx.approvals.insert({
        ...{ id: newId("apr", row), shortId: `A-${row}`, planId: made.id, via: "sdk" },
        ...{ createdAt: NOW, approval: { ...value, request } },
      });
    }
    return dueNow(tx, new Date(NOW.getTime() + 1000));
  });
  expect(found.map(({ stored, due }) => [stored.shortId, due.what])).toEqual([["A-1", "deadline"]]);
});

it("is attended to in the organisations behind one that fails each time", async () => {
  const { store } = fresh;
  const errors: object[] = [];
  const attended: unknown[] = [];
  const logger = {
    debug() {},
    info() {},
    error() {},
    warn: (fields: object) => errors.push(fields),
  };
  const broken: Store = {
    ...store,
    inOrg: (org, work) =>
      org === store.defaultOrg ? Promise.reject(new Error("a broken row")) : store.inOrg(org, work),
  };
  const chores = coreChores({
    ...{ store: broken, logger, signer: undefined, queue: { mend: async () => 0 } },
    clock: { now: () => NOW.getTime() + 1000, sleep: async () => undefined },
    attend: async ({ org }) => attended.push(org),
    worker: { lookAfterAbandoned: async () => {} },
  });
  const chore = (name: string) => chores.find((one) => one.name === name)?.work();
  await expect(chore("attend to approvals")).rejects.toThrow("It failed for 1 of 2");
  expect(attended).toHaveLength(1);
  expect(attended).not.toContain(store.defaultOrg);
  expect(errors).toMatchObject([{ org: store.defaultOrg }]);
  await expect(chore("tell what was refused")).rejects.toThrow("It failed for 1 of 2");
});
