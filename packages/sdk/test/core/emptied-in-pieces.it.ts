import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RebalancePlan } from "../../src/balancing/index.ts";
import { openStore } from "../../src/store/index.ts";
import { type Lab, openLab } from "../simulated/lab.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";
import { join, type Somebody } from "./people.ts";

let made: ClosedStore;
let lab: Lab;
let node: string;
/** The plan that takes every guest off a node, between two and six of them. */
let drain: RebalancePlan;
const people = new Map<string, Somebody["id"]>();
const reason = "one node is full";

function as(name: string): Somebody["kappa4"] {
  const id = people.get(name);
  if (id === undefined) throw new Error(`nobody is called ${name}`);
  return lab.kappa4.as({ actor: { kind: "person", id }, via: "slack" });
}

/** Stores some moves of the drain as a plan that says nothing of one. */
function adopt(name: string, from: number, to?: number) {
  const moves = drain.moves.slice(from, to).map((move) => ({ ...move, wave: 0, reasons: [] }));
  return as(name).rebalance.adopt({ plan: { ...drain, maintenanceNodes: [], moves } });
}

beforeAll(async () => {
  made = await closedStore();
  const store = await openStore(made.options);
  for (const name of ["ana", "ben", "eva"]) people.set(name, await join(store, name, "operator"));
  people.set("leo", await join(store, "leo", "admin"));
  await store.close();
  const size = { nodes: 5, guests: 22, localDisks: 0, ha: 0 };
  lab = await openLab({ seed: 7, ...size, store: made.options });
  for (const { name } of await lab.kappa4.nodes.list()) {
    const options = { maintenanceNodes: [name], goal: "rules" } as const;
    const plan = await lab.kappa4.rebalance.preview({ options });
    const moves = plan.moves.filter(({ from }) => from === name);
    if (moves.length < 4 || moves.length > 6) continue;
    node = name;
    drain = { ...plan, moves };
  }
});

afterAll(async () => {
  await lab.close();
  await made.remove();
});

describe("a node", () => {
  it("that people put into maintenance after planning is emptied by nobody alone", async () => {
    const plan = await adopt("ben", 0, 2);
    expect(plan.risk).toBe(1);
    await lab.kappa4.maintenance.enter({ node, reason });
    const asked = await as("ben").rebalance.apply({ plan: plan.id, reason });
    expect(asked).toMatchObject({ state: "waiting", approval: { risk: 3 } });
    await lab.kappa4.maintenance.leave({ node, reason });
  });

  it("is emptied by no two people in pieces that were planned before either was applied", async () => {
    const pieces = [await adopt("ben", 0, 3), await adopt("ana", 3)] as const;
    expect(pieces.map(({ risk }) => risk)).toEqual([1, 1]);
    const first = await as("ben").rebalance.apply({ plan: pieces[0].id, reason });
    expect(first.state).toBe("started");
    const second = await as("ana").rebalance.apply({ plan: pieces[1].id, reason });
    expect(second).toMatchObject({ state: "waiting", approval: { risk: 3 } });
  });
});
