import type { Clock } from "@kappa4/connectors";
import { z } from "zod";
import type { Caller } from "../../actions/actor.ts";
import type { ApprovalView } from "../../actions/answers.ts";
import type { ChangeContext } from "../../actions/context.ts";
import { type ChangeAction, defineAction, type RunEnd } from "../../actions/define.ts";
import { onOrg } from "../../actions/scopes.ts";
import {
  type Approval,
  acknowledgersOf,
  approversOf,
  type Person,
  transition,
} from "../../approvals/index.ts";
import { putOnRecord } from "../../audit/put-on-record.ts";
import { OURSELVES } from "../../ourselves.ts";
import { endQueued } from "../../runs/end-run.ts";
import { subjectOf } from "../../runs/submit.ts";
import { approvalView } from "../../runs/views.ts";
import type { OrgTransaction, StoredPlan, StoredRun } from "../../store/index.ts";
import { systemOnly } from "../../users/system-only.ts";
import { factsOf } from "../decide.ts";
import { type DueNow, dueNow } from "../due-now.ts";
import { policyOf } from "../policy.ts";
import { type ApprovalNews, tellDecided, tellOf } from "../tell.ts";

/** `approvals.attend` */
export const attend: ChangeAction<object, readonly ApprovalView[]> = defineAction<
  object,
  readonly ApprovalView[]
>({
  name: "approvals.attend",
  description:
    "Does what has fallen due: reminds of requests, ends what nobody has decided or started in its time, asks for the acknowledgement of emergencies.",
  kind: "change",
  risk: 0,
  permission: "system.write",
  input: z.strictObject({}),
  ...onOrg,
  audit: () => ({ targets: ["approvals"] }),
  async run(context) {
    const { tx, clock, caller } = context;
    systemOnly(caller);
    const attended: ApprovalView[] = [];
    for (const one of await dueNow(tx, new Date(clock.now()))) {
      const stored = await tx.approvals.lock(one.stored.id);
      // Somebody was quicker, and has changed what is due.
      if (stored?.approval.version !== one.stored.approval.version) continue;
      const isDeadline = one.due.what === "deadline";
      const next = isDeadline ? await expire(tx, clock, caller, one) : await ask(context, one);
      if (next !== undefined) attended.push(approvalView({ ...stored, approval: next }));
    }
    return attended;
  },
});

async function expire(
  tx: OrgTransaction,
  clock: Clock,
  caller: Caller,
  { stored }: DueNow,
): Promise<Approval | undefined> {
  const { id, shortId, approval, planId } = stored;
  const facts = {
    ...{ now: new Date(clock.now()), policy: await policyOf(tx) },
    ...{ isFrozen: false, people: [] },
  };
  const result = transition(approval, { kind: "deadline" }, facts);
  if (!result.ok || !(await tx.approvals.save(id, result.next))) return undefined;
  await putOnRecord(tx, clock, {
    caller,
    action: "approval.expired",
    targets: [`approval:${shortId}`],
    outcome: "done",
    planHash: approval.hash,
  });
  const plan = await tx.plans.find(planId);
  if (plan !== undefined) {
    // A worker that comes to it in this moment waits for the approval, and finds both ended.
    const [ahead] = await tx.runs.list({ states: ["running"], cluster: plan.cluster, limit: 1 });
    await endQueued(tx, clock, planId, notBegun(plan, ahead));
    await tellDecided(
      tx,
      facts.now,
      { stored: { ...stored, approval: result.next }, plan },
      undefined,
    );
  }
  return result.next;
}

/** How a run ends that was approved, and that nobody came to in time. */
function notBegun(plan: StoredPlan, ahead: StoredRun | undefined): RunEnd {
  const { shortId } = plan;
  const where = ahead === undefined ? whoWasNotThere(plan) : whatWasAhead(ahead);
  const message = `Nobody began plan ${shortId} before its time to start was over, and nothing was done; ${where}, then plan and ask again.`;
  return { state: "failed", result: null, error: { code: "approval_expired", message } };
}

function whoWasNotThere({ connection }: StoredPlan): string {
  if (connection === OURSELVES.connection) return "look whether Kappa4 runs";
  return `look whether a Kappa4 runs that has the connection ${connection}`;
}

/** One run at a time changes a cluster: who looks for programs then looks in the wrong place. */
function whatWasAhead({ shortId, cluster, connection }: StoredRun): string {
  return `run ${shortId} has begun on ${cluster} and is not over: wait for it, cancel it, or look whether a Kappa4 runs that has its connection ${connection}`;
}

/** Reminds, or asks for an acknowledgement: those who can give what is missing, as they stand now. */
async function ask(
  { tx, clock, actionOf }: ChangeContext,
  { stored, due }: DueNow,
): Promise<Approval | undefined> {
  const { what, at } = due;
  const plan = await tx.plans.find(stored.planId);
  if (plan === undefined || what === "deadline") return undefined;
  const action = actionOf(plan.action);
  const { people } =
    action?.kind === "run" ? await factsOf(tx, clock, subjectOf(tx, action, plan)) : { people: [] };
  const news = { what, at, ...ASKING[what](stored.approval, people, nameOf(stored, plan)) };
  const isNew = await tellOf(tx, new Date(clock.now()), { stored, plan }, news);
  return isNew ? stored.approval : undefined;
}

function nameOf({ shortId }: DueNow["stored"], plan: StoredPlan): string {
  return `approval ${shortId} of plan ${plan.shortId} on ${plan.cluster}`;
}

type Asking = (
  approval: Approval,
  people: readonly Person[],
  name: string,
) => Pick<ApprovalNews, "people" | "summary">;

const ASKING: Readonly<Record<"remind" | "acknowledge" | "overdue", Asking>> = {
  remind: (approval, people, name) => ({
    people: approversOf(approval, people).map(({ id }) => id),
    summary: `Still undecided: ${name}.`,
  }),
  acknowledge: (approval, people, name) => ({
    people: acknowledgersOf(approval, people).map(({ id }) => id),
    summary: `Another Admin has to acknowledge the emergency in ${name}.`,
  }),
  overdue: (approval, people, name) => ({
    people: acknowledgersOf(approval, people).map(({ id }) => id),
    summary: `Nobody has acknowledged in time the emergency in ${name}.`,
  }),
};
