import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Caller } from "../../src/actions/actor.ts";
import { countCall, tellExcess, tooMany } from "../../src/actions/rate.ts";
import { systemClock } from "../../src/clock.ts";
import { coreChores } from "../../src/core-chores.ts";
import { type Id, newId } from "../../src/ids.ts";
import { actionsByName } from "../../src/register.ts";
import type { OrgTransaction } from "../../src/store/index.ts";
import { type FreshStore, freshStore } from "../store/support/fresh-store.ts";
import { seedOrg } from "../store/support/rows.ts";

let fresh: FreshStore;
let now = Date.parse("2026-03-01T08:00:00Z");

beforeAll(async () => {
  fresh = await freshStore();
});

afterAll(() => fresh[Symbol.asyncDispose]());

function work<Result>(
  does: (tx: OrgTransaction) => Promise<Result>,
  org: Id<"org"> = fresh.store.defaultOrg,
): Promise<Result> {
  return fresh.store.inOrg(org, does);
}

/** Refuses somebody so many reads; returns how many of them would have an entry of their own. */
function refuse(caller: Caller, times: number, org?: Id<"org">): Promise<number> {
  const action = actionsByName.get("audit.search");
  if (action === undefined) throw new Error("there is no audit.search");
  return work(async (tx) => {
    let entries = 0;
    for (let call = 0; call < times; call += 1) {
      const excess = await tooMany(tx, caller, action, new Date(now));
      if (excess?.isFirst !== false) {
        await countCall(tx, caller, action, new Date(now));
        entries += 1;
      }
    }
    return entries;
  }, org);
}

/** What is told of calls beyond a limit, the newest first. */
function told(): Promise<readonly unknown[]> {
  return work(async (tx) => {
    await tellExcess(tx, { ...systemClock, now: () => now });
    const entries = await tx.audit.list({ having: { action: "calls.refused" } });
    return entries.map(({ body }) => {
      const { targets, details, reason } = JSON.parse(body);
      return { targets, reason, ...details };
    });
  });
}

function somebody(): { readonly id: string; readonly caller: Caller } {
  const id = newId("usr");
  return { id, caller: { actor: { kind: "person", id }, via: "slack" } };
}

describe("refused reads beyond the limit", () => {
  it("are told of in one entry, with how many, once the minute is over", async () => {
    const { id, caller } = somebody();
    expect(await refuse(caller, 200)).toBe(61);
    expect(await told()).toEqual([]);
    now += 60_000;
    const one = {
      targets: [`actor:${id}`],
      reason: "140 requests in a minute were refused beyond the limit.",
      ...{ kind: "read", count: 140, from: "2026-03-01T08:00:00.000Z" },
    };
    expect(await told()).toEqual([one]);
    expect(await told()).toEqual([one]);
  });

  it("have no further entry where there was one of them", async () => {
    const before = await told();
    await refuse(somebody().caller, 61);
    now += 60_000;
    expect(await told()).toEqual(before);
  });

  it("are told of in an organisation that is suspended, and not in one that is gone", async () => {
    const clock = { ...systemClock, now: () => now };
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const chores = coreChores({
      ...{ store: fresh.store, clock, logger, signer: undefined },
      ...{
        queue: { mend: async () => 0 },
        worker: { lookAfterAbandoned: async () => {} },
        attend: async () => undefined,
      },
    });
    const chore = chores.find(({ name }) => name === "tell what was refused");
    const entries = await Promise.all(
      (["suspended", "deleted"] as const).map(async (status) => {
        const org = await seedOrg(fresh.store, status);
        await refuse(somebody().caller, 70, org);
        await fresh.store.platform(({ orgs }) => orgs.setStatus(org, status));
        return org;
      }),
    );
    now += 60_000;
    await chore?.work();
    const counts = entries.map((org) =>
      work((tx) => tx.audit.list({ having: { action: "calls.refused" } }), org),
    );
    expect((await Promise.all(counts)).map(({ length }) => length)).toEqual([1, 0]);
  });
});
