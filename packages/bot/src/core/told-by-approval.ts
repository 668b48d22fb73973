import type { ApprovalView, BoundKappa4, EventType, EventView, RunView } from "@kappa4/sdk";
import { peopleOf } from "./sort-news.ts";

/** What looking for the news of an approval stands on. */
export interface ApprovalNewsParts {
  readonly events: Pick<BoundKappa4["events"], "list">;
  readonly plans: {
    get(input: {
      readonly plan: string;
    }): Promise<{ readonly approval?: Pick<ApprovalView, "id"> | undefined }>;
  };
}

const TYPES: readonly EventType[] = ["approval.superseded", "approval.stale", "approval.decided"];
/** Not `expired`: of a plan that nobody began in time only the run says where to look. */
const OVER: readonly unknown[] = ["denied", "withdrawn"];

/**
 * Tells whether who asked for a run that came to nothing hears of it by what became of its approval: one happening is
 * one message.
 */
export async function isToldByApproval(
  { events, plans }: ApprovalNewsParts,
  { state, plan, requestedBy }: Pick<RunView, "state" | "plan" | "requestedBy">,
): Promise<boolean> {
  if (state !== "skipped" && state !== "stale") return false;
  const { approval } = await plans.get({ plan });
  if (approval === undefined) return false;
  const news = await events.list({ types: TYPES, subject: approval.id });
  return news.some((event) => peopleOf(event).includes(requestedBy) && isEnd(event));
}

function isEnd({ type, data }: EventView): boolean {
  const { state } = Object(data) as { readonly state?: unknown };
  return type !== "approval.decided" || OVER.includes(state);
}
