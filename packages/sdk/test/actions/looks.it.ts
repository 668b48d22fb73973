import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApprovalView, PlanView } from "../../src/actions/answers.ts";
import { openPrograms, type Program, type Programs } from "../approving/pieces.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";

let made: ClosedStore;
let all: Programs;
let program: Program;

beforeAll(async () => {
  made = await closedStore();
  all = await openPrograms(made.options, 1);
  const [first] = all.programs;
  if (first === undefined) throw new Error("there is to be a program");
  program = first;
});
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await made.remove();
});

/** How calls ended: `done`, or the code of the error; and how often a cluster was looked at for them. */
async function endsOf(calls: readonly (() => Promise<unknown>)[]) {
  const before = all.looks();
  const ends = await Promise.all(
    calls.map((call) =>
      call().then(
        () => "done",
        ({ code }: { readonly code: string }) => code,
      ),
    ),
  );
  const times = (code: string): number => ends.filter((end) => end === code).length;
  return { times, looks: all.looks() - before };
}

async function waiting(cluster: string): Promise<{ plan: PlanView; approval: ApprovalView }> {
  all.pass(61_000);
  const plan = await program.plan("ana", cluster, 0, 7);
  const answer = await program.apply("ana", plan);
  if (answer.state !== "waiting") throw new Error("seven moves need somebody's word");
  return { plan, approval: answer.approval };
}

/** Whose votes were refused by the record, and how. */
async function refusedVotes(): Promise<readonly unknown[]> {
  const store = await program.core.store();
  return store.inOrg(store.defaultOrg, async (tx) => {
    const names = new Map((await tx.users.list()).map(({ id, name }) => [id as string, name]));
    const entries = await tx.audit.list({ having: { action: "approvals.approve" } });
    return entries
      .map(({ body }) => JSON.parse(body))
      .filter(({ decision }) => decision === "refused")
      .map(({ actor, result }) => [names.get(actor.id), result]);
  });
}

describe("what is looked at outside", () => {
  it("is looked at for no more calls of a minute than the limit, made at once or not", async () => {
    await waiting("c1");
    const other = await program.plan("ben", "c1", 0, 7);
    const { times, looks } = await endsOf(
      Array.from({ length: 40 }, () => () => program.apply("ben", other)),
    );
    expect(times("rate_limited")).toBe(30);
    expect(times("conflict")).toBe(10);
    expect(looks).toBeLessThanOrEqual(10);
  });

  it("is not looked at again for a request that was answered, though the cluster is away by now", async () => {
    const { approval } = await waiting("c2");
    const vote = () => program.approve("eva", approval, "vote-1");
    const first = await vote();
    all.disconnect("c2");
    const before = all.looks();
    expect(await vote()).toEqual(first);
    expect(all.looks()).toBe(before);
  });
});

it("what somebody asks for twice at once finds what became of the first", async () => {
  for (const cluster of ["c5", "c6", "c7"]) {
    all.pass(61_000);
    const plan = await program.plan("eva", cluster, 0, 2);
    const apply = () => program.apply("eva", plan).then(() => "done", String);
    const ends = (await Promise.all([apply(), apply()])).toSorted();
    expect(ends).toEqual([expect.stringContaining("was applied already, as run R-"), "done"]);
  }
});

describe("what was answered before", () => {
  it("is refused to who may not ask for it any more, on record", async () => {
    const { approval } = await waiting("c3");
    const vote = () => program.approve("gil", approval, "vote-2");
    await vote();
    const store = await program.core.store();
    const org = store.defaultOrg;
    await store.inOrg(org, ({ db }) =>
      sql`update users set status = 'disabled' where name = 'gil'`.execute(db),
    );
    await expect(vote()).rejects.toMatchObject({ code: "not_found" });
    expect(await refusedVotes()).toContainEqual(["gil", "not_found"]);
  });
});

describe("a vote that may not be", () => {
  it("is refused on record, though only the state of the approval could tell", async () => {
    const { approval } = await waiting("c4");
    await expect(program.approve("ana", approval)).rejects.toMatchObject({ code: "permission" });
    expect(await refusedVotes()).toContainEqual(["ana", "permission"]);
  });
});
