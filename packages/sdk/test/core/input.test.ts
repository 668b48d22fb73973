import { describe, expect, onTestFinished, test } from "vitest";
import type { RebalanceOptions } from "../../src/balancing/index.ts";
import { createKappa4, type Kappa4 } from "../../src/index.ts";

/** Nobody listens there: what is wrong with the input must be told before anything is asked. */
async function offline(): Promise<Kappa4> {
  const auth = { type: "token", token: "a@pve!b=c" };
  const gold = { kind: "proxmox", endpoints: ["https://127.0.0.1:1"], auth };
  const kappa4 = await createKappa4({ connections: { gold } });
  onTestFinished(() => kappa4.close());
  return kappa4;
}

describe("input given in code is checked as the configuration is", () => {
  const cases: readonly (readonly [object, string])[] = [
    [
      { method: "ram" },
      'The input cannot be taken: options.method: must be one of memory, cpu or disk, not "ram"',
    ],
    [
      { balancines: 5 },
      "The input cannot be taken: options.balancines: unknown key; did you mean balanciness?",
    ],
    [
      { limits: { memoryUsed: 95 } },
      "The input cannot be taken: options.limits.memoryUsed: must be at most 1, not 95",
    ],
    [
      { maxMoves: -1, mode: 1 },
      "options.mode: must be one of used, assigned or psi, not 1; options.maxMoves: must be at least 0, not -1.",
    ],
  ];
  test.each(cases)("%j", async (given, message) => {
    // What a program in JavaScript may pass.
    const options = given as RebalanceOptions;
    const { rebalance, rules } = await offline();
    const refusal = { code: "invalid_argument", message: expect.stringContaining(message) };
    const connection = "gold";
    await expect(rebalance.plan({ connection, options })).rejects.toMatchObject(refusal);
    await expect(rebalance.preview({ connection, options })).rejects.toMatchObject(refusal);
    const guest = 100;
    await expect(rebalance.explain({ connection, guest, options })).rejects.toMatchObject(refusal);
    await expect(rules.check({ connection, options })).rejects.toMatchObject(refusal);
  });

  test("a question is not ended twice", async () => {
    const { rebalance } = await offline();
    const options = { balancines: 5 } as RebalanceOptions;
    await expect(rebalance.plan({ connection: "gold", options })).rejects.toMatchObject({
      message: expect.stringMatching(/did you mean balanciness\?$/),
    });
  });

  test("a new guest too, and how a plan is carried out", async () => {
    const { rebalance } = await offline();
    const guest = { memoryBytes: 4, cores: 0 };
    await expect(rebalance.bestNode({ guest })).rejects.toMatchObject({
      code: "invalid_argument",
      message:
        "The input cannot be taken: guest.memoryBytes: is 4 bytes; write the unit, as in `4 GiB`; guest.cores: must be above 0, not 0.",
    });
    await expect(rebalance.apply({ plan: "P-7F3K", maxParallel: 0 })).rejects.toMatchObject({
      code: "invalid_argument",
      message: "The input cannot be taken: maxParallel: must be at least 1, not 0.",
    });
  });

  test("a connection that is not there is named before anything is opened", async () => {
    const { nodes } = await offline();
    await expect(nodes.list({ connection: "gld" })).rejects.toMatchObject({
      code: "not_found",
      message: 'There is no connection "gld"; the configuration has gold.',
    });
  });
});
