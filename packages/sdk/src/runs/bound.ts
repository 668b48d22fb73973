import { type ClusterCapability, Kappa4Error } from "@kappa4/connectors";
import type { RunContext, Systems } from "../actions/context.ts";
import type { Conclusion, RunAction, RunEnd } from "../actions/define.ts";
import type { StoredRun } from "../store/index.ts";
import { leaveRun, openSteps } from "./leave-run.ts";

/** What a run is bound to: a cluster by its own name, wherever its connection leads by now. */
type Bond = Pick<StoredRun, "connection" | "cluster">;

/** How long a system with something under way has to say which one it is, and how often it is asked. */
const PATIENCE_MS = 300_000;
const PAUSE_MS = 5_000;

/**
 * Carries out what a run is to do, in its own cluster alone. Where its connection leads to another one nothing is begun,
 * what was under way is `unknown`, since it cannot be followed there, and the run ends as stale. What was under way is
 * not followed before the cluster has said its name: a system that is away is waited for, and after five minutes it is
 * `unknown` as well, and the run has failed.
 */
export async function executeBound<Input, Content>(
  action: Pick<RunAction<Input, Content>, "execute" | "left">,
  context: RunContext,
  run: Bond & { readonly content: Content; readonly input: Input },
): Promise<RunEnd | Conclusion> {
  const systems = boundSystems(context, run);
  const stray = await strayed({ ...context, systems }, run);
  if (stray === undefined) return action.execute({ ...context, systems }, run.content, run.input);
  const { code, message } = stray;
  const state = code === "plan_stale" ? "stale" : "failed";
  return leaveRun(action, context, run, { state, code, message });
}

/**
 * Returns the systems as a run sees them: what its connection reads is read in its own cluster, or not at all, which
 * throws `plan_stale`.
 */
function boundSystems(context: RunContext, run: Bond): Systems {
  const { systems } = context;
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
      return systems.nameOf(connection) === run.connection
        ? boundCluster(cluster, context, run)
        : cluster;
    },
  };
}

function boundCluster(
  cluster: ClusterCapability,
  { clock, signal }: RunContext,
  run: Bond,
): ClusterCapability {
  async function inItsOwn<Seen>(read: () => Promise<Seen>, nameOf: (seen: Seen) => string) {
    const seen = await read();
    if (nameOf(seen) === run.cluster) return seen;
    // One odd answer is no other cluster.
    await clock.sleep(PAUSE_MS, signal);
    const again = await read();
    refuseOther(run, nameOf(again));
    return again;
  }
  return {
    snapshot: (options) =>
      inItsOwn(
        () => cluster.snapshot(options),
        ({ meta }) => meta.name,
      ),
    state: (options) =>
      inItsOwn(
        () => cluster.state(options),
        ({ name }) => name,
      ),
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

/**
 * Says why a run is not known to be in its own cluster. A system that has none to read says nothing, and so does one that
 * does not answer while nothing is under way: nothing is begun that is not looked at first.
 */
async function strayed(context: RunContext, run: Bond): Promise<Kappa4Error | undefined> {
  const { systems, ledger, clock, logger, signal } = context;
  const { connection, cluster } = run;
  if (!systems.names.includes(connection)) return undefined;
  const since = clock.now();
  for (let tries = 1; ; tries += 1) {
    const error = await nameRefused(context, run);
    if (error === undefined || error.code === "plan_stale") return error;
    if (error.code === "unsupported" || (await openSteps(ledger)).length === 0) return undefined;
    if (tries === 1) logger.warn({ connection, cluster, error }, "a run waits for its cluster");
    if (clock.now() - since >= PATIENCE_MS) return silent(run, error);
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** Reads the name of a run's cluster, which is compared with the run's; returns what speaks against it. */
async function nameRefused(
  { systems, signal }: RunContext,
  { connection }: Bond,
): Promise<Kappa4Error | undefined> {
  try {
    await (await systems.cluster(connection)).state({ signal });
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (Kappa4Error.is(error)) return error;
    return new Kappa4Error("internal", `${connection} cannot be read.`, { cause: error });
  }
}

function silent({ connection, cluster }: Bond, cause: Kappa4Error): Kappa4Error {
  const message = `${connection} cannot be read, so nobody can tell whether it leads to ${cluster}: nothing more is done.`;
  return new Kappa4Error(cause.code, message, { cause });
}
