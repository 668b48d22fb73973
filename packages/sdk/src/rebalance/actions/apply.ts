import type { ClusterSnapshot } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type RunAction } from "../../actions/define.ts";
import { reasonField } from "../../actions/inputs.ts";
import { policyOf } from "../../approving/policy.ts";
import type { RebalancePlan } from "../../balancing/index.ts";
import { levellingOf } from "../../settings/levelling.ts";
import { storedApply } from "../../settings/sections.ts";
import { applyPlan } from "../apply.ts";
import { bindingOf, riskOfMoves } from "../binding.ts";
import { describeMoves } from "../describe-moves.ts";
import { durableMoves } from "../durable-moves.ts";
import type { ApplyOptions, ApplyResult, MoveStatus } from "../events.ts";
import { lookToday } from "../found-today.ts";
import { leftMoves } from "../left-moves.ts";
import { endAs } from "../outcome.ts";
import { riskierThan } from "../riskier.ts";
import { applyFields } from "./apply-options.ts";

/** Which plan is carried out, why, and how. */
export interface ApplyInput extends Omit<ApplyOptions, "signal"> {
  /** A plan by its id, or what people say, for example `P-7F3K`. */
  readonly plan: string;
  /** Why; for those who are asked to approve, and for the record. */
  readonly reason?: string | undefined;
}

/** How a run of moves goes: one entry per move of the plan, in its order. */
export interface ApplyProgress {
  readonly moves: readonly MoveStatus[];
  /** Whether the figures of the outside system catch up before the balance is read again. */
  readonly isMeasuring: boolean;
  /** How long that takes. */
  readonly waitMs?: number | undefined;
}

/** What a run of moves leaves: all that {@link ApplyResult} says but the plan, which is stored already. */
export type ApplyOutcome = Omit<ApplyResult, "plan">;

/** `rebalance.apply` */
export const apply: RunAction<ApplyInput, RebalancePlan> = defineAction<ApplyInput, RebalancePlan>({
  name: "rebalance.apply",
  description: "Moves the guests as a plan says, once those who have to have approved it.",
  kind: "run",
  permission: "rebalance.run",
  replacesOlder: true,
  isIdle: ({ moves }) => moves.length === 0,
  input: z.strictObject({
    plan: z.string().min(1).describe("A plan by its id, or what people say, for example P-7F3K."),
    reason: reasonField.optional().describe("Why; it is put on record."),
    ...applyFields,
  }),
  scope: ({ plan }) => ({ kind: "plan", name: plan }),
  audit: ({ plan, reason }) => ({ targets: [`plan:${plan}`], reason }),
  order: async (_context, { plan }) => ({ plan }),
  look: lookToday,
  binding: bindingOf,
  options: ({ plan: _plan, reason: _reason, ...options }) => options,
  reason: ({ reason }) => reason,
  risk: riskOfMoves,
  describe: describeMoves,
  async execute(context, plan, { plan: _name, reason: _reason, ...options }) {
    const { systems, connection, clock, engine, ledger, cancelled } = context;
    const connector = await systems.get(connection);
    const cluster = await systems.cluster(connection);
    const record = await durableMoves({ connector, cluster, clock, ledger, plan });
    const rules = await levellingOf(context, connection);
    const maintenanceNodes = async () =>
      (await levellingOf(context, connection)).maintenanceNodes ?? [];
    const isCancelled = () => ledger.isCancelled();
    const held = {
      protected: (await context.inOrg(policyOf)).protected,
      maintenanceNodes: rules.maintenanceNodes ?? [],
    };
    const { limit } = context;
    const objection = (snapshot: ClusterSnapshot) =>
      limit && riskierThan(limit, plan, snapshot, held);
    const parts = {
      cluster,
      clock,
      engine,
      rules,
      maintenanceNodes,
      isCancelled,
      objection,
      record,
    };
    const run = applyPlan(parts, plan, {
      ...systems.applying,
      ...(await context.inOrg(storedApply)),
      ...options,
      signal: cancelled,
    });
    let moves: readonly MoveStatus[] = [];
    for await (const event of run) {
      if (event.type === "started") moves = event.moves;
      if (event.type === "move") moves = moves.with(event.index, event.status);
      const waitMs = event.type === "measuring" ? event.waitMs : undefined;
      const news: ApplyProgress = { moves, isMeasuring: waitMs !== undefined, waitMs };
      context.report(news);
    }
    const { plan: _plan, ...outcome } = await run.result;
    return endAs(outcome satisfies ApplyOutcome);
  },
  left: leftMoves,
});
