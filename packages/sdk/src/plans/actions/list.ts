import { z } from "zod";
import type { PlanView } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { connectionField } from "../../actions/inputs.ts";
import { onReachable } from "../../actions/scopes.ts";
import { planView } from "../../runs/views.ts";

/** Which plans; what is left out does not narrow. */
export interface ListPlansInput {
  readonly connection?: string | undefined;
  /** Only those that can still be applied, or wait for approval. Default false. */
  readonly isOpen?: boolean | undefined;
  /** At most so many, 500 at the most. Default 100. */
  readonly limit?: number | undefined;
}

/** `plans.list` */
export const list: ReadAction<ListPlansInput, readonly PlanView[]> = defineAction<
  ListPlansInput,
  readonly PlanView[]
>({
  name: "plans.list",
  description: "Lists plans, the newest first.",
  kind: "read",
  risk: 0,
  permission: "runs.read",
  input: z.strictObject({
    connection: connectionField.describe("Only those of this connection."),
    isOpen: z.boolean().optional().describe("Only those that can still be applied."),
    limit: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe("At most so many, 500 at the most. Default 100."),
  }),
  ...onReachable,
  async run({ inOrg, reached, clock }, { connection: _, isOpen = false, ...filter }) {
    const state = isOpen ? ("draft" as const) : undefined;
    const plans = await inOrg(async (tx) =>
      tx.plans.list({ ...filter, state, connections: await reached(tx) }),
    );
    const now = clock.now();
    return plans.filter(({ expiresAt }) => !isOpen || expiresAt.getTime() > now).map(planView);
  },
});
