import { policyOf } from "../approving/policy.ts";
import { storePlan } from "../plans/store-plan.ts";
import { riskOfWork } from "../runs/risk-of-work.ts";
import { submit } from "../runs/submit.ts";
import { planView } from "../runs/views.ts";
import { personOf } from "./actor.ts";
import { admit } from "./admission.ts";
import type { ChangeAction, PlanAction, ReadAction, RunAction } from "./define.ts";
import { judgedAnew } from "./judged-anew.ts";
import {
  baseContextOf,
  inOrgOf,
  type Passing,
  type PipelineParts,
  readContextOf,
} from "./passing.ts";
import { refuseFull } from "./quota.ts";
import { reachedBy } from "./reachable.ts";
import { record } from "./recording.ts";
import { transact } from "./transact.ts";

/**
 * Carries a call out by the kind of its action: what is looked at outside comes before the transaction, and after
 * admission; what was answered before under the same key is not looked at again.
 */
export async function carryOut(parts: PipelineParts, passing: Passing): Promise<unknown> {
  const { action } = passing;
  if (action.kind === "read") return read(parts, passing, action);
  if (action.kind !== "change" || action.check !== undefined) {
    const known = await admit(parts, passing);
    if (known !== undefined) return known.output;
  }
  switch (action.kind) {
    case "plan":
      return plan(parts, passing, action);
    case "change":
      return change(parts, passing, action);
    case "run":
      return run(parts, passing, action);
  }
}

async function read(
  parts: PipelineParts,
  passing: Passing,
  action: ReadAction<unknown, unknown>,
): Promise<unknown> {
  const { clock } = parts;
  const judgedAt = clock.now();
  await admit(parts, passing);
  const context = await readContextOf(parts, passing);
  const found = await action.run(
    {
      ...context,
      reached: (tx) => reachedBy(tx, passing, context.systems, new Date(parts.clock.now())),
    },
    passing.input,
  );
  const judge = (): Promise<unknown> => admit(parts, passing);
  const output = await judgedAnew(found, { clock, judgedAt, judge });
  if (action.isRecorded) {
    await inOrgOf(parts, passing, (tx) => record(tx, parts, passing, { outcome: "done" }));
  }
  return output;
}

async function plan(
  parts: PipelineParts,
  passing: Passing,
  action: PlanAction<unknown, unknown>,
): Promise<unknown> {
  const work = await action.run(await readContextOf(parts, passing), passing.input);
  const { caller, input } = passing;
  const { clock } = parts;
  return transact(parts, passing, async (tx) => {
    const { binding, ...rest } = work;
    const { planValidMs: validMs, local } = await policyOf(tx);
    const isTrusted = personOf(caller.actor) === undefined && local === "trusted";
    const { cluster, content } = work;
    const { risk } = await riskOfWork(tx, {
      ...{ action: action.appliedBy, cluster, content },
      ...{ isTrusted, local },
      now: new Date(clock.now()),
      risk: (judged) => action.risk(judged),
    });
    const made = { caller, action: action.appliedBy, input, binding, risk, validMs, ...rest };
    return planView(await storePlan(tx, clock, made));
  });
}

async function change(
  parts: PipelineParts,
  passing: Passing,
  action: ChangeAction<unknown, unknown, unknown>,
): Promise<unknown> {
  const { input } = passing;
  let found: unknown;
  if (action.check !== undefined) {
    found = await action.check(await readContextOf(parts, passing), input);
  }
  const queue = await parts.queue();
  const base = await baseContextOf(parts, passing);
  let isMade = false;
  const output = await transact(parts, passing, (tx) => {
    isMade = true;
    return action.run({ ...base, tx, queue }, input, found);
  });
  // What was answered before under the same key is not made again.
  if (isMade) action.after?.(found);
  return output;
}

async function run(
  parts: PipelineParts,
  passing: Passing,
  action: RunAction<unknown, unknown>,
): Promise<unknown> {
  const context = await readContextOf(parts, passing);
  const order = await action.order(context, passing.input);
  const today = order.plan === undefined ? undefined : await action.look?.(context, order.plan);
  const { caller, input } = passing;
  const queue = await parts.queue();
  const { clock } = parts;
  return transact(parts, passing, async (tx) => {
    await refuseFull(tx, action, new Date(clock.now()));
    const reason = action.reason(input);
    return submit(tx, { clock, queue }, { caller, action, input, order, today, reason });
  });
}
