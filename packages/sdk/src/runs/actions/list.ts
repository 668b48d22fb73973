import { z } from "zod";
import type { RunSummary } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { connectionField } from "../../actions/inputs.ts";
import { onReachable } from "../../actions/scopes.ts";
import { runSummary } from "../views.ts";

/** Which runs; what is left out does not narrow. */
export interface ListRunsInput {
  readonly connection?: string | undefined;
  /** For example `rebalance.apply`. */
  readonly action?: string | undefined;
  /** Only those that are not over. */
  readonly isOpen?: boolean | undefined;
  /** At most so many, 500 at the most. Default 100. */
  readonly limit?: number | undefined;
}

/** `runs.list` */
export const list: ReadAction<ListRunsInput, readonly RunSummary[]> = defineAction<
  ListRunsInput,
  readonly RunSummary[]
>({
  name: "runs.list",
  description: "Lists runs in short, the newest first; runs.get shows all of one.",
  kind: "read",
  risk: 0,
  permission: "runs.read",
  input: z.strictObject({
    connection: connectionField.describe("Only those of this connection."),
    action: z.string().min(1).optional().describe("Only those of this action."),
    isOpen: z.boolean().optional().describe("Only those that are not over."),
    limit: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe("At most so many, 500 at the most. Default 100."),
  }),
  ...onReachable,
  run({ inOrg, reached }, { connection: _, isOpen, ...filter }) {
    const states = isOpen === true ? (["queued", "running"] as const) : undefined;
    return inOrg(async (tx) => {
      const runs = await tx.runs.list({ ...filter, states, connections: await reached(tx) });
      return runs.map(runSummary);
    });
  },
});
