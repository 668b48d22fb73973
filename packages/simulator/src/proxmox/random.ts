/** A stream of numbers that depends on its seed alone. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** One of the values. Throws RangeError when there is none. */
  pick<T>(values: readonly T[]): T;
  /** The same values in another order. */
  shuffle<T>(values: readonly T[]): T[];
}

/** Makes a stream of numbers from a seed; different names give independent streams. */
export function createRandom(seed: number, name = ""): Random {
  let state = hashText(`${seed}/${name}`);
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const integer = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));
  return { next, integer, pick: (values) => pick(values, next), shuffle: (v) => shuffle(v, next) };
}

/** Maps text to a 32-bit number that is always the same for the same text (FNV-1a). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

function pick<T>(values: readonly T[], next: () => number): T {
  for (const value of values.slice(Math.floor(next() * values.length))) return value;
  throw new RangeError("Cannot pick from an empty list.");
}

function shuffle<T>(values: readonly T[], next: () => number): T[] {
  const tagged = values.map((value) => ({ value, key: next() }));
  return tagged.sort((a, b) => a.key - b.key).map((entry) => entry.value);
}
