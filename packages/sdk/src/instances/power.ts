import {
  type ChangeResult,
  type ComputeCapability,
  type Connector,
  type GuestId,
  Kappa4Error,
  type Operation,
} from "@kappa4/connectors";
import type { ReadContext, RunContext } from "../actions/context.ts";
import type { RunEnd, RunOrder } from "../actions/define.ts";
import type { RiskFacts } from "../approvals/index.ts";
import { moveErrorOf } from "../rebalance/account.ts";
import type { MoveError } from "../rebalance/events.ts";
import { getGuest } from "../rebalance/get-guest.ts";
import { beginStep } from "../runs/ledger.ts";
import type { InstanceInput } from "./inputs.ts";
import { type PowerFate, settlePower } from "./settle-power.ts";

/** A change of an instance's power before it is made, as plain data. */
export interface PowerChange {
  readonly verb: "start" | "stop" | "restart";
  readonly guest: GuestId;
  readonly name: string;
  /** How it is stopped. */
  readonly mode: "graceful" | "force" | null;
}

/** The one step of such a run. */
const STEP = 0;

/** Finds the instance that is meant, before anybody is asked. Throws `not_found`, `unsupported`. */
export async function powerOrder(
  { systems, signal }: ReadContext,
  { connection: named, guest }: InstanceInput,
  change: Pick<PowerChange, "verb" | "mode">,
): Promise<RunOrder<PowerChange>> {
  const connection = systems.nameOf(named);
  computeOf(await systems.get(connection));
  const cluster = await systems.cluster(connection);
  const snapshot = await cluster.snapshot({ signal });
  const { id, name } = getGuest(snapshot, guest);
  return { connection, cluster: snapshot.meta.name, content: { ...change, guest: id, name } };
}

/** Every change of power is of the usual class. */
export function powerRisk(): RiskFacts {
  return { kind: "power" };
}

/**
 * Makes a change of power, once: it is written down before it is handed over, when the outside system has accepted it,
 * and at its end; whoever goes on after a crash finds it again. Where the answer, or sight of it, is lost, what became
 * of it is looked for before anything is said.
 */
export async function makePowerChange(context: RunContext, change: PowerChange): Promise<RunEnd> {
  const { ledger, systems, connection, cancelled } = context;
  const earlier = (await ledger.steps()).find(({ step }) => step === STEP);
  if (earlier?.state === "done") return { state: "succeeded", result: earlier.result };
  if (earlier?.state === "failed") return failedBy(earlier.result as MoveError);
  if (earlier === undefined && cancelled.aborted) return leftAlone(change);
  const connector = await systems.get(connection);
  const token = earlier?.operation;
  if (token !== undefined) {
    return follow(context, change, async () => connector.resumeOperation(token) as Power);
  }
  if (earlier === undefined) await refuseOther(context, change);
  else {
    const fate = await settlePower(context, change);
    // What was certainly never made is made now, for the first time.
    const isToBeMade = fate !== "unknown" && "stays" in fate;
    if (!isToBeMade) return settled(context, endIn(fate, change, leftBy(change)));
  }
  const { guest, verb, mode } = change;
  const compute = computeOf(connector);
  // What stands in the way of its beginning is no fault of the change, and stands in no step.
  if (!(await beginStep(ledger, STEP, { verb, guest, mode }))) return leftAlone(change);
  return follow(context, change, () => handOver(context, compute, change));
}

type Power = Operation<ChangeResult>;

/** Waits for the end of a change; where that, or the answer to it, is out of sight, what became of it is looked for. */
async function follow(
  context: RunContext,
  change: PowerChange,
  begin: () => Promise<Power>,
): Promise<RunEnd> {
  let operation: Power | undefined;
  try {
    operation = await begin();
    return await settled(context, { made: await operation.done() });
  } catch (thrown) {
    const error = moveErrorOf(thrown);
    if (error.outcome !== "unknown") return settled(context, { failed: error });
    // Whoever goes on after this process looks as well.
    await context.ledger.settle(STEP, "unknown", error);
    const fate = await settlePower(context, change, operation);
    return settled(context, endIn(fate, change, error));
  }
}

/** How a run ends that somebody stopped before the change was handed over. */
function leftAlone({ name, verb }: PowerChange): RunEnd {
  const message = `${name} was left as it is: the run was cancelled before the ${verb}.`;
  return { state: "cancelled", result: null, error: { code: "conflict", message } };
}

type PowerEnd = { readonly made: ChangeResult } | { readonly failed: MoveError };

/** Says what a fate comes to; `error` is why nobody saw the end. */
function endIn(fate: PowerFate, { name, verb }: PowerChange, error: MoveError): PowerEnd {
  if (fate === "unknown") return { failed: error };
  if (!("stays" in fate)) return fate;
  const message = `${name} is still ${fate.stays}: the ${verb} did not happen; ask again.`;
  return { failed: { code: error.code, message, outcome: "not_applied" } };
}

/** Writes down how a change ended; what is unknown stays open. */
async function settled({ ledger }: RunContext, end: PowerEnd): Promise<RunEnd> {
  if ("made" in end) {
    await ledger.settle(STEP, "done", end.made);
    return { state: "succeeded", result: end.made };
  }
  const { failed } = end;
  await ledger.settle(STEP, failed.outcome === "unknown" ? "unknown" : "failed", failed);
  return failedBy(failed);
}

/** Why nobody saw the end of a change that an earlier process was about to hand over. */
function leftBy({ name }: PowerChange): MoveError {
  const message = `The process that was to change ${name} ended before the answer came, and nobody can tell whether it was done; look at it before you ask again.`;
  return { code: "unavailable", message, outcome: "unknown" };
}

/** An id can be another instance's by now: what is approved is one with that name. */
async function refuseOther(
  { systems, connection, signal }: RunContext,
  { guest, name }: PowerChange,
): Promise<void> {
  const { guests } = await (await systems.cluster(connection)).state({ signal });
  if (guests.some((one) => one.id === guest && one.name === name)) return;
  const message = `${guest} is not ${name} any more; nothing was done. Look at it, then ask again.`;
  throw new Kappa4Error("plan_stale", message);
}

async function handOver(
  { ledger }: RunContext,
  compute: ComputeCapability,
  change: PowerChange,
): Promise<Power> {
  const { guest, verb, mode } = change;
  ledger.hold();
  const operation =
    verb === "stop"
      ? await compute.stop(guest, { mode: mode ?? undefined })
      : await compute[verb](guest);
  await ledger.observe(STEP, operation.token);
  return operation;
}

/** Returns the ability of a connector to change power. Throws `unsupported`. */
function computeOf({ compute, connection, kind }: Connector): ComputeCapability {
  if (compute !== undefined) return compute;
  const message = `${connection} (${kind}) cannot start or stop instances.`;
  throw new Kappa4Error("unsupported", message, { context: { connector: connection } });
}

function failedBy({ code, message }: MoveError): RunEnd {
  const state = code === "plan_stale" ? "stale" : "failed";
  return { state, result: null, error: { code, message } };
}
