import { Kappa4Error } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/ids.ts";
import { type WatchParts, watchRun } from "../../src/runs/watch.ts";
import type { OrgTransaction, StoredRun } from "../../src/store/index.ts";
import { NOW } from "../store/support/rows.ts";

const id = newId("run");
const ended: StoredRun = {
  ...{ id, shortId: "R-1", action: "rebalance.apply", input: {}, planId: newId("pln") },
  ...{ approvalId: null, connection: "lab", cluster: "lab", state: "succeeded" },
  ...{ progress: null, result: null, error: null, requestedBy: "local", via: "sdk" },
  ...{ cancelAskedAt: null, cancelAskedBy: null, createdAt: NOW, startedAt: NOW, endedAt: NOW },
};
const line = Object.assign(new Error("reset"), { code: "ECONNRESET" });
const away = new Kappa4Error("unavailable", "The store is away.", {
  ...{ cause: line, context: { operation: "use store" } },
});
const gone = new Kappa4Error("not_found", "There is no such run.");

/** A store that fails so often, in this way, before it answers. */
function storeThat(error: Error, times: number): WatchParts {
  let left = times;
  return {
    async inOrg(work) {
      left -= 1;
      if (left >= 0) throw error;
      const runs: Pick<OrgTransaction["runs"], "find"> = { find: async () => ended };
      return work({ runs } as OrgTransaction);
    },
  };
}

async function statesOf(parts: WatchParts): Promise<readonly string[]> {
  const states: string[] = [];
  for await (const { state } of watchRun(parts, id)) states.push(state);
  return states;
}

describe("who watches a run", () => {
  it("hears of its end although the store was away for a moment", async () => {
    expect(await statesOf(storeThat(away, 3))).toEqual(["succeeded"]);
  });

  it("hears of anything else at once", async () => {
    await expect(statesOf(storeThat(gone, 1))).rejects.toBe(gone);
  });
});
