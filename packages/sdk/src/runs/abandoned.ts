import type { Clock, Logger } from "@kappa4/connectors";
import type { RunAction } from "../actions/define.ts";
import type { Id } from "../ids.ts";
import type { Store, StoredRun } from "../store/index.ts";
import { tryEach } from "../try-each.ts";
import { endRun } from "./end-run.ts";
import { HeldLease } from "./held-lease.ts";
import { leaveRun } from "./leave-run.ts";
import type { RunJob } from "./queue.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { storeLedger } from "./store-ledger.ts";

/** What looking after abandoned runs stands on. */
export interface AbandonedParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly stopwatch: Stopwatch;
  readonly logger: Logger;
  /** This process, for people. */
  readonly holder: string;
  /** Those of this process: their runs are its worker's. */
  readonly connections: readonly string[];
  /** Finds an action that this process knows by its name: the runs of others are left to who knows them. */
  actionOf(name: string): Pick<RunAction<never, unknown>, "left"> | undefined;
}

/** What this process has seen of a run that nobody goes on with. */
interface Sight {
  readonly from: number;
  isTold: boolean;
}

/** Whoever has the connection takes a run up within seconds, and starts again within minutes. */
const PATIENCE_MS = 10 * 60_000;
const MOST = 500;

/**
 * Looks after runs that have begun, that nobody goes on with, and that this process cannot go on with, as it lacks their
 * connection or does not know their action: once that has been so for ten minutes it is logged, and a run that somebody asked to stop is
 * ended, what was under way as `unknown`; at once where the store is embedded. How long it has been so is what this
 * process has seen, whatever the clocks say.
 */
export function lookAfterAbandoned(
  parts: AbandonedParts,
): (orgs: readonly Id<"org">[]) => Promise<void> {
  const { store, stopwatch, logger, connections } = parts;
  let seen: ReadonlyMap<Id<"org">, Map<Id<"run">, Sight>> = new Map();

  async function lookAt(org: Id<"org">): Promise<void> {
    const running = await store.inOrg(org, (tx) =>
      tx.runs.list({ states: ["running"], limit: MOST }),
    );
    const others = running.filter(
      ({ connection, action }) =>
        !connections.includes(connection) || parts.actionOf(action) === undefined,
    );
    const sights = seen.get(org) ?? new Map<Id<"run">, Sight>();
    const ids = new Set(others.map(({ id }) => id));
    // Somebody has gone on with it, or ended it.
    for (const id of sights.keys()) if (!ids.has(id)) sights.delete(id);
    await tryEach(others, async (run) => {
      const held = await store.inOrg(org, (tx) => tx.leases.find(run.cluster));
      if (held !== undefined) return sights.delete(run.id);
      const sight = sights.get(run.id) ?? { from: stopwatch.now(), isTold: false };
      sights.set(run.id, sight);
      const isToStop = run.cancelAskedAt !== null;
      // Nobody else can have an embedded store open: there is nobody to wait for.
      const patienceMs = isToStop && store.engine === "embedded" ? 0 : PATIENCE_MS;
      if (stopwatch.now() - sight.from < patienceMs) return;
      if (isToStop) {
        await abandon(parts, { org, run: run.id }, run);
        sights.delete(run.id);
      } else if (!sight.isTold) {
        const { shortId, connection, action } = run;
        logger.warn(
          { org, run: shortId, connection, action },
          "nobody has gone on with a run for ten minutes, and this program cannot; start one that has its connection and knows its action, or cancel the run",
        );
        sight.isTold = true;
      }
    });
  }

  return async (orgs) => {
    seen = new Map(orgs.map((org) => [org, seen.get(org) ?? new Map()]));
    await tryEach(orgs, lookAt);
  };
}

/** Ends it under the lease of its cluster, so that nobody takes it up meanwhile. */
async function abandon(parts: AbandonedParts, job: RunJob, run: StoredRun): Promise<void> {
  const { store, clock, stopwatch, holder, connections } = parts;
  const claim = { ...job, cluster: run.cluster, holder };
  const lease = await HeldLease.take(store, claim, stopwatch);
  if (!(lease instanceof HeldLease)) return;
  try {
    const plan = await store.inOrg(job.org, (tx) => tx.plans.find(run.planId));
    const { shortId, connection, cluster } = run;
    const lacks = connections.includes(connection)
      ? `does not know ${run.action}`
      : `has no connection ${connection}`;
    const message = `Run ${shortId} was to stop, and nobody went on with it; this Kappa4 ${lacks}.`;
    const ledger = storeLedger({ ...job, connection, cluster, store, clock, lease });
    const action = plan && parts.actionOf(run.action);
    const left = { cluster, content: plan?.content };
    const how = { state: "failed", code: "unavailable", message } as const;
    const end = await leaveRun(action, { ledger, clock }, left, how);
    await endRun(parts, job, lease.fence, end);
  } finally {
    await lease.release();
  }
}
