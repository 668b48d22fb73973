import type { EventView } from "@kappa4/sdk";
import { type ApprovalNewsKind, dueView } from "../commands/approve/due-view.ts";
import { approvalMessage } from "../commands/approve/message.ts";
import type { View } from "../view/model.ts";
import type { FollowerParts } from "./follower.ts";

/** What following news stands on. */
export interface NewsParts extends FollowerParts {
  /** Writes to one person, where they can be reached. */
  tell(person: string, view: View): Promise<void>;
}

const KINDS: Readonly<Record<string, ApprovalNewsKind>> = {
  "approval.alarm": "alarm",
  "approval.remind": "remind",
  "approval.acknowledge": "acknowledge",
  "approval.overdue": "overdue",
  "approval.superseded": "superseded",
  "approval.stale": "stale",
};

/** How often it is looked for news. */
const LOOK_MS = 5_000;
/** What is older was of interest while no bot ran. */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** So many people are reminded directly; an emergency all hear of whom it concerns. */
const MOST_REMINDED = 5;

/**
 * Tells what fell due of approvals, and what happened to them without those whom it concerns. Each event is claimed
 * before it is told: however many bots there are and however often they start, people hear of it once.
 */
export async function followNews(parts: NewsParts): Promise<void> {
  const { kappa4, clock, logger, platform: place, signal } = parts;
  let seen: ReadonlySet<string> = new Set();
  while (!signal.aborted) {
    try {
      const from = new Date(clock.now() - KEPT_MS);
      const events = await kappa4.events.list({ types: Object.keys(KINDS), from });
      for (const event of events.toReversed()) {
        if (seen.has(event.id)) continue;
        const { isFirst } = await kappa4.events.claim({ event: event.id, place });
        if (isFirst) await tellNews(parts, event);
      }
      seen = new Set(events.map(({ id }) => id));
    } catch (error) {
      if (!signal.aborted) logger.warn({ error }, "news of approvals could not be told");
    }
    await clock.sleep(LOOK_MS, signal);
  }
}

async function tellNews(parts: NewsParts, event: EventView): Promise<void> {
  const { kappa4, clock, outbox, directory } = parts;
  const kind = KINDS[event.type];
  if (kind === undefined || event.subject === null) return;
  const approval = await kappa4.approvals.get({ approval: event.subject });
  const who = await directory.who();
  const now = new Date(clock.now());
  const isShown = await outbox.update(approval.shortId, approvalMessage(approval, { who, now }));
  if (kind === "remind" && isShown) {
    const view = dueView(kind, approval, { who, reader: undefined });
    if (view !== undefined) await outbox.thread(approval.shortId, "", view);
    return;
  }
  const people = peopleOf(event).slice(0, kind === "remind" ? MOST_REMINDED : undefined);
  for (const reader of people) {
    const view = dueView(kind, approval, { who, reader });
    if (view !== undefined) await parts.tell(reader, view);
  }
}

function peopleOf({ data }: EventView): readonly string[] {
  if (typeof data !== "object" || data === null || !("people" in data)) return [];
  const { people } = data;
  return Array.isArray(people) ? people.filter((one) => typeof one === "string") : [];
}
