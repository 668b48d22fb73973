import { type ClusterCapability, Kappa4Error } from "@kappa4/connectors";
import type { RunContext, Systems } from "../actions/context.ts";
import type { Conclusion, RunAction, RunEnd } from "../actions/define.ts";
import type { StoredRun } from "../store/index.ts";
import type { StepState } from "./ledger.ts";

/** What a run is bound to: a cluster by its own name, wherever its connection leads by now. */
type Bond = Pick<StoredRun, "connection" | "cluster">;

/**
 * Carries out what a run is to do, in its own cluster alone. Where its connection leads to another one nothing is begun,
 * what was under way is `unknown`, since it cannot be followed there, and the run ends as stale.
 */
export async function executeBound<Input, Content>(
  action: Pick<RunAction<Input, Content>, "execute" | "left">,
  context: RunContext,
  run: Bond & { readonly content: Content; readonly input: Input },
): Promise<RunEnd | Conclusion> {
  const systems = boundSystems(context.systems, run);
  const stray = await strayed(systems, run, context.signal);
  if (stray === undefined) return action.execute({ ...context, systems }, run.content, run.input);
  const error = { code: stray.code, message: await leaveSteps(context, run, stray) };
  const result = (await action.left?.(context, run.content, error)) ?? null;
  return { state: "stale", result, error };
}

/**
 * Returns the systems as a run sees them: what its connection reads is read in its own cluster, or not at all, which
 * throws `plan_stale`.
 */
function boundSystems(systems: Systems, run: Bond): Systems {
  return {
    get names() {
      return systems.names;
    },
    get applying() {
      return systems.applying;
    },
    nameOf: (connection) => systems.nameOf(connection),
    get: (connection) => systems.get(connection),
    balancing: (connection, stored) => systems.balancing(connection, stored),
    async cluster(connection) {
      const cluster = await systems.cluster(connection);
      return systems.nameOf(connection) === run.connection ? boundCluster(cluster, run) : cluster;
    },
  };
}

function boundCluster(cluster: ClusterCapability, run: Bond): ClusterCapability {
  return {
    async snapshot(options) {
      const snapshot = await cluster.snapshot(options);
      refuseOther(run, snapshot.meta.name);
      return snapshot;
    },
    async state(options) {
      const state = await cluster.state(options);
      refuseOther(run, state.name);
      return state;
    },
    describeGuests: (ids, options) => cluster.describeGuests(ids, options),
    migrate: (id, target, options) => cluster.migrate(id, target, options),
    checkAccess: (options) => cluster.checkAccess(options),
  };
}

function refuseOther({ connection, cluster }: Bond, found: string): void {
  if (found === cluster) return;
  const message = `this plan is for cluster ${cluster}, and ${connection} leads to ${found} now: nothing more is done. Plan again.`;
  throw new Kappa4Error("plan_stale", message);
}

/** Says why a run is not in its own cluster; a system that has none to read, or does not answer now, says nothing. */
async function strayed(
  systems: Systems,
  { connection }: Bond,
  signal: AbortSignal | undefined,
): Promise<Kappa4Error | undefined> {
  if (!systems.names.includes(connection)) return undefined;
  try {
    await (await systems.cluster(connection)).state({ signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (Kappa4Error.is(error, "plan_stale")) return error;
  }
  return undefined;
}

/** Writes down that nobody can tell what becomes of the steps under way; returns what is to be said of it all. */
async function leaveSteps(
  { ledger }: RunContext,
  { cluster }: Bond,
  { code, message: why }: Kappa4Error,
): Promise<string> {
  const steps = await ledger.steps();
  const open = steps.filter(({ state }) => OPEN.includes(state));
  if (open.length === 0) return why;
  const message = `${why} What was under way cannot be followed there: look at ${cluster} itself.`;
  for (const { step } of open) {
    await ledger.settle(step, "unknown", { code, message, outcome: "unknown" });
  }
  return message;
}

const OPEN: readonly StepState[] = ["intent", "observed", "unknown"];
