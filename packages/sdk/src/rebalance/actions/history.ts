import { z } from "zod";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { type ConnectionInput, connectionField } from "../../actions/inputs.ts";
import { onReachable } from "../../actions/scopes.ts";
import { getRun } from "../../runs/get-run.ts";
import type { RunState } from "../../store/index.ts";
import { interruptionsOf } from "../interruptions.ts";
import { type RebalanceRun, rebalanceRun } from "../run-tally.ts";

/** Which runs; what is left out does not narrow. */
export interface RebalanceHistoryInput extends ConnectionInput {
  /** Older than this run, by its id or short id: the last one of the page before. */
  readonly before?: string | undefined;
  /** At most so many, 500 at the most. Default 50. */
  readonly limit?: number | undefined;
}

const OVER: readonly RunState[] = [
  ...(["succeeded", "partly_failed", "failed", "cancelled", "stale", "skipped"] as const),
];

/** `rebalance.history` */
export const history: ReadAction<RebalanceHistoryInput, readonly RebalanceRun[]> = defineAction<
  RebalanceHistoryInput,
  readonly RebalanceRun[]
>({
  name: "rebalance.history",
  description:
    "Lists the rebalances that are over: how each ended, how many moves it made, for whom.",
  kind: "read",
  risk: 0,
  permission: "guests.read",
  input: z.strictObject({
    connection: connectionField.describe("Only those of this connection. Default: of all."),
    before: z.string().min(1).optional().describe("Older than this run, by its id or short id."),
    limit: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe("At most so many, 500 at the most. Default 50."),
  }),
  ...onReachable,
  run({ inOrg, reached }, { before, limit = 50 }) {
    return inOrg(async (tx) => {
      const connections = await reached(tx);
      const older = before === undefined ? undefined : (await getRun(tx, before, connections)).id;
      const filter = { connections, action: "rebalance.apply", states: OVER, before: older, limit };
      const runs = await tx.runs.list(filter);
      const taken = await interruptionsOf(tx, runs);
      return runs.map((run) => rebalanceRun(run, taken.get(run.id)));
    });
  },
});
