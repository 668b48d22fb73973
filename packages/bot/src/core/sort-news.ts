import type { EventView } from "@kappa4/sdk";

/** What becomes of events that nobody was told yet. */
export interface SortedNews {
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

/** Sorts events, the oldest first, by how people hear of them after an absence. An emergency never is too old. */
export function sortNews(events: readonly EventView[], now: number): SortedNews {
  const isNew = ({ at }: EventView): boolean => now - at.getTime() <= DAY_MS;
  const isUrgent = ({ severity }: EventView): boolean => severity === "critical";
  const recent = events.filter((event) => isNew(event) && !isUrgent(event)).slice(-MOST);
  const kept = new Set(recent.map(({ id }) => id));
  const isEach = (event: EventView): boolean => isUrgent(event) || kept.has(event.id);
  const late = events.filter((event) => !isEach(event));
  return {
    each: events.filter(isEach),
    brief: late.filter(({ type }) => type !== REMINDER),
    over: late.filter(({ type }) => type === REMINDER),
  };
}

const REMINDER = "approval.remind";

/** Whom an event concerns, by id. */
export function peopleOf({ data }: Pick<EventView, "data">): readonly string[] {
  if (typeof data !== "object" || data === null || !("people" in data)) return [];
  const { people } = data;
  return Array.isArray(people) ? people.filter((one) => typeof one === "string") : [];
}
