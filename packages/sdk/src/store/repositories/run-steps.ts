import { type Selectable, sql } from "kysely";
import { fromJson, toJson } from "../../dated-json.ts";
import { type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import type { OrgScope } from "./scope.ts";

/** Where a step stands. */
export type StepState = "intent" | "observed" | "done" | "failed" | "skipped" | "unknown";

/** A step of a run, as stored. */
export interface StoredStep {
  /** Its place in the plan. */
  readonly step: number;
  readonly state: StepState;
  /** The fence of the lease under which it was written last. */
  readonly fence: number;
  /** How many times it was begun. */
  readonly attempt: number;
  readonly intent: unknown;
  /** With which the outside system's work is found again; null until it was accepted. */
  readonly operation: string | null;
  readonly result: unknown;
  readonly intentAt: Date;
  readonly endedAt: Date | null;
}

/** The steps of the runs of an organisation. No write of an earlier holder of the lease takes effect. */
export interface RunSteps {
  list(run: Id<"run">): Promise<readonly StoredStep[]>;
  /** Begins a step that is not done; false when it is done, or somebody with a later fence has it. */
  begin(
    run: Id<"run">,
    step: number,
    fence: number,
    begun: { readonly intent: unknown; readonly at: Date },
  ): Promise<boolean>;
  /** Writes what has become of a step; false when somebody with a later fence has it. */
  write(
    run: Id<"run">,
    step: number,
    fence: number,
    change: {
      readonly state: StepState;
      readonly operation?: string | undefined;
      readonly result?: unknown;
      readonly at: Date;
    },
  ): Promise<boolean>;
}

/** Makes the repository of a transaction. */
export function runSteps({ db, orgId }: OrgScope): RunSteps {
  return {
    async list(run) {
      const rows = await db
        .selectFrom("runSteps")
        .selectAll()
        .where("orgId", "=", orgId)
        .where("runId", "=", toUuid(run))
        .orderBy("step")
        .execute();
      return rows.map(toStep);
    },
    async begin(run, step, fence, { intent, at }) {
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto("runSteps")
        .values({
          orgId,
          runId: toUuid(run),
          step,
          state: "intent",
          fence,
          attempt: 1,
          intent: toJson(intent),
          intentAt: at,
        })
        .onConflict((conflict) =>
          conflict
            .columns(["orgId", "runId", "step"])
            .doUpdateSet({
              state: "intent",
              fence,
              attempt: sql`run_steps.attempt + 1`,
              operation: null,
              intentAt: at,
              endedAt: null,
            })
            .where("runSteps.fence", "<=", fence)
            .where("runSteps.state", "!=", "done"),
        )
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },
    async write(run, step, fence, { state, operation, result, at }) {
      const isOver = state !== "intent" && state !== "observed";
      const { numUpdatedRows } = await db
        .updateTable("runSteps")
        .set({
          state,
          fence,
          ...(operation === undefined ? {} : { operation: toJson(operation) }),
          ...(result === undefined ? {} : { result: toJson(result) }),
          ...(state === "observed" ? { observedAt: at } : {}),
          ...(isOver ? { endedAt: at } : {}),
        })
        .where("orgId", "=", orgId)
        .where("runId", "=", toUuid(run))
        .where("step", "=", step)
        .where("fence", "<=", fence)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

function toStep(row: Selectable<Tables["runSteps"]>): StoredStep {
  const { step, state, fence, attempt, intent, operation, result, intentAt, endedAt } = row;
  return {
    step,
    state,
    fence: Number(fence),
    attempt,
    intent: fromJson(intent),
    operation: typeof operation === "string" ? operation : null,
    result: fromJson(result),
    intentAt,
    endedAt,
  };
}
