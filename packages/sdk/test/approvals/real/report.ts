import { FLAWS, type Flaw, TRIES, type Try } from "./trials.ts";

/** Hears of everything that was judged, with what is wrong with it. */
export type Check = (complaint: string | undefined) => void;

/** What happens without that anybody calls for it in that moment. */
export const SEEN = ["start", "finish", "drift", "supersede", "expire"] as const;

/** One of {@link SEEN}. */
export type Seen = (typeof SEEN)[number];

/** How often somebody tried something. */
export interface TryCount {
  taken: number;
  refused: number;
  /** Of all those, by what alone spoke against it. */
  readonly flaws: Readonly<Record<Flaw, number>> & Record<Flaw, number>;
  /** Of all those, the ones that were a repetition. */
  again: number;
}

/** What a fuzz through the pipeline saw. */
export interface RealFuzzReport {
  /** Calls that were made. */
  calls: number;
  readonly tries: Readonly<Record<Try, TryCount>>;
  /** What was seen in the store, and how often. */
  readonly seen: Record<Seen, number>;
  /** Runs that were allowed and did not begin, by why. */
  readonly unbegun: Map<string, number>;
  readonly refusals: Map<string, number>;
  /** Calls that were answered from what was answered before. */
  replayed: number;
  /** Runs that began, by the class of their plan. */
  readonly began: Map<number, number>;
  /** Plans of which more could go wrong when they were asked for than when they were made. */
  risen: number;
  /** Moves that a cluster was asked for. */
  moves: number;
}

/** Makes a report of nothing. */
export function emptyReport(): RealFuzzReport {
  const flaws = (): TryCount["flaws"] =>
    Object.fromEntries(FLAWS.map((flaw) => [flaw, 0])) as TryCount["flaws"];
  return {
    calls: 0,
    tries: Object.fromEntries(
      TRIES.map((what) => [what, { taken: 0, refused: 0, flaws: flaws(), again: 0 }]),
    ) as RealFuzzReport["tries"],
    seen: Object.fromEntries(SEEN.map((what) => [what, 0])) as RealFuzzReport["seen"],
    unbegun: new Map(),
    refusals: new Map(),
    replayed: 0,
    began: new Map(),
    risen: 0,
    moves: 0,
  };
}

/** Counts one more. */
export function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
