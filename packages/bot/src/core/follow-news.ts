import { EVENT_TYPES, type EventView } from "@kappa4/sdk";
import { type ApprovalNewsKind, dueView } from "../commands/approve/due-view.ts";
import { approvalMessage } from "../commands/approve/message.ts";
import { type Addressee, deliver, repeated, THREAD } from "./deliver.ts";
import { directTo, firstReached } from "./direct-to.ts";
import { expireNews } from "./expire-news.ts";
import { endView } from "./follow-run.ts";
import type { FollowerParts } from "./follower.ts";
import { newsOf } from "./news.ts";
import { peopleOf, sortNews } from "./sort-news.ts";
import { summaryView } from "./summary-view.ts";
import { isToldByApproval } from "./told-by-approval.ts";

/** What following news stands on. */
export interface NewsParts extends FollowerParts {
  /** Tells whether a run is followed here, so that its end is told where it is shown. */
  isFollowed(run: string): boolean;
}

const KINDS: Readonly<Record<string, ApprovalNewsKind>> = {
  "approval.alarm": "alarm",
  "approval.risen": "risen",
  "approval.remind": "remind",
  "approval.requested": "requested",
  "approval.acknowledge": "acknowledge",
  "approval.overdue": "overdue",
  "approval.superseded": "superseded",
  "approval.stale": "stale",
};
const RUN_ENDED = "run.ended";
const DECIDED = "approval.decided";
const TYPES = EVENT_TYPES.filter((type) => type in KINDS || type === DECIDED || type === RUN_ENDED);

/** How often it is looked for news. */
const LOOK_MS = 5_000;
/** How often it is looked for what is too old to be told. */
const EXPIRE_MS = 60 * 60 * 1000;
/** What is older was of interest while no bot ran. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** So long the process that shows a run has to tell its end there. */
const GRACE_MS = 15_000;
/**
 * So many people are asked or reminded directly, the highest first: no quorum takes more, so those who can complete it are
 * among them. An emergency all hear of whom it concerns.
 */
const MOST_ASKED = 10;

/**
 * Tells what fell due of approvals, what happened to them without those whom it concerns, and how runs ended that
 * nobody follows. Each event is claimed before it is told and settled after: however many bots there are and however
 * often they start, people hear of it, and hear of it once.
 */
export async function followNews(parts: NewsParts): Promise<void> {
  const { clock, logger, signal } = parts;
  let expireAt = 0;
  while (!signal.aborted) {
    let isMore = false;
    try {
      isMore = await tellAll(parts);
      const now = clock.now();
      const before = new Date(now - KEPT_MS);
      if (now >= expireAt && !(await expireNews(parts, { types: TYPES, before }))) {
        expireAt = now + EXPIRE_MS;
      }
    } catch (error) {
      if (!signal.aborted) logger.warn({ error }, "news could not be told");
    }
    if (!isMore) await clock.sleep(LOOK_MS, signal);
  }
}

/** Tells what there is to tell now, emergencies first; true when it took so long that there may be another by now. */
async function tellAll(parts: NewsParts): Promise<boolean> {
  const { kappa4, clock, platform: place, signal } = parts;
  const now = clock.now();
  const untold = await kappa4.events.untold({ place, types: TYPES, from: new Date(now - KEPT_MS) });
  const { urgent, each, brief, over } = sortNews(
    untold.filter((event) => !isLeft(parts, event, now)),
    now,
  );
  for (const event of urgent) await tellOne(parts, event);
  await attempt(parts, brief, () => tellTogether(parts, brief));
  await attempt(parts, over, () => settleSilently(parts, over));
  for (const [at, event] of each.entries()) {
    if (signal.aborted) return false;
    if (at > 0 && clock.now() - now > LOOK_MS) return true;
    await tellOne(parts, event);
  }
  return false;
}

function tellOne(parts: NewsParts, event: EventView): Promise<void> {
  return attempt(parts, [event], async () => {
    const { kappa4, platform: place } = parts;
    const claims = await kappa4.events.claim({ events: [event.id], place });
    await deliver(parts, claims, () => addresseesOf(parts, event));
  });
}

