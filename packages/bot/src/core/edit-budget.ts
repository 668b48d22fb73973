/** Shares the edits of a workspace: a sliding minute, and every message waits for its turn. */
export interface EditBudget {
  /** Milliseconds until the next edit is allowed; 0 when it is allowed now. */
  delay(now: number): number;
  /** Books an edit. */
  spend(now: number): void;
}

const WINDOW_MS = 60_000;

/** Makes a budget of `most` edits in any minute. Default 40, below what Slack allows. */
export function createEditBudget(most = 40): EditBudget {
  let spent: readonly number[] = [];
  return {
    delay(now) {
      spent = spent.filter((at) => at > now - WINDOW_MS);
      const [oldest] = spent;
      return spent.length < most || oldest === undefined ? 0 : oldest + WINDOW_MS - now;
    },
    spend(now) {
      spent = [...spent, now];
    },
  };
}
