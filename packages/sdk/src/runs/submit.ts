import { type Clock, Kappa4Error } from "@kappa4/connectors";
import type { Caller } from "../actions/actor.ts";
import type { RunAnswer } from "../actions/answers.ts";
import { furtherFor } from "../actions/authorise.ts";
import type { FoundToday, RunAction, RunOrder } from "../actions/define.ts";
import {
  DEFAULT_POLICY,
  draftApproval,
  isFinal,
  type RiskClass,
  riskOf,
  transition,
} from "../approvals/index.ts";
import { factsOf, refusalError, type Subject } from "../approving/decide.ts";
import { callerAsPerson } from "../approving/people.ts";
import { tellAsked } from "../approving/tell-asked.ts";
import { tooFew } from "../approving/too-few.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import { newId } from "../ids.ts";
import type { Scope } from "../permissions/index.ts";
import { getPlan } from "../plans/get-plan.ts";
import { misfitOf } from "../plans/misfit.ts";
import { orderHash } from "../plans/plan-hash.ts";
import { shortId } from "../plans/short-id.ts";
import { editorsOf, storePlan } from "../plans/store-plan.ts";
import type { OrgTransaction, StoredApproval, StoredPlan } from "../store/index.ts";
import type { RunQueue } from "./queue.ts";
import { holdCluster, riskOfWork } from "./risk-of-work.ts";
import { startRun } from "./start-run.ts";
import { approvalView, planView, runView } from "./views.ts";

/** A stored class is higher only by what was moved before the plan was made, and does not count any more. */
const AS_PLANNED =
  "when it was planned, moves in the cluster that nobody had voted on counted with it";

/** What submitting stands on. */
export interface SubmitParts {
  readonly clock: Clock;
  readonly queue: RunQueue;
}

/** A piece of work that somebody wants done. */
export interface Submission {
  readonly caller: Caller;
  readonly action: RunAction<unknown, unknown>;
  readonly input: unknown;
  readonly order: RunOrder<unknown>;
  /** What was found outside, where somebody has looked. */
  readonly today?: FoundToday<unknown> | undefined;
  /** Why, for those who are asked. */
  readonly reason: string | undefined;
}

/**
 * Asks for approval of a piece of work, or starts it where nobody needs to be asked: plan, approval, run, job and
 * record in one transaction. Throws `not_found`, `plan_stale`, `conflict`, `permission`, `failed_precondition`.
 */
export async function submit(
  tx: OrgTransaction,
  parts: SubmitParts,
  submission: Submission,
): Promise<RunAnswer> {
  const { clock } = parts;
  const { caller, action, input, today, reason: given } = submission;
  const plan = await planOf(tx, clock, submission);
  await holdCluster(tx, plan);
  // Only now: whoever else applies it at this moment has done so by then, or comes after.
  if (submission.order.plan !== undefined) await refuseUnusable(tx, clock, plan, action);
  const subject = subjectOf(tx, action, plan);
  const known = await factsOf(tx, clock, subject);
  const by = await callerAsPerson(tx, caller, { ...subject, now: known.now });
  // Whoever holds the process was asked already, can stop what they watch, and has nobody to give a reason to.
  const isLocal = by.identity === "local" && known.policy.local === "trusted";
  const policy = isLocal ? { ...known.policy, undoMs: 0 } : known.policy;
  const reason = given ?? (isLocal ? "asked for by whoever holds this process" : undefined);
  const facts = { ...known, policy };
  const options = optionsOf(action, input);
  const hash = orderHash(plan.hash, options);
  const twin = await findTwin(tx, plan, hash);
  const found = await riskOfWork(tx, {
    ...{ action: action.name, cluster: plan.cluster, content: plan.content },
    ...{ isTrusted: isLocal, now: facts.now },
    ...{ local: policy.local, today },
    risk: (content) => action.risk(content),
  });
  // The class that a plan was shown with never falls: what counted then may have run out of its hour.
  const { risk, why } =
    isLocal || found.risk >= plan.risk ? found : { risk: plan.risk as RiskClass, why: AS_PLANNED };
  const draft = draftApproval({
    hash,
    submitted: { input, options },
    ...{ risk, why },
    plannedAt: plan.createdAt,
    editors: editorsOf(plan),
    concerned: action.concerns?.(plan.content),
  });
  const event = { kind: "request", by, reason, twin: twin?.shortId } as const;
  const requested = transition(draft, event, facts);
  if (!requested.ok) throw refusalError(requested.refusal);
  const approval: StoredApproval = {
    id: newId("apr", clock.now()),
    shortId: await shortId("A", async (id) => (await tx.approvals.findByShortId(id)) !== undefined),
    planId: plan.id,
    via: caller.via,
    createdAt: facts.now,
    approval: requested.next,
  };
  await tx.approvals.insert(approval);
  await putOnRecord(tx, clock, {
    caller,
    action: requested.next.state === "approved" ? "approval.granted" : "approval.requested",
    targets: [`approval:${approval.shortId}`, `plan:${plan.shortId}`],
    outcome: "done",
    reason,
    planHash: plan.hash,
    details: { risk: requested.next.risk, ...options },
  });
  const warnings = [
    action.warning?.(plan.content),
    tooFew(requested.effects, requested.next.risk),
  ].filter((warning) => warning !== undefined);
  const warned = warnings.length === 0 ? {} : { warning: warnings.join(" ") };
  if (requested.next.state !== "approved") {
    await tellAsked(tx, { caller, plan, stored: approval, effects: requested.effects });
    return { state: "waiting", plan: planView(plan), approval: approvalView(approval), ...warned };
  }
  const run = await startRun(tx, parts, { plan, approval, input });
  const consumed = planView({ ...plan, state: "consumed" });
  return { state: "started", plan: consumed, run: runView(run), ...warned };
}

