/**
 * Turns LXD's cumulative CPU seconds into cores in use: the growth between two readings, divided by the time
 * between them. Remembers one reading per instance, so the first reading of each gives undefined.
 */
export interface CpuMeter {
  /** `usageNs` by instance uid, all taken at `atMs`; returns cores in use by uid, where two readings exist. */
  read(usageNs: ReadonlyMap<string, number>, atMs: number): ReadonlyMap<string, number>;
}

interface Reading {
  readonly usageNs: number;
  readonly atMs: number;
}

/** Two readings closer than this say more about the scheduler than about the load. */
const SHORTEST_MS = 500;

/** Makes a meter that has seen nothing yet. */
export function createCpuMeter(): CpuMeter {
  let last: ReadonlyMap<string, Reading> = new Map();
  let rates: ReadonlyMap<string, number> = new Map();
  return {
    read(usageNs, atMs) {
      const next = new Map<string, Reading>();
      const cores = new Map<string, number>();
      for (const [uid, usage] of usageNs) {
        const before = last.get(uid);
        const elapsedMs = before === undefined ? 0 : atMs - before.atMs;
        if (before !== undefined && elapsedMs < SHORTEST_MS && usage >= before.usageNs) {
          next.set(uid, before);
          const known = rates.get(uid);
          if (known !== undefined) cores.set(uid, known);
          continue;
        }
        next.set(uid, { usageNs: usage, atMs });
        // A counter that fell belongs to an instance that was started anew.
        if (before !== undefined && usage >= before.usageNs) {
          cores.set(uid, (usage - before.usageNs) / (elapsedMs * 1e6));
        }
      }
      last = next;
      rates = cores;
      return cores;
    },
  };
}
