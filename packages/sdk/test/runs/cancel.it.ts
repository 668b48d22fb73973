import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { draftApproval } from "../../src/approvals/index.ts";
import { systemClock } from "../../src/clock.ts";
import { type Id, newId } from "../../src/ids.ts";
import type { Store } from "../../src/store/index.ts";
import { type Office, openOffice } from "../core/office.ts";
import { NOW, plan as planRow } from "../store/support/rows.ts";

let office: Office;
let ahead = 0;
const reason = "the storage is slow";

/** Runs that Ana asked for on a connection which another program has: they wait for it as long as the tests take. */
const RUNS = ["R-0001", "R-0002", "R-0003", "R-0004", "R-0005", "R-0006"] as const;
/** Of these, none has begun. */
const QUEUED: readonly string[] = ["R-0005", "R-0006"];

async function addRuns(store: Store, ids: ReadonlyMap<string, Id<"usr">>): Promise<void> {
  const requestedBy = ids.get("ana") ?? "";
  await store.inOrg(store.defaultOrg, async (tx) => {
    for (const shortId of RUNS) {
      const hash = shortId.slice(-1).repeat(64);
      const plan = planRow(shortId.replace("R", "P"), { hash, connection: "away", requestedBy });
      await tx.plans.insert(plan);
      const draft = draftApproval({ hash, risk: 2, plannedAt: NOW, editors: [requestedBy] });
      const request = {
        ...{ by: requestedBy, at: NOW, deadline: NOW, reason: undefined },
        quorum: { approvals: 1, admins: 0, superAdmins: 0 },
      };
      const isQueued = QUEUED.includes(shortId);
      const state = isQueued ? "approved" : "executing";
      const approval = { ...draft, state, request } as const;
      const id = newId("apr");
      const name = shortId.replace("R", "A");
      const about = { planId: plan.id, via: "slack", createdAt: NOW };
      await tx.approvals.insert({ id, shortId: name, ...about, approval });
      await tx.runs.insert({
        ...{ id: newId("run"), shortId, action: "rebalance.apply", input: {}, planId: plan.id },
        ...{
          approvalId: id,
          connection: "away",
          cluster: "far",
          state: isQueued ? "queued" : "running",
        },
        ...{ progress: null, result: null, error: null, requestedBy, via: "slack" },
        ...{
          cancelAskedAt: null,
          cancelAskedBy: null,
          createdAt: NOW,
          startedAt: isQueued ? null : NOW,
          endedAt: null,
        },
      });
    }
  });
}

beforeAll(async () => {
  const staff = {
    ana: "operator",
    eva: "operator",
    leo: "admin",
    vic: "viewer",
    sue: "super_admin",
    sam: "super_admin",
    zoe: "viewer",
  };
  const clock = { ...systemClock, now: () => systemClock.now() + ahead };
  office = await openOffice(staff, addRuns, clock);
});

afterAll(() => office[Symbol.asyncDispose]());

it("is not told to who has lost the right to it while they waited for its end", async () => {
  const run = { run: "R-0006" };
  const waited = office
    .as("zoe")
    .runs.wait(run)
    .catch(({ code }) => code);
  // Judged after the one that waits.
  expect((await office.as("zoe").runs.get(run)).state).toBe("queued");
  await office.kappa4.users.setStatus({ user: "zoe@example.com", status: "disabled" });
  ahead += 1_000;
  await office.kappa4.runs.cancel({ ...run, reason });
  expect(await waited).toBe("not_found");
});

describe("a run is stopped", () => {
  it("by the Operator who asked for it, and by an Admin", async () => {
    const { id: run } = await office.kappa4.runs.get({ run: "R-0001" });
    const mine = await office.as("ana").runs.cancel({ run, reason });
    expect(mine.cancelAskedBy).toBe(mine.requestedBy);
    const [entry] = await office.kappa4.audit.search({ target: "run:R-0001" });
    expect(entry?.entry).toMatchObject({
      action: "runs.cancel",
      actor: { id: mine.requestedBy },
      targets: [`run:${run}`, "run:R-0001"],
    });
    const others = await office.as("leo").runs.cancel({ run: "R-0002", reason });
    expect(others.cancelAskedBy).not.toBe(others.requestedBy);
  });

  it("by another Operator only in an incident, and by a Viewer never", async () => {
    const refused = office.as("eva").runs.cancel({ run: "R-0003", reason });
    await expect(refused).rejects.toMatchObject({
      code: "permission",
      message: expect.stringMatching(
        /what others have asked for \(runs.cancel needs .*name the incident\.$/,
      ),
    });
    const incident = "INC-204";
    for (const given of [{}, { incident }]) {
      const viewer = office.as("vic").runs.cancel({ run: "R-0003", reason, ...given });
      await expect(viewer).rejects.toMatchObject({ code: "permission" });
    }
    const run = { run: "R-0003" };
    expect((await office.kappa4.runs.get(run)).cancelAskedBy).toBeUndefined();
    const rescued = await office.as("eva").runs.cancel({ ...run, reason, incident });
    expect(rescued.cancelAskedBy).toBeDefined();
    const decision = "refused";
    const recorded = await office.kappa4.audit.search({ action: "runs.cancel", decision });
    expect(recorded).toHaveLength(3);
  });

  it("before it has begun, by another Operator only in an incident", async () => {
    const run = { run: "R-0005", reason };
    await expect(office.as("eva").runs.cancel(run)).rejects.toMatchObject({ code: "permission" });
    const incident = "INC-205";
    const viewer = office.as("vic").runs.cancel({ ...run, incident });
    await expect(viewer).rejects.toMatchObject({ code: "permission" });
    const stopped = await office.as("eva").runs.cancel({ ...run, incident });
    expect(stopped).toMatchObject({ state: "skipped", error: { code: "conflict" } });
    const [entry] = await office.kappa4.audit.search({
      action: "runs.cancel",
      result: "succeeded",
    });
    expect(entry?.entry).toMatchObject({ reason, details: { incident } });
  });

  it("by whoever holds a role of one's own with that permission", async () => {
    const { kappa4 } = office;
    const role = {
      key: "stopper",
      name: "Stopper",
      permissions: ["nodes.read", "runs.cancel"],
    } as const;
    await office.through(await office.as("sue").roles.create({ ...role, reason }), "sam");
    const grant = { user: "vic@example.com", role: role.key, reason };
    await office.through(await kappa4.grants.give(grant));
    const run = await office.as("vic").runs.cancel({ run: "R-0004", reason });
    expect(run.cancelAskedBy).toBeDefined();
  });
});
