/** Where one step of a run stands; see docs/runs.md. */
export type StepState = "intent" | "observed" | "done" | "failed" | "skipped" | "unknown";

/** What is remembered of one step, whichever process did it. */
export interface Step {
  /** Its place in the plan. */
  readonly step: number;
  readonly state: StepState;
  /** What was going to be done, as plain data. */
  readonly intent: unknown;
  /** The token with which the outside system's work is found again; undefined until it was accepted. */
  readonly operation: string | undefined;
  readonly result: unknown;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
}

/**
 * The memory of a run. Written before and after everything that changes the outside world, so that whoever goes on
 * after a crash repeats nothing. Every write throws `conflict` once another process has taken the run over.
 */
export interface Ledger {
  /** Steps that were begun, by any process so far. */
  steps(): Promise<readonly Step[]>;
  /** Tells whether somebody has asked to stop, on record by now: nothing more is begun then. */
  isCancelled(): Promise<boolean>;
  /**
   * Writes down what is about to be done, for the first time or where it certainly was not. Nothing may be sent before
   * this has resolved. Throws where nothing more is to be begun; what was left of the step is `skipped` then.
   */
  intend(step: number, intent: unknown): Promise<void>;
  /** Raised when another process has the run: whatever is waited for is that one's to wait for. */
  readonly lost: AbortSignal;
  /** Throws `conflict` unless this process still holds the run: to be called right before anything is sent. */
  hold(): void;
  /** Writes down that the outside system has accepted it, and how its work is found again. */
  observe(step: number, operation: string): Promise<void>;
  /** Writes down how it ended. */
  settle(
    step: number,
    state: "done" | "failed" | "skipped" | "unknown",
    result?: unknown,
  ): Promise<void>;
}

/** Writes down what is about to be done; returns false where somebody has asked to stop, and throws what else is in the way. */
export async function beginStep(
  ledger: Pick<Ledger, "intend" | "isCancelled">,
  step: number,
  intent: unknown,
): Promise<boolean> {
  try {
    await ledger.intend(step, intent);
    return true;
  } catch (error) {
    if (await ledger.isCancelled()) return false;
    throw error;
  }
}
