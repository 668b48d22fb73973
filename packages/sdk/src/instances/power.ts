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
import type { Step } from "../runs/ledger.ts";
import type { InstanceInput } from "./inputs.ts";
import { settlePower } from "./settle-power.ts";

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
 * and at its end; whoever goes on after a crash finds it again.
 */
export async function makePowerChange(context: RunContext, change: PowerChange): Promise<RunEnd> {
  const { ledger, systems, connection, cancelled } = context;
  const earlier = (await ledger.steps()).find(({ step }) => step === STEP);
  if (earlier?.state === "done") return { state: "succeeded", result: earlier.result };
  if (earlier?.state === "failed") return failedBy(earlier.result as MoveError);
  if (earlier === undefined && cancelled.aborted) return { state: "cancelled", result: null };
  const connector = await systems.get(connection);
  if (earlier === undefined) await refuseOther(context, change);
  try {
    const operation = await begun(context, connector, change, earlier);
    const result = operation === "made" ? { changed: true } : await operation.done();
    await ledger.settle(STEP, "done", result);
    return { state: "succeeded", result };
  } catch (thrown) {
    const error = moveErrorOf(thrown);
    await ledger.settle(STEP, error.outcome === "unknown" ? "unknown" : "failed", error);
    return failedBy(error);
  }
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

type Begun = Operation<ChangeResult> | "made";

async function begun(
  context: RunContext,
  connector: Connector,
  change: PowerChange,
  earlier: Step | undefined,
): Promise<Begun> {
  if (earlier?.operation !== undefined) {
    return connector.resumeOperation(earlier.operation) as Operation<ChangeResult>;
  }
  if (earlier !== undefined && (await settlePower(context, change)) === "made") return "made";
  return handOver(context, computeOf(connector), change);
}

async function handOver(
  { ledger }: RunContext,
  compute: ComputeCapability,
  change: PowerChange,
): Promise<Operation<ChangeResult>> {
  const { guest, verb, mode } = change;
  await ledger.intend(STEP, { verb, guest, mode });
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
