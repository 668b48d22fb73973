import { type EventView, isId } from "@kappa4/sdk";

/** What becomes of events that nobody was told yet. */
export interface SortedNews {
  /** Emergencies, told one by one before anything else, the oldest first. They never are too old. */
  readonly urgent: readonly EventView[];
  /** Told one by one, the oldest first. */
  readonly each: readonly EventView[];
  /** Too old, or too many: told in one sentence. */
  readonly brief: readonly EventView[];
  /** Of no interest any more. */
  readonly over: readonly EventView[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** More at once nobody reads. */
const MOST = 50;

/** Sorts events, the oldest first, by how people hear of them after an absence. */
export function sortNews(events: readonly EventView[], now: number): SortedNews {
  const isUrgent = ({ severity }: EventView): boolean => severity === "critical";
  const others = events.filter((event) => !isUrgent(event));
  const each = others.filter(({ at }) => now - at.getTime() <= DAY_MS).slice(-MOST);
  const kept = new Set(each);
  const late = others.filter((event) => !kept.has(event));
  const urgent = events.filter(isUrgent);
  return {
    ...{ urgent, each },
    brief: late.filter(({ type }) => !PASSING.includes(type)),
    over: late.filter(({ type }) => PASSING.includes(type)),
  };
}

/**
 * Sorts events that nobody was told of in all the time for which they are kept: `lost` concerned somebody, and `over`
 * nobody, or nobody any more.
 */
export function sortExpired(
  events: readonly EventView[],
): Pick<SortedNews, "over"> & { readonly lost: readonly EventView[] } {
  const isOver = (event: EventView): boolean =>
    PASSING.includes(event.type) || !peopleOf(event).some((one) => isId("usr", one));
  return { lost: events.filter((event) => !isOver(event)), over: events.filter(isOver) };
}

/** What nobody needs to hear of a day later. */
const PASSING: readonly string[] = ["approval.remind", "approval.requested"];

/** Whom an event concerns, by id. */
export function peopleOf({ data }: Pick<EventView, "data">): readonly string[] {
  if (typeof data !== "object" || data === null || !("people" in data)) return [];
  const { people } = data;
  return Array.isArray(people) ? people.filter((one) => typeof one === "string") : [];
}
