/** What the calls of one connector must not take from each other: ids of new guests, and tasks. */
export interface Claims {
  /** Makes a text that no other call has, to know a guest by. */
  createKey(): string;
  /** Takes an id for a new guest; false when another call is using it. */
  takeId(vmid: number): boolean;
  /** Gives an id back. */
  freeId(vmid: number): void;
  /** Takes a task; false when another call is following it. */
  takeTask(upid: string): boolean;
}

/** Tasks are searched for within half a minute; this many are enough to remember. */
const REMEMBERED_TASKS = 1000;
const KEY_PART = 2 ** 48;

/** Makes the claims of one connector. */
export function createClaims(random: () => number): Claims {
  const ids = new Set<number>();
  const tasks = new Set<string>();
  let calls = 0;
  const part = (): string => Math.floor(random() * KEY_PART).toString(36);
  return {
    createKey: () => {
      calls += 1;
      return `${part()}-${part()}-${calls}`;
    },
    takeId: (vmid) => {
      if (ids.has(vmid)) return false;
      ids.add(vmid);
      return true;
    },
    freeId: (vmid) => {
      ids.delete(vmid);
    },
    takeTask: (upid) => {
      if (tasks.has(upid)) return false;
      tasks.add(upid);
      for (const oldest of tasks) {
        if (tasks.size <= REMEMBERED_TASKS) break;
        tasks.delete(oldest);
      }
      return true;
    },
  };
}
