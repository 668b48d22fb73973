import type { EventType } from "../events/types.ts";
import { newId } from "../ids.ts";
import type { OrgTransaction, StoredApproval, StoredEvent, StoredPlan } from "../store/index.ts";

type WhatOf<Type> = Type extends `approval.${infer What}` ? What : never;

/** Something that people have to hear of an approval. */
export interface ApprovalNews {
  /** What became of it without those whom it concerns doing it: an event of that name. */
  readonly what: WhatOf<EventType>;
  /** When it happened, or fell due; the event is from when it was told. */
  readonly at: Date;
  /** Whom it concerns, by id. */
  readonly people: readonly string[];
  /** Of the approval, where the same may happen twice in one moment. */
  readonly version?: number | undefined;
  /** One sentence. */
  readonly summary: string;
  readonly details?: Readonly<Record<string, string | number>> | undefined;
}

/** What an approval is, and what for. */
export interface ApprovalWithPlan {
  readonly stored: Pick<StoredApproval, "id" | "shortId">;
  readonly plan: Pick<StoredPlan, "shortId" | "connection" | "cluster">;
}

/** Puts news of an approval among the events; tells whether it was new. However often it is told, it is there once. */
export function tellOf(
  tx: OrgTransaction,
  now: Date,
  { stored, plan }: ApprovalWithPlan,
  news: ApprovalNews,
): Promise<boolean> {
  const { what, people, summary, details } = news;
  const { connection, cluster } = plan;
  return tx.events.insert({
    id: newId("evt", now.getTime()),
    type: typeOf(what),
    source: "kappa4",
    subject: stored.id,
    severity: SEVERITIES[what],
    at: now,
    endAt: null,
    summary,
    data: {
      ...{ approval: stored.shortId, plan: plan.shortId, connection, cluster },
      ...{ people, ...details },
    },
    dedupeKey: keyOf(stored.id, news),
  });
}

/** The type of the event. */
export function typeOf(what: ApprovalNews["what"]): EventType {
  return `approval.${what}`;
}

/** What falls due again and again is another thing each time. */
export function keyOf(
  id: string,
  { what, at, version }: Pick<ApprovalNews, "what" | "at" | "version">,
): string {
  const of = version === undefined ? "" : `:${version}`;
  return `${typeOf(what)}:${id}:${at.toISOString()}${of}`;
}

/** What somebody decided, or nobody in time, for who asked: they hear of what others did. */
export async function tellDecided(
  tx: OrgTransaction,
  now: Date,
  { stored, plan }: { readonly stored: StoredApproval; readonly plan: ApprovalWithPlan["plan"] },
  by: string | undefined,
): Promise<void> {
  const { request, state, votes, version } = stored.approval;
  if (request === undefined || request.by === by) return;
  const summary = `Approval ${stored.shortId} of plan ${plan.shortId} on ${plan.cluster}: ${state}.`;
  await tellOf(
    tx,
    now,
    { stored, plan },
    {
      ...{ what: "decided", at: now, people: [request.by], version, summary },
      details: { state, votes: votes.length },
    },
  );
}

const SEVERITIES: Readonly<Record<ApprovalNews["what"], StoredEvent["severity"]>> = {
  superseded: "notice",
  stale: "warning",
  alarm: "critical",
  decided: "notice",
  risen: "warning",
  remind: "notice",
  requested: "notice",
  acknowledge: "warning",
  overdue: "error",
};
