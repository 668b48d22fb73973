import { Kappa4Error } from "@kappa4/connectors";
import type { ApprovalView, PlanView, RunAnswer, RunView } from "../../actions/answers.ts";
import type { ChangeContext } from "../../actions/context.ts";
import type { RunAction } from "../../actions/define.ts";
import type { ApprovalEvent, ApprovalFacts, ApprovalState, Person } from "../../approvals/index.ts";
import { putOnRecord } from "../../audit/put-on-record.ts";
import { endQueued, WITHDRAWN } from "../../runs/end-run.ts";
import { holdCluster } from "../../runs/risk-of-work.ts";
import { startRun } from "../../runs/start-run.ts";
import { subjectOf } from "../../runs/submit.ts";
import { approvalView, planView, runView } from "../../runs/views.ts";
import type { StoredPlan } from "../../store/index.ts";
import { decide, factsOf } from "../decide.ts";
import { getApproval } from "../get-approval.ts";
import { callerAsPerson } from "../people.ts";
import { knownRunAction, runActionOf } from "../run-action-of.ts";
import { supersedeOlder } from "../supersede.ts";
import { tellDecided, tellOf } from "../tell.ts";
import { tellRisen } from "../tell-risen.ts";

/** What is decided on. */
export interface Decidable {
  /** Undefined where this version does not know it. */
  readonly action: RunAction<unknown, unknown> | undefined;
  readonly plan: StoredPlan;
}

/** Makes the event of a person, by what else is known in that moment. */
export type EventOf = (
  by: Person,
  facts: ApprovalFacts,
  what: Decidable,
) => ApprovalEvent | Promise<ApprovalEvent>;

/** What became of an approval by somebody's decision, and what it is about. */
export interface Decision {
  /** As it stands now, for example `denied`. */
  readonly state: ApprovalState;
  readonly plan: PlanView;
  readonly approval: ApprovalView;
}

/** The same, with the run where the decision has started one. */
export interface DecisionWithRun extends Decision {
  readonly run?: RunView | undefined;
}

/** Says whether the work is on its way now, or waits for more people. */
export function asRunAnswer({ plan, approval, run }: DecisionWithRun): RunAnswer {
  if (run === undefined) return { state: "waiting", plan, approval };
  return { state: "started", plan, run };
}

/**
 * Lets a person, and no schedule in their name, decide on an approval, and starts the run in the same transaction when that was what it lacked.
 * Throws what the refusal means, and `unsupported` where this version does not know what would start.
 */
export async function decideAs(
  context: ChangeContext,
  name: string,
  word: string,
  eventOf: EventOf,
): Promise<DecisionWithRun> {
  const { tx, clock, caller, queue } = context;
  const { id, planId } = await getApproval(tx, name);
  const plan = await tx.plans.find(planId);
  if (plan !== undefined) await holdCluster(tx, plan);
  const stored = await tx.approvals.lock(id);
  if (stored === undefined || plan === undefined) {
    throw new Kappa4Error(
      "internal",
      "An approval lacks its plan; restore the store from a backup.",
    );
  }
  const action = knownRunAction(context.actionOf(plan.action));
  const subject = subjectOf(tx, action, plan);
  const facts = await factsOf(tx, clock, subject);
  const by = await callerAsPerson(tx, caller, { ...subject, now: facts.now });
  const event = await eventOf(by, facts, { action, plan });
  if (caller.actor.kind === "schedule" && event.kind !== "withdraw") {
    const message = "A schedule decides on no approval: that takes a person who looks at it.";
    throw new Kappa4Error("permission", message);
  }
  const decided = await decide(tx, stored, event, facts);
  const { shortId } = stored;
  await putOnRecord(tx, clock, {
    caller,
    action: `approval.${word}`,
    targets: [`approval:${shortId}`, `plan:${plan.shortId}`],
    outcome: "done",
    planHash: plan.hash,
    ...("reason" in event && event.reason !== undefined ? { reason: event.reason } : {}),
    details: {
      state: decided.stored.approval.state,
      ...("ticket" in event ? { ticket: event.ticket } : {}),
    },
  });
  for (const effect of decided.effects) {
    if (effect.kind === "tell_risen") {
      await tellRisen(tx, clock, { ...decided, plan, caller, people: effect.people });
    }
    if (effect.kind !== "alarm") continue;
    const { people, ticket } = effect;
    const summary = `EMERGENCY (${ticket}): ${by.name} went past those who approve plan ${plan.shortId} on ${plan.cluster}, approval ${shortId}.`;
    const news = { what: "alarm", at: facts.now, people, summary, details: { ticket } } as const;
    await tellOf(tx, facts.now, { stored, plan }, news);
  }
  const told = decided.effects.flatMap((effect) => (effect.kind === "alarm" ? effect.people : []));
  const isAsker = told.includes(decided.stored.approval.request?.by ?? "");
  if (event.kind !== "acknowledge" && !isAsker) {
    await tellDecided(tx, facts.now, { stored: decided.stored, plan }, by.id);
  }
  if (decided.stored.approval.state === "withdrawn") {
    await endQueued(tx, clock, plan.id, WITHDRAWN);
  }
  const isCleared =
    stored.approval.state === "pending" && decided.stored.approval.state === "approved";
  const { state } = decided.stored.approval;
  const answer = { state, plan: planView(plan), approval: approvalView(decided.stored) };
  if (!isCleared) return answer;
  const { stored: approval } = decided;
  const starting = { caller, action: runActionOf(action), plan, risk: approval.approval.risk };
  await supersedeOlder(tx, clock, starting);
  const { input } = approval.approval.submitted ?? plan;
  const run = await startRun(tx, { clock, queue }, { plan, approval, input });
  return { ...answer, plan: planView({ ...plan, state: "consumed" }), run: runView(run) };
}
