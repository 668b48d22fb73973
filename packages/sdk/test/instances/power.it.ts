import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunContext } from "../../src/actions/context.ts";
import type { RunView } from "../../src/index.ts";
import { makePowerChange, type PowerChange } from "../../src/instances/power.ts";
import { MemoryLedger } from "../rebalance/memory-ledger.ts";
import { type Lab, openLab } from "../simulated/lab.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";

let made: ClosedStore;
let lab: Lab;
const reason = "its memory is being changed";

beforeEach(async () => {
  made = await closedStore();
  lab = await openLab({ seed: 11, nodes: 3, guests: 9, ha: 0, store: made.options });
});

afterEach(async () => {
  await lab.close();
  await made.remove();
});

/** How often the outside system was asked to change the power of anything. */
function changes(): number {
  return lab.simulator.requests.filter(
    ({ method, path }) => method === "POST" && path.includes("/status/"),
  ).length;
}

async function aGuest(status: "running" | "stopped" = "running") {
  const [guest] = await lab.kappa4.guests.list({ status });
  if (guest === undefined) throw new Error(`no guest is ${status}`);
  return guest;
}

/** The cluster's own list is a few seconds behind. */
async function statusOf(guest: number | string) {
  lab.simulator.advance(30_000);
  return (await lab.kappa4.guests.get({ guest })).status;
}

async function end(asked: ReturnType<typeof lab.kappa4.instances.start>): Promise<RunView> {
  const answer = await asked;
  if (answer.state !== "started") throw new Error("it was to start");
  return lab.kappa4.runs.wait({ run: answer.run.id });
}

describe("instances", () => {
  it("are stopped, started and restarted, each with one call", async () => {
    const { instances } = lab.kappa4;
    const { id: guest, name } = await aGuest();
    expect(await end(instances.stop({ guest, reason, mode: "force" }))).toMatchObject({
      state: "succeeded",
      result: { changed: true },
    });
    expect(await statusOf(guest)).toBe("stopped");
    expect(await end(instances.stop({ guest: name, reason }))).toMatchObject({
      state: "succeeded",
      result: { changed: false },
    });
    expect(await end(instances.restart({ guest, reason }))).toMatchObject({
      state: "failed",
      error: { code: "failed_precondition" },
    });
    expect(changes()).toBe(1);
    await end(instances.start({ guest, reason }));
    expect(await statusOf(guest)).toBe("running");
    expect((await end(instances.restart({ guest, reason }))).state).toBe("succeeded");
    expect(changes()).toBe(3);
    await expect(instances.start({ guest: "nobody", reason })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("wait for somebody's yes when a person asks, as the usual class", async () => {
    const { id: guest } = await aGuest();
    const store = lab.kappa4;
    const user = await store.users.create({ email: "oda@example.com", name: "Oda" });
    const grant = await store.grants.give({ user: user.id, role: "operator", reason });
    if (grant.state !== "started") throw new Error("it was to start");
    await store.runs.wait({ run: grant.run.id });
    const oda = store.as({ actor: { kind: "person", id: user.id }, via: "slack" });
    const asked = await oda.instances.stop({ guest, reason });
    expect(asked).toMatchObject({ state: "waiting", plan: { risk: 2 } });
    expect(changes()).toBe(0);
  });
});

describe("a change of power that was begun before", () => {
  /** What a worker of the run would have, with what an earlier process has left in the ledger. */
  async function goOn(change: Omit<PowerChange, "name">, ledger: MemoryLedger) {
    const { name } = await lab.kappa4.guests.get({ guest: change.guest });
    const connector = await lab.kappa4.connector();
    const never = new AbortController().signal;
    const context = {
      systems: { get: async () => connector, cluster: async () => connector.cluster },
      ...{ connection: "lab", clock: lab.clock, ledger, signal: never, cancelled: never },
    } as unknown as RunContext;
    return makePowerChange(context, { ...change, name });
  }

  it("is found again by its operation, and not made twice", async () => {
    const { id: guest } = await aGuest();
    const { compute } = await lab.kappa4.connector();
    const operation = await compute?.stop(guest, { mode: "force" });
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "observed", operation: operation?.token });
    const ended = await goOn({ verb: "stop", guest, mode: "force" }, ledger);
    expect(ended).toEqual({ state: "succeeded", result: { changed: true } });
    expect(ledger.written.get(0)).toMatchObject({ state: "done", result: { changed: true } });
    expect(changes()).toBe(1);
    const again = await goOn({ verb: "stop", guest, mode: "force" }, ledger);
    expect(again).toEqual(ended);
    expect(changes()).toBe(1);
  });

  it("is found by looking where the answer never came", async () => {
    const { id: guest } = await aGuest();
    const { compute } = await lab.kappa4.connector();
    await (await compute?.stop(guest, { mode: "force" }))?.done();
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "intent" });
    const change = { verb: "stop", guest, mode: "force" } as const;
    expect((await goOn(change, ledger)).state).toBe("succeeded");
    expect(changes()).toBe(1);
  });

  it("is made where it was certainly never handed over", async () => {
    const { id: guest } = await aGuest();
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "intent" });
    const change = { verb: "stop", guest, mode: "force" } as const;
    expect((await goOn(change, ledger)).state).toBe("succeeded");
    expect(changes()).toBe(1);
    expect(await statusOf(guest)).toBe("stopped");
  });

  it("is left alone where nobody can tell, as with a restart", async () => {
    const { id: guest } = await aGuest();
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "intent" });
    const ended = await goOn({ verb: "restart", guest, mode: null }, ledger);
    expect(ended).toMatchObject({ state: "failed", error: { code: "unavailable" } });
    expect(ledger.written.get(0)).toMatchObject({ state: "unknown" });
    expect(changes()).toBe(0);
  });

  it("is not made by a process that has lost the run", async () => {
    const { id: guest } = await aGuest();
    const ledger = new MemoryLedger();
    ledger.isLost = true;
    const change = { verb: "stop", guest, mode: "force" } as const;
    expect((await goOn(change, ledger)).state).toBe("failed");
    expect(changes()).toBe(0);
  });
});
