import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApprovalView, RunAnswer } from "../../src/actions/answers.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";
import { GUESTS, openPrograms, type Program, type Programs } from "./pieces.ts";

let made: ClosedStore;
let all: Programs;
let program: Program;

beforeAll(async () => {
  made = await closedStore();
  all = await openPrograms(made.options, 1, ["c4"]);
  const [first] = all.programs;
  if (first === undefined) throw new Error("no program was opened");
  program = first;
});

afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await made.remove();
});

function waiting(answer: RunAnswer): ApprovalView {
  if (answer.state !== "waiting") throw new Error("it was to wait");
  return answer.approval;
}

describe("a piece of a drain that waits", () => {
  it("takes the people of the whole once another piece has begun, and says so", async () => {
    const early = await program.plan("ana", "c1", 0, 7);
    const asked = waiting(await program.apply("ana", early));
    expect(asked).toMatchObject({ risk: 2, quorum: { approvals: 1 } });
    const rest = await program.plan("ben", "c1", 7, GUESTS);
    expect(await program.apply("ben", rest)).toMatchObject({ state: "started" });

    const voted = waiting(await program.approve("eva", asked));
    expect(voted).toMatchObject({
      risk: 3,
      risen: { from: 2, why: "it leaves a node empty" },
      quorum: { approvals: 2, admins: 1 },
      requestedBy: asked.requestedBy,
      reason: "one node is full",
    });
    expect(voted.votes).toHaveLength(1);
    const store = await program.core.store();
    const { record, events } = await store.inOrg(store.defaultOrg, async (tx) => ({
      record: await tx.audit.list({ having: { action: "approval.risen" } }),
      events: await tx.events.list({ types: ["approval.risen"], subject: asked.id }),
    }));
    expect(record).toHaveLength(1);
    expect(record[0]?.body).toContain('"risk":3');
    expect(events).toMatchObject([
      { severity: "warning", summary: expect.stringContaining("2 people have to approve it now") },
    ]);
    const operators = await program.approve("gil", asked);
    expect(waiting(operators)).toMatchObject({ risk: 3, risen: { from: 2 } });
    expect(await program.approve("leo", asked)).toMatchObject({ state: "started" });
  });

  it("starts by one yes as long as the other piece has not begun", async () => {
    const early = await program.plan("ana", "c2", 0, 7);
    const asked = waiting(await program.apply("ana", early));
    await program.plan("ben", "c2", 7, GUESTS);
    expect(await program.approve("eva", asked)).toMatchObject({ state: "started" });
  });

  it("takes more people where moves that nobody voted on make it long", async () => {
    const long = await program.plan("ana", "c3", 0, 8);
    const asked = waiting(await program.apply("ana", long));
    const same = await program.plan("ben", "c3", 0, 3);
    expect(await program.apply("ben", same)).toMatchObject({ state: "started" });
    const voted = waiting(await program.approve("eva", asked));
    expect(voted.risen).toMatchObject({ why: expect.stringContaining("11 moves") });
  });
});

describe("a vote", () => {
  it("that is refused in any case has no cluster looked at, and is answered again without", async () => {
    const asked = waiting(await program.apply("ana", await program.plan("ana", "c5", 0, GUESTS)));
    const before = all.looks();
    const other = { ...asked, hash: "0".repeat(64) };
    await expect(program.approve("ana", asked)).rejects.toMatchObject({ code: "permission" });
    await expect(program.approve("vic", asked)).rejects.toMatchObject({ code: "permission" });
    await expect(program.approve("eva", other)).rejects.toMatchObject({ code: "plan_stale" });
    expect(all.looks()).toBe(before);
    const voted = await program.approve("eva", asked, "vote-1");
    expect(waiting(voted).votes).toHaveLength(1);
    expect(all.looks()).toBe(before + 1);
    expect(await program.approve("eva", asked, "vote-1")).toEqual(voted);
    await expect(program.approve("eva", asked)).rejects.toMatchObject({ code: "conflict" });
    expect(all.looks()).toBe(before + 1);
  });

  it("is given where the connection is; a denial is not held up", async () => {
    const asked = waiting(await program.apply("ana", await program.plan("ana", "c6", 0, 7)));
    all.disconnect("c6");
    await expect(program.approve("eva", asked)).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("in a program whose configuration has the connection"),
    });
    const no = { approval: asked.id, reason: "not tonight" };
    expect(await program.call("eva", "approvals.deny", no)).toMatchObject({ state: "denied" });
  });
});

describe("a run that begins", () => {
  it("does nothing that is of a higher class by then", async () => {
    const few = await program.plan("ana", "c4", 7, GUESTS);
    const started = await program.apply("ana", few);
    if (started.state !== "started") throw new Error("nobody was to be asked");
    // Nobody voted on that a node is left empty: the others were moved by hand in the ten seconds before it starts.
    all.moveAway(0, 7);
    all.pass(10_000);
    const run = await program.ended("ana", started.run);
    expect(run).toMatchObject({ state: "stale", error: { code: "plan_stale" } });
    expect(run.error?.message).toContain(
      "it is of class 3 now, and no longer 1: it leaves a node empty",
    );
  });
});
