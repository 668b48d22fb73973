import { describe, expect, onTestFinished, test } from "vitest";
import { createHistory, planRebalance } from "../src/balancing/index.ts";
import { checkPlanOptions } from "../src/call-options.ts";
import { createKappa4, type Kappa4 } from "../src/index.ts";
import { cluster } from "./balancing/cluster.ts";

/** Nobody listens there: what is wrong with the options must be told before anything is asked. */
async function offline(balancing: object = {}): Promise<Kappa4> {
  const kappa4 = await createKappa4({
    connections: {
      gold: {
        kind: "proxmox",
        endpoints: ["https://127.0.0.1:1"],
        auth: { type: "token", token: "a@pve!b=c" },
      },
    },
    balancing,
  });
  onTestFinished(() => kappa4.close());
  return kappa4;
}

describe("options given in code are checked as those of the configuration", () => {
  const cases: readonly (readonly [object, string])[] = [
    [
      { method: "ram" },
      'The options cannot be taken: method: must be one of memory, cpu or disk, not "ram"',
    ],
    [
      { balancines: 5 },
      "The options cannot be taken: balancines: unknown key; did you mean balanciness?",
    ],
    [
      { limits: { memoryUsed: 95 } },
      "The options cannot be taken: limits.memoryUsed: must be at most 1, not 95",
    ],
    [
      { history: 5 },
      "The options cannot be taken: history: must be a map of keys and values, not 5",
    ],
    [
      { maxMoves: -1, mode: 1 },
      "mode: must be one of used, assigned or psi, not 1; maxMoves: must be at least 0, not -1.",
    ],
  ];
  test.each(cases)("%j", async (options, message) => {
    const { rebalance } = await offline();
    const refusal = { code: "invalid_argument", message: expect.stringContaining(message) };
    await expect(rebalance.plan("gold", options)).rejects.toMatchObject(refusal);
    await expect(rebalance.explain("gold", 100, options)).rejects.toMatchObject(refusal);
    await expect(rebalance.whatIf("gold", [], options)).rejects.toMatchObject(refusal);
    await expect(rebalance.checkRules("gold", options)).rejects.toMatchObject(refusal);
  });

  test("a new guest too, and how a plan is carried out", async () => {
    const { rebalance } = await offline();
    const guest = { memoryBytes: 4, cores: 0 };
    await expect(rebalance.bestNode("gold", guest)).rejects.toMatchObject({
      code: "invalid_argument",
      message:
        "The new guest cannot be taken: memoryBytes: is 4 bytes; write the unit, as in `4 GiB`; cores: must be above 0, not 0.",
    });
    const plan = planRebalance(cluster({ pve1: {} }, []));
    expect(() => rebalance.apply("gold", plan, { maxParallel: 0 })).toThrow(
      "The options cannot be taken: maxParallel: must be at least 1, not 0.",
    );
  });

  test("what is undefined counts as not given", () => {
    expect(checkPlanOptions({ method: undefined, maxMoves: 3 })).toEqual({ maxMoves: 3 });
  });

  test("what only a call can say passes", () => {
    const past = { history: createHistory(), now: new Date(0) };
    expect(checkPlanOptions(past)).toEqual(past);
  });
});
