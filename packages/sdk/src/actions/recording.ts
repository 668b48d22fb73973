import { type ErrorCode, Kappa4Error } from "@kappa4/connectors";
import { putOnRecord } from "../audit/put-on-record.ts";
import { targetsIn } from "../audit/targets-in.ts";
import type { OrgTransaction } from "../store/index.ts";
import type { Caller } from "./actor.ts";
import type { PlanView, RunAnswer } from "./answers.ts";
import type { Action } from "./define.ts";
import { inOrgOf, type Passing, type PipelineParts, surroundingsFor } from "./passing.ts";
import { countCall, isCounted } from "./rate.ts";

/** How a call ended, for the record. */
export type Outcome =
  | {
      readonly outcome: "done";
      /** What was answered: the record names what the call was about by it. Default: nothing of it. */
      readonly output?: unknown;
    }
  | { readonly outcome: "refused" | "failed"; readonly error: Kappa4Error };

/** Puts a call on record, and counts it, in the transaction of its effect or of its refusal; reads count where they are refused. */
export async function record(
  tx: OrgTransaction,
  parts: PipelineParts,
  passing: Passing,
  end: Outcome,
): Promise<void> {
  const { clock, hide } = parts;
  const { caller, action, input, options } = passing;
  const { targets, details, reason } = action.audit(input);
  const where = await whereIn(action, input, parts, caller);
  if (!isCounted(passing) && (action.kind !== "read" || end.outcome === "refused")) {
    await countCall(tx, caller, action, new Date(clock.now()));
  }
  const error = end.outcome === "done" ? undefined : end.error;
  const output = end.outcome === "done" ? end.output : undefined;
  const plan = output === undefined ? undefined : planIn(action, output);
  const named = [...targetsIn(output), ...concerned(action, plan)];
  await putOnRecord(tx, clock, {
    caller,
    action: action.name,
    targets: [...new Set([...where, ...targets, ...named])],
    outcome: end.outcome,
    planHash: plan?.hash,
    permission: action.permission,
    code: error?.code,
    reason: error === undefined ? reason : hide(error.message),
    // What speaks against it stands in its place then.
    details: error === undefined || reason === undefined ? details : { ...details, reason },
    requestKey: options.requestKey,
  });
}

/** What may not be is refused, though only the effect itself could tell: a vote for oneself, a store without room. */
const REFUSALS: readonly ErrorCode[] = ["permission", "quota"];

/** What an outside system does not let Kappa4 do is no refusal of whoever asked. */
export function outcomeOf({ code, context }: Kappa4Error): "refused" | "failed" {
  return context.connector === undefined && REFUSALS.includes(code) ? "refused" : "failed";
}

/** What failed had no effect; that it was tried is put on record by itself, if the store still answers. */
export async function recordFailure(
  parts: PipelineParts,
  passing: Passing,
  thrown: unknown,
): Promise<void> {
  const error = Kappa4Error.is(thrown) ? thrown : new Kappa4Error("internal", "It failed inside.");
  try {
    const outcome = outcomeOf(error);
    await inOrgOf(parts, passing, (tx) => record(tx, parts, passing, { outcome, error }));
  } catch (cause) {
    const { action } = passing;
    parts.logger.error({ action: action.name, cause }, "a failure could not be put on record");
  }
}

/** The connection that it is about, also where it is the only one, and was not named. */
async function whereIn(
  action: Action,
  input: unknown,
  parts: PipelineParts,
  caller: Caller,
): Promise<readonly string[]> {
  const scope = action.scope(input);
  if (scope.kind !== "connection") return [];
  if (scope.connection !== undefined) return [`connection:${scope.connection}`];
  const { systems } = await surroundingsFor(parts, caller);
  const [only, ...others] = systems.names;
  return only === undefined || others.length > 0 ? [] : [`connection:${only}`];
}

/** Those from whom it takes something, whatever was typed to say so. */
function concerned(action: Action, plan: PlanView | undefined): readonly string[] {
  if (action.kind !== "run" || plan === undefined) return [];
  return (action.concerns?.(plan.content) ?? []).map((id) => `user:${id}`);
}

/** The plan that a call made, decided on, or has carried out: what of the record belongs together is found by it. */
function planIn({ kind }: Action, output: unknown): PlanView | undefined {
  if (kind === "plan") return output as PlanView;
  const { plan } = Object(output) as Partial<RunAnswer>;
  return typeof plan?.hash === "string" ? plan : undefined;
}

const recorded = new WeakSet<object>();

/** Notes that the record of a refusal is written already, or that it is left out of it. */
export function markRecorded(error: Kappa4Error): void {
  recorded.add(error);
}

/** Tells whether the record of what was thrown is written already, or left out. */
export function isRecorded(error: unknown): boolean {
  return typeof error === "object" && error !== null && recorded.has(error);
}
