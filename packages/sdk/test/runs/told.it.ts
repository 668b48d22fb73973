import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/actions/answers.ts";
import { openPrograms, type Program, type Programs } from "../approving/pieces.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";

let made: ClosedStore;
let all: Programs;
let program: Program;

beforeAll(async () => {
  made = await closedStore();
  all = await openPrograms(made.options, 1, ["here"]);
  const [first] = all.programs;
  if (first === undefined) throw new Error("no program was opened");
  program = first;
});

afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await made.remove();
});

/** A run that nobody has to approve. */
async function start(cluster: string): Promise<RunView> {
  const answer = await program.apply("ana", await program.plan("ana", cluster, 0, 2));
  if (answer.state !== "started") throw new Error("it was to start");
  return answer.run;
}

/** What is told of a run, by type, and what is on record of it. */
async function toldOf({ id, shortId }: RunView): Promise<Readonly<Record<string, unknown>>> {
  const store = await program.core.store();
  return store.inOrg(store.defaultOrg, async (tx) => {
    const events = await tx.events.list({ subject: id });
    const entries = await tx.audit.list({ having: { targets: [`run:${shortId}`] } });
    const record = entries.map(({ body }) => JSON.parse(body));
    return {
      events: events.map(({ type }) => type).sort(),
      record: record
        .map(({ action }) => action)
        .filter((action) => action.startsWith("run."))
        .sort(),
      hash: record.find(({ action }) => action === "run.started")?.planHash,
    };
  });
}

describe("a run", () => {
  it("is told of, and on record, when it begins and when it ends", async () => {
    const run = await start("here");
    all.pass(10_000);
    await program.ended("ana", run);
    const both = ["run.ended", "run.started"];
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(await toldOf(run)).toEqual({ events: both, record: both, hash });
  });

  it("that is cancelled before it begins is over with that", async () => {
    const run = await start("c1");
    const reason = "the backup runs";
    const cancelled = await program.call("ana", "runs.cancel", { run: run.id, reason });
    expect(cancelled).toMatchObject({ state: "skipped", error: { code: "conflict" } });
    expect(await toldOf(run)).toMatchObject({ events: ["run.ended"], record: ["run.ended"] });
  });

  it("whose approval is withdrawn before it begins is over with that", async () => {
    const run = await start("c2");
    const [approval] = (await program.call("ana", "approvals.list", {})) as { id: string }[];
    await program.call("ana", "approvals.withdraw", { approval: approval?.id });
    expect(await toldOf(run)).toMatchObject({ events: ["run.ended"], record: ["run.ended"] });
    expect(await program.ended("ana", run)).toMatchObject({ state: "skipped" });
  });
});
