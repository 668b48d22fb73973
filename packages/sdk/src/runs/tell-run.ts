import type { Clock } from "@kappa4/connectors";
import type { RunEnd } from "../actions/define.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import type { EventType } from "../events/types.ts";
import { newId } from "../ids.ts";
import type { OrgTransaction, StoredEvent, StoredRun } from "../store/index.ts";

/** Puts on record, and among the events, that a run has begun: once, whoever goes on with it. */
export async function tellStarted(
  tx: OrgTransaction,
  clock: Clock,
  run: StoredRun,
  planHash: string,
): Promise<void> {
  const { shortId, action, cluster } = run;
  await putOnRecord(tx, clock, {
    ...aboutRun(tx.org, run, "run.started"),
    ...{ outcome: "done", planHash, details: { action } },
  });
  const summary = `Run ${shortId} of ${action} on ${cluster} has begun.`;
  await tx.events.insert({
    ...eventOf(clock, run, "run.started"),
    ...{ severity: "info", summary, data: dataOf(run) },
  });
}

/**
 * Puts among the events that a run goes on after a break, in another process or in the same one, once for each lease: how
 * long it took is only understood by who knows that nobody worked on it for a while.
 */
export async function tellResumed(
  tx: OrgTransaction,
  clock: Clock,
  run: StoredRun,
  fence: number,
): Promise<void> {
  const { shortId, action, cluster } = run;
  const summary = `Run ${shortId} of ${action} on ${cluster} goes on: for a while no process had it.`;
  await tx.events.insert({
    ...eventOf(clock, run, "run.resumed"),
    ...{ severity: "notice", summary, data: dataOf(run) },
    dedupeKey: `run.resumed:${run.id}:${fence}`,
  });
}

/** Puts on record, and among the events, how a run has ended. */
export async function tellEnded(
  tx: OrgTransaction,
  clock: Clock,
  run: StoredRun,
  state: StoredRun["state"],
  { error }: RunEnd,
): Promise<void> {
  const { shortId, action, cluster } = run;
  await putOnRecord(tx, clock, {
    ...aboutRun(tx.org, run, "run.ended"),
    outcome: state === "succeeded" ? "done" : "failed",
    code: error?.code,
    reason: error?.message,
    details: { action, state },
  });
  await tx.events.insert({
    ...eventOf(clock, run, "run.ended"),
    severity: state === "succeeded" ? "info" : "warning",
    summary: `Run ${shortId} of ${action} on ${cluster}: ${state.replace("_", " ")}.`,
    data: { state, ...dataOf(run) },
  });
}

function aboutRun(
  org: OrgTransaction["org"],
  { shortId, connection }: StoredRun,
  action: "run.started" | "run.ended",
) {
  const caller = { actor: { kind: "system" }, org, via: "sdk" } as const;
  return { caller, action, targets: [`run:${shortId}`, `connection:${connection}`] };
}

function eventOf(
  clock: Clock,
  { id: subject }: StoredRun,
  type: EventType,
): Omit<StoredEvent, "severity" | "summary" | "data"> {
  const now = clock.now();
  return {
    ...{ id: newId("evt", now), type, source: "kappa4", subject, at: new Date(now), endAt: null },
    dedupeKey: `${type}:${subject}`,
  };
}

function dataOf({ shortId, action, connection, cluster, requestedBy }: StoredRun) {
  return { action, connection, cluster, run: shortId, people: [requestedBy] };
}
