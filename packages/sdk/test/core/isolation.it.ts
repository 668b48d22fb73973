import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actThere, askAcross, callByRole, missingInputs, seenByOwner } from "./isolation.ts";
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

  it("show their own rows to their own people, or none of this would mean anything", async () => {
    const seen = await seenByOwner(two);
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

  it("let everybody do exactly what their role says, through the pipeline", async () => {
    const { calls, complaints } = await callByRole(two);
    expect(complaints).toEqual([]);
    expect(calls).toBeGreaterThan(700);
  });
});
