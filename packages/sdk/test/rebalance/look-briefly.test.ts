import { type ErrorCode, Kappa4Error } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import type { Systems } from "../../src/actions/context.ts";
import { lookBriefly } from "../../src/rebalance/look-briefly.ts";
import { sampleCluster } from "./samples.ts";

const SHORT_MS = 1;
const there = sampleCluster(["n1"], []);

/** A cluster that is looked at like that. */
function systemsWith(snapshot: () => Promise<typeof there>): Systems {
  return { ...Object.create(null), cluster: async () => ({ snapshot }) };
}

function look(snapshot: () => Promise<typeof there>, limitMs?: number, signal?: AbortSignal) {
  return lookBriefly({ systems: systemsWith(snapshot), signal }, "gold", limitMs);
}

const hanging = (): Promise<never> => new Promise(() => {});
const failing = (code: ErrorCode) => (): Promise<never> =>
  Promise.reject(new Kappa4Error(code, "gold was asked for its guests."));

describe("a look while somebody waits", () => {
  it("gives what is there", async () => {
    expect(await look(async () => there)).toBe(there);
  });

  it("is given up where the cluster hangs, and says what can be done without it", async () => {
    await expect(look(hanging, SHORT_MS)).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringMatching(/gold.* no vote counts now.*Denying and withdrawing work/),
    });
  });

  it.each(["network", "unavailable", "timeout"] as const)("says the same of %s", async (code) => {
    const message = expect.stringContaining("no vote counts now");
    await expect(look(failing(code))).rejects.toMatchObject({ code, message });
  });

  it("leaves what else is wrong as it is, and ends with whoever asked", async () => {
    const message = "gold was asked for its guests.";
    await expect(look(failing("auth"))).rejects.toMatchObject({ code: "auth", message });
    const left = new Error("they have left");
    await expect(look(hanging, undefined, AbortSignal.abort(left))).rejects.toBe(left);
  });
});