/** What was said of how a plan is to be carried out. */
export function optionsOf(
  action: RunAction<unknown, unknown>,
  input: unknown,
): Readonly<Record<string, unknown>> {
  const options = Object.entries(action.options?.(input) ?? {});
  return Object.fromEntries(options.filter(([, value]) => value !== undefined));
}

/** The same plan is asked for once, however it is to be carried out. */
async function findTwin(
  tx: OrgTransaction,
  { id }: StoredPlan,
  hash: string,
): Promise<StoredApproval | undefined> {
  const same = await tx.approvals.findOpen(hash);
  if (same !== undefined) return same;
  const asked = await tx.approvals.findByPlan(id);
  return asked === undefined || isFinal(asked.approval.state) ? undefined : asked;
}

/**
 * Who may ask for it, and who may approve it. What that takes is for the action to say: of one that this version does not
 * know, the Admins, who may stop anything.
 */
export function subjectOf(
  { org }: OrgTransaction,
  action: RunAction<unknown, unknown> | undefined,
  { connection, input }: StoredPlan,
): Subject {
  if (action === undefined) {
    return { permission: "config.write", scope: { kind: "connection", org, connection } };
  }
  const { isAllowedFrozen } = action;
  const permission = furtherFor(action, input) ?? action.permission;
  const isOnPlatform = action.scope(input).kind === "platform";
  const scope: Scope = isOnPlatform
    ? { kind: "platform" }
    : { kind: "connection", org, connection };
  return { permission, scope, isAllowedFrozen };
}

async function planOf(
  tx: OrgTransaction,
  clock: Clock,
  { caller, action, input, order }: Submission,
): Promise<StoredPlan> {
  if (order.plan === undefined) {
    const { connection, cluster, content } = order;
    return storePlan(tx, clock, {
      ...{ caller, action: action.name, input, connection, cluster, content },
      binding: action.binding(content),
      risk: riskOf(action.risk(content)),
      validMs: DEFAULT_POLICY.planValidMs,
    });
  }
  return getPlan(tx, order.plan);
}

/** Says what speaks against using a plan: what became of it, its age, that it is not as it was stored, or does nothing. */
async function refuseUnusable(
  tx: OrgTransaction,
  clock: Clock,
  plan: StoredPlan,
  action: RunAction<unknown, unknown>,
): Promise<void> {
  const { shortId: name } = plan;
  if (plan.action !== action.name) {
    const message = `Plan ${name} is for ${plan.action}, not for ${action.name}.`;
    throw new Kappa4Error("invalid_argument", message);
  }
  const run = await tx.runs.findByPlan(plan.id);
  if (run !== undefined) {
    const message = `Plan ${name} was applied already, as run ${run.shortId}; make a new plan.`;
    throw new Kappa4Error("conflict", message, { retryable: false });
  }
  const asked = await tx.approvals.findByPlan(plan.id);
  if (asked !== undefined && isFinal(asked.approval.state)) {
    const message = `Plan ${name} was ${asked.approval.state.replace("_", " ")} (${asked.shortId}); make a new plan.`;
    throw new Kappa4Error("conflict", message, { retryable: false });
  }
  if (plan.state !== "draft") {
    const message = `Plan ${name} was ${plan.state}; make a new one.`;
    throw new Kappa4Error("conflict", message, { retryable: false });
  }
  if (plan.expiresAt.getTime() <= clock.now()) {
    throw new Kappa4Error("plan_stale", `Plan ${name} is too old to be applied; make a new one.`);
  }
  const misfit = misfitOf(tx, plan, action.binding);
  if (misfit !== undefined) {
    throw new Kappa4Error("plan_stale", `${misfit.sentence} Nothing was done; make a new plan.`);
  }
  if (!action.isIdle?.(plan.content)) return;
  const message = `Plan ${name} has nothing to do, so there is nothing to ask for; plan again when the cluster has changed.`;
  throw new Kappa4Error("failed_precondition", message);
}
