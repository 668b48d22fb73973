import { describe, expect, it } from "vitest";
import { createButtonBook } from "../../src/core/button-book.ts";
import { createEditBudget } from "../../src/core/edit-budget.ts";
import { shortId } from "../../src/core/ids.ts";
import { createMemoryInbox } from "../../src/core/inbox.ts";
import { createPlanBook } from "../../src/core/plan-book.ts";
import { planHash } from "../../src/core/plan-hash.ts";
import { within } from "../../src/core/within.ts";
import { manualClock } from "../support/manual-clock.ts";
import { samplePlan } from "../support/plans.ts";

const MINUTE = 60_000;

function serialIds(): () => string {
  let serial = 0;
  return () => `id-${++serial}`;
}

describe("createMemoryInbox", () => {
  it("takes a request once, by any of its keys, and forgets after a day", async () => {
    const clock = manualClock();
    const inbox = createMemoryInbox(clock);
    expect(await inbox.claim(["envelope:1", "trigger:1"])).toBe(true);
    expect(await inbox.claim(["envelope:1"])).toBe(false);
    expect(await inbox.claim(["envelope:2", "trigger:1"])).toBe(false);
    expect(await inbox.claim(["envelope:2"])).toBe(false);
    await clock.advance(24 * 60 * MINUTE);
    expect(await inbox.claim(["trigger:1"])).toBe(false);
    await clock.advance(1);
    expect(await inbox.claim(["trigger:1"])).toBe(true);
  });

  it("lets exactly one of many at once through", async () => {
    const inbox = createMemoryInbox(manualClock());
    const claims = await Promise.all(Array.from({ length: 50 }, () => inbox.claim(["one"])));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });
});

describe("createPlanBook", () => {
  const plan = { connection: "gold", plan: samplePlan(), input: {}, by: "UANA", place: "C1" };
  const applied = (run: string) => ({ kind: "applied", by: "UEVA", at: new Date(0), run }) as const;

  it("lets a plan leave ready exactly once", async () => {
    const clock = manualClock();
    const book = createPlanBook({ clock, createId: serialIds() });
    const { id } = await book.save(plan);
    const takes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => book.settle(id, applied(`R-${index}`))),
    );
    expect(takes.filter(({ settled }) => settled)).toHaveLength(1);
    expect((await book.find(id))?.state).toMatchObject({ kind: "applied", run: "R-0" });
  });

  it("expires plans after half an hour without anybody doing it", async () => {
    const clock = manualClock();
    const book = createPlanBook({ clock, createId: serialIds() });
    const { id, expiresAt } = await book.save(plan);
    await clock.advance(30 * MINUTE - 1);
    expect((await book.find(id))?.state.kind).toBe("ready");
    await clock.advance(1);
    expect((await book.find(id))?.state).toEqual({ kind: "expired", at: expiresAt });
    expect(await book.settle(id, applied("R-1"))).toMatchObject({ settled: false });
  });

  it("makes a plan ready again only for the run that took it", async () => {
    const book = createPlanBook({ clock: manualClock(), createId: serialIds() });
    const { id } = await book.save(plan);
    await book.settle(id, applied("R-1"));
    await book.reopen(id, "R-2");
    expect((await book.find(id))?.state.kind).toBe("applied");
    await book.reopen(id, "R-1");
    expect((await book.find(id))?.state.kind).toBe("ready");
  });

  it("forgets the oldest and lists the newest first", async () => {
    const book = createPlanBook({ clock: manualClock(), createId: serialIds(), most: 3 });
    const saved = [];
    for (let index = 0; index < 4; index += 1) saved.push((await book.save(plan)).id);
    expect(await book.find(saved[0]!)).toBeUndefined();
    expect((await book.list()).map(({ id }) => id)).toEqual(saved.slice(1).reverse());
  });
});

describe("planHash", () => {
  it("is the same for the same plan, in whatever order its fields are, and another for any change", () => {
    const plan = samplePlan();
    const turned = Object.fromEntries(Object.entries(plan).reverse()) as unknown as typeof plan;
    expect(planHash(turned)).toBe(planHash(plan));
    expect(planHash({ ...plan, seconds: 3 })).toBe(planHash({ ...plan, seconds: 4 }));
    expect(planHash({ ...plan, moves: plan.moves.slice(1) })).not.toBe(planHash(plan));
    expect(planHash({ ...plan, moves: plan.moves.toReversed() })).not.toBe(planHash(plan));
    expect(planHash(plan)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("createButtonBook", () => {
  it("gives one token per call, and forgets it when it expires", async () => {
    const clock = manualClock();
    const book = createButtonBook(clock, serialIds());
    const call = {
      command: "rebalance",
      verb: "apply",
      input: { plan: "P-1" },
      expiresAt: new Date(clock.now() + MINUTE),
    };
    const token = book.issue(call);
    expect(book.issue({ ...call })).toBe(token);
    expect(book.issue({ ...call, verb: "explain" })).not.toBe(token);
    expect(book.find(token)).toEqual(call);
    await clock.advance(MINUTE);
    expect(book.find(token)).toBeUndefined();
    expect(book.find("made up")).toBeUndefined();
  });
});

describe("createEditBudget", () => {
  it("allows its number in any minute", () => {
    const budget = createEditBudget(3);
    for (const at of [0, 10, 20]) {
      expect(budget.delay(at)).toBe(0);
      budget.spend(at);
    }
    expect(budget.delay(30)).toBe(59_970);
    expect(budget.delay(60_000)).toBe(0);
  });
});

describe("shortId", () => {
  it("has no letters that look alike, avoids taken ids, and grows when it must", () => {
    const ids = serialIds();
    for (let index = 0; index < 200; index += 1) {
      expect(shortId("P", ids, () => false)).toMatch(/^P-[0-9A-HJKMNP-TV-Z]{4}$/);
    }
    const first = shortId(
      "P",
      () => "same",
      () => false,
    );
    expect(
      shortId(
        "P",
        () => "same",
        (id) => id === first,
      ),
    ).toMatch(/^P-.{6}$/);
    expect(
      shortId(
        "P",
        () => "same",
        () => true,
      ),
    ).toMatch(/^P-.{12}$/);
  });
});

describe("within", () => {
  it("waits for the work, or for the time, and leaves no sleeper behind", async () => {
    const clock = manualClock();
    await within(clock, 1000, Promise.resolve());
    expect(clock.sleepers).toBe(0);
    const late = within(clock, 1000, new Promise(() => undefined));
    await clock.advance(1000);
    await late;
    expect(clock.sleepers).toBe(0);
    await expect(within(clock, 1000, Promise.reject(new Error("broken")))).rejects.toThrow(
      "broken",
    );
    expect(clock.sleepers).toBe(0);
  });
});
