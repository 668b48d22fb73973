import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  actThere,
  answerTo,
  askAcross,
  askFromElsewhere,
  callByRole,
  missingInputs,
  seenBy,
} from "./isolation.ts";
import { openTwoOrgs, type TwoOrgs } from "./two-orgs.ts";

let two: TwoOrgs;

beforeAll(async () => {
  two = await openTwoOrgs();
});

afterAll(() => two[Symbol.asyncDispose]());

describe("two organisations in one store", () => {
  it("are tried with every action", () => {
    expect(missingInputs(two)).toEqual([]);
  });

  it("show nothing of each other, by any id, to whoever holds every role in one", async () => {
    const { calls, complaints } = await askAcross(two, ["every"]);
    expect(complaints).toEqual([]);
    expect(calls).toBeGreaterThan(100);
  });

  it("let nobody act in the other one", async () => {
    const { complaints } = await actThere(two, ["every"]);
    expect(complaints).toEqual([]);
  });

  it("show nothing of one connection to who holds every role on another", async () => {
    const { calls, complaints } = await askFromElsewhere(two);
    expect(complaints).toEqual([]);
    expect(calls).toBeGreaterThan(100);
  });

  it("show what is kept of a connection, also when it is configured no more", async () => {
    const run = { shortId: "R-E001" };
    const gone = { connection: "elsewhere" };
    expect(await answerTo(two, "every", "rebalance.status")).toMatchObject([
      { connection: "lab" },
      { ...gone, run },
    ]);
    expect(await answerTo(two, "elsewhere", "rebalance.status")).toMatchObject([{ ...gone, run }]);
    expect(await answerTo(two, "on_lab", "rebalance.status")).toMatchObject([
      { connection: "lab" },
    ]);
    expect(await answerTo(two, "every", "runs.list", gone)).toMatchObject([run]);
    for (const action of ["rebalance.history", "migrations.list"]) {
      expect(await answerTo(two, "every", action, gone)).toEqual([]);
      expect(await answerTo(two, "elsewhere", action, { connection: "lab" })).toBe("not_found");
    }
    // Whichever part somebody holds a role on, how they want to be spoken to is theirs.
    const language = { language: "es" };
    expect(await answerTo(two, "on_lab", "preferences.set", language)).toEqual(language);
    expect(await answerTo(two, "on_lab", "preferences.get")).toEqual(language);
    const waiting = [{ shortId: two.own.approvalName }];
    expect(await answerTo(two, "on_lab", "approvals.list")).toMatchObject(waiting);
    expect(await answerTo(two, "elsewhere", "approvals.list")).toEqual([]);
    expect(await answerTo(two, "every", "approvals.list", gone)).toEqual([]);
    // What happens to the organisation as a whole is told to those who hold a role on it.
    expect(await answerTo(two, "on_lab", "events.count")).toMatchObject({ total: 1 });
    expect(await answerTo(two, "elsewhere", "events.count", gone)).toMatchObject({ total: 1 });
    const before = { before: two.own.run };
    expect(await answerTo(two, "elsewhere", "rebalance.history", before)).toBe("not_found");
  });

  it("show their own rows to their own people, or none of this would mean anything", async () => {
    const seen = await seenBy(two, "every");
    expect(seen).toEqual(
      expect.arrayContaining([
        ...["plans.list", "plans.get", "runs.list", "runs.get", "runs.watch"],
        ...["approvals.list", "approvals.get"],
        ...["users.list", "users.get", "grants.list", "roles.list", "maintenance.list"],
        ...["config.get", "config.history", "config.export", "events.list", "events.watch"],
        ...["audit.search", "audit.export"],
      ]),
    );
  });

  it("show what is kept of a connection to who holds a role on it alone", async () => {
    const seen = await seenBy(two, "on_lab");
    expect(seen).toEqual(
      expect.arrayContaining([
        ...["plans.list", "plans.get", "runs.list", "runs.get", "runs.watch", "approvals.get"],
        ...["events.list", "events.watch", "rebalance.status", "rebalance.history"],
      ]),
    );
    expect(seen).not.toContain("users.list");
  });

  it("let everybody do exactly what their role says, through the pipeline", async () => {
    const { calls, complaints } = await callByRole(two);
    expect(complaints).toEqual([]);
    expect(calls).toBeGreaterThan(700);
  });
});
