import { type ApplyRun, followApply, type Kappa4, Kappa4Error, type MoveStatus } from "@kappa4/sdk";
import type { RebalancePlan } from "@kappa4/sdk/balancing";
import { z } from "zod";
import { capital } from "../../../view/format.ts";
import type { CommandContext, PlanRecord, Reply, RunRecord } from "../../context.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { busy, noLongerValid, nothingToApply } from "../answers.ts";
import { planMessage, retired } from "../plan-message.ts";
import { applyProgressView, measuringNote, movesAfter } from "../progress-view.ts";
import { applyResultView, resultText } from "../result-view.ts";
import { MOST_MOVES_IN_CHAT, runMessage } from "../run-message.ts";

/** Applies a stored plan: exactly that plan, once, one run per connection. */
export const apply: Verb = defineVerb({
  summary:
    "Applies a plan: moves the guests, shows how far it is, and measures the balance at the end.",
  kind: "change",
  examples: ["apply P-7F3K"],
  aliases: ["aplicar"],
  positional: ["plan"],
  input: z.strictObject({ plan: z.string().describe("the id of the plan, for example P-7F3K") }),
  async *run(context, { plan }) {
    const id = plan.toUpperCase();
    const known = await context.plans.find(id);
    if (known?.plan.moves.length === 0) {
      yield { to: "person", view: nothingToApply(id) };
      return;
    }
    const run = context.runs.newId();
    const at = new Date(context.clock.now());
    const taken = await context.plans.settle(id, { kind: "applied", by: context.person, at, run });
    if (!taken.settled || taken.record === undefined) {
      yield { to: "person", view: noLongerValid(context, id, taken.record) };
      if (taken.record !== undefined) yield retired(context, taken.record);
      return;
    }
    yield* start(context, taken.record, run);
  },
});

async function* start(
  context: CommandContext,
  record: PlanRecord,
  runId: string,
): AsyncGenerator<Reply> {
  const { connection, plan } = record;
  try {
    const started = await context.runs.start(runId, record, context.person, () =>
      applyNow(context.kappa4, connection, plan),
    );
    if ("holder" in started) {
      await context.plans.reopen(record.id, runId);
      yield { to: "person", view: busy(started.holder, context.clock.now()) };
      return;
    }
    yield { to: "channel", subject: record.id, view: planMessage(context, record) };
    yield* follow(context, record, runId, started.run);
  } catch (error) {
    if (context.runs.find(runId) === undefined) await context.plans.reopen(record.id, runId);
    throw error;
  }
}

/** Stores the plan, has it carried out, and follows that. */
async function applyNow(
  kappa4: Kappa4,
  connection: string,
  plan: RebalancePlan,
): Promise<ApplyRun> {
  const stored = await kappa4.rebalance.adopt({ connection, plan });
  const answer = await kappa4.rebalance.apply({ plan: stored.id });
  if (answer.state === "started") return followApply(kappa4, stored, answer.run);
  throw new Kappa4Error(
    "failed_precondition",
    `Approval ${answer.approval.shortId} is needed first.`,
  );
}

async function* follow(
  context: CommandContext,
  record: PlanRecord,
  runId: string,
  run: ApplyRun,
): AsyncGenerator<Reply> {
  const ids = { run: runId, plan: record.id };
  const runNow = (): RunRecord | undefined => context.runs.find(runId);
  let moves: readonly MoveStatus[] = [];
  for await (const event of run) {
    moves = movesAfter(moves, event);
    const known = runNow();
    if (event.type === "finished" || known === undefined) break;
    const note = event.type === "measuring" ? capital(measuringNote(event.waitMs)) : undefined;
    yield {
      to: "channel",
      subject: runId,
      view: runMessage(context, { ...known, moves }, note),
    };
  }
  const result = await run.result;
  const stoppedBy = runNow()?.stoppedBy;
  const now = new Date(context.clock.now());
  const last = applyProgressView(
    { moves: result.moves, startedAt: result.startedAt, now },
    { ...ids, most: MOST_MOVES_IN_CHAT, note: resultText(result, stoppedBy) },
  );
  yield { to: "channel", subject: runId, view: last };
  yield {
    to: "thread",
    subject: runId,
    view: applyResultView(result, { ...ids, most: MOST_MOVES_IN_CHAT, stoppedBy }),
  };
}