/** Of what fails the claim runs out, and it is taken again; the rest goes on. */
async function attempt(
  { logger, signal }: NewsParts,
  events: readonly EventView[],
  work: () => Promise<void>,
): Promise<void> {
  if (signal.aborted || events.length === 0) return;
  try {
    await work();
  } catch (error) {
    const ids = events.map(({ id }) => id);
    if (!signal.aborted) logger.warn({ events: ids, error }, "events could not be settled");
  }
}

function isLeft(parts: NewsParts, { type, at, subject, data }: EventView, now: number): boolean {
  if (type !== RUN_ENDED) return false;
  const run = typeof data === "object" && data !== null && "run" in data ? data.run : undefined;
  return now - at.getTime() < GRACE_MS || parts.isFollowed(String(run ?? subject));
}

async function addresseesOf(parts: NewsParts, event: EventView): Promise<readonly Addressee[]> {
  if (event.subject === null) return [];
  if (event.type === RUN_ENDED) return endOfRun(parts, event, event.subject);
  if (event.type === DECIDED) return decision(parts, event, event.subject);
  const { kappa4, clock, outbox, directory } = parts;
  const kind = KINDS[event.type];
  if (kind === undefined || (kind === "requested" && isAskedHere(parts, event))) return [];
  const approval = await kappa4.approvals.get({ approval: event.subject });
  const who = await directory.who();
  const now = new Date(clock.now());
  const isShown = await outbox.update(approval.shortId, approvalMessage(approval, { who, now }));
  const isMild = kind === "remind" || kind === "requested";
  const concerned = peopleOf(event);
  const people = isMild ? await firstReached(parts, concerned, MOST_ASKED) : concerned;
  const direct = await directTo(parts, people, (reader) =>
    dueView(kind, approval, { who, reader }),
  );
  const view = dueView(kind, approval, { who, reader: undefined });
  if (kind !== "remind" || !isShown || view === undefined) return direct;
  const send = (isRepeat: boolean): Promise<void> =>
    outbox.thread(approval.shortId, "", repeated(view, isRepeat));
  return [{ key: THREAD, send, instead: direct }];
}

/** Where it was asked for here, the message that asks stands here. */
function isAskedHere({ platform }: NewsParts, { data }: EventView): boolean {
  return Object(data).via === platform;
}

/** Of a vote that another has followed by now, that one tells. */
async function decision(
  parts: NewsParts,
  event: EventView,
  id: string,
): Promise<readonly Addressee[]> {
  const approval = await parts.kappa4.approvals.get({ approval: id });
  const { state, votes } = Object(event.data) as {
    readonly state?: string;
    readonly votes?: number;
  };
  const isPast =
    state === "pending" && (approval.state !== state || approval.votes.length !== votes);
  if (isPast) return [];
  const who = await parts.directory.who();
  return directTo(parts, peopleOf(event), () => newsOf(approval, who));
}

async function endOfRun(
  parts: NewsParts,
  event: EventView,
  id: string,
): Promise<readonly Addressee[]> {
  const run = await parts.kappa4.runs.get({ run: id });
  if (await isToldByApproval(parts.kappa4, run)) return [];
  return directTo(parts, peopleOf(event), () => endView(parts, run));
}

/** Tells each person in one message how much there was that concerned them. */
async function tellTogether(parts: NewsParts, events: readonly EventView[]): Promise<void> {
  const { kappa4, platform: place } = parts;
  const claims = await kappa4.events.claim({ events: events.map(({ id }) => id), place });
  const readersBefore = new Map(claims.map(({ event, readers }) => [event, readers]));
  const openFor = (reader: string): readonly EventView[] =>
    events.filter(({ id, data }) => {
      const readers = readersBefore.get(id);
      return readers !== undefined && !(reader in readers) && peopleOf({ data }).includes(reader);
    });
  await deliver(parts, claims, async () => {
    const people = [...new Set(events.flatMap(peopleOf))];
    const all = await directTo(parts, people, (reader) => {
      const own = openFor(reader);
      return own.length === 0 ? undefined : summaryView(own);
    });
    return all.map((one) => ({ ...one, events: openFor(one.key).map(({ id }) => id) }));
  });
}

async function settleSilently(parts: NewsParts, events: readonly EventView[]): Promise<void> {
  const ids = events.map(({ id }) => id);
  const claims = await parts.kappa4.events.claim({ events: ids, place: parts.platform });
  await deliver(parts, claims, async () => []);
}
