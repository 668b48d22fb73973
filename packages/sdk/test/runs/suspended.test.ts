import { expect, it, onTestFinished } from "vitest";
import { setFreeze } from "../../src/approving/freeze.ts";
import type { Id } from "../../src/ids.ts";
import { actionsByName } from "../../src/register.ts";
import { storeLedger } from "../../src/runs/store-ledger.ts";
import { begin, clock, lease, now, program, standing, started, store } from "./started-runs.ts";

/** Calls as whoever holds the machine. */
async function ours(name: string, input: object): Promise<void> {
  const found = actionsByName.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  await program.core.pipeline.call({ actor: { kind: "local" }, via: "sdk" }, found, input);
}

it("nothing is begun in a suspended organisation, and whoever wants can stop what is there", async () => {
  const [late, going, wanted] = [await started(), await started(), await started()];
  const held = await lease(going);
  const begun = await begin(going, held);
  const status = (to: "active" | "suspended") =>
    store.platform(({ orgs }) => orgs.setStatus(store.defaultOrg, to));
  await status("suspended");
  onTestFinished(() => status("active"));

  const first = await lease(late);
  expect(await begin(late, first)).toBeUndefined();
  await first.release();
  expect(await standing(late)).toMatchObject({
    run: "skipped",
    error: { code: "failed_precondition", message: expect.stringContaining("is suspended") },
  });
  if (begun === undefined) throw new Error("it was begun while it could be");
  const id = going.id as Id<"run">;
  const org = store.defaultOrg;
  const ledger = storeLedger({ ...begun.run, store, clock, org, run: id, lease: held });
  await expect(ledger.intend(0, {})).rejects.toMatchObject({ code: "failed_precondition" });
  expect(await store.inOrg(org, (tx) => tx.runSteps.list(id))).toEqual([]);
  await held.release();

  const reason = "it was suspended";
  await program.call("ana", "runs.cancel", { run: wanted.id, reason });
  expect(await standing(wanted)).toMatchObject({ run: "skipped", approval: "withdrawn" });
  await ours("service.stop", { reason });
  const unfrozen = { isFrozen: false, reason: "it was", by: "local", at: new Date(now) };
  await store.inOrg(org, (tx) => setFreeze(tx, unfrozen));
  await expect(ours("projects.create", { name: "new" })).rejects.toMatchObject({
    code: "failed_precondition",
  });
});
