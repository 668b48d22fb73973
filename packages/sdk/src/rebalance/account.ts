import { Kappa4Error } from "@kappa4/connectors";
import type { RebalancePlan } from "../balancing/index.ts";
import type { MoveError, MoveState, MoveStatus } from "./events.ts";

/** What changes in the status of a move. */
export type MoveChange = Partial<Omit<MoveStatus, "move">>;

/** The account of a run: where each move of the plan stands. */
export class MoveAccount {
  readonly #statuses: MoveStatus[];
  readonly #onChange: (index: number, status: MoveStatus) => void;

  constructor(plan: RebalancePlan, onChange: (index: number, status: MoveStatus) => void) {
    this.#onChange = onChange;
    this.#statuses = plan.moves.map((move) => ({
      move,
      state: "waiting",
      progress: null,
      warnings: [],
    }));
  }

  /** One entry per move of the plan, as of now. */
  get statuses(): readonly MoveStatus[] {
    return [...this.#statuses];
  }

  /** The states alone, in the plan's order. */
  get states(): readonly MoveState[] {
    return this.#statuses.map(({ state }) => state);
  }

  /** Returns the status of one move. */
  at(index: number): MoveStatus {
    return this.#statuses[index] as MoveStatus;
  }

  /** Writes down what changed and tells it. */
  set(index: number, change: MoveChange): void {
    const status = { ...this.at(index), ...change };
    this.#statuses[index] = status;
    this.#onChange(index, status);
  }

  /** Writes down that a move was not started, and why, unless somebody wanted it so. */
  skip(index: number, why: Pick<MoveError, "code" | "message"> | undefined): void {
    const error: MoveError | undefined = why && {
      code: why.code,
      message: why.message,
      outcome: "not_applied",
    };
    this.set(index, { state: "skipped", ...(error === undefined ? {} : { error }) });
  }

  /** Writes down that every guest is on its target already; a move that was never started has no start. */
  foundDone(): void {
    for (const index of this.#statuses.keys()) this.set(index, { state: "done", progress: 1 });
  }

  /** Skips every move that still waits. */
  skipWaiting(error: Pick<MoveError, "code" | "message"> | undefined): void {
    for (const [index, { state }] of this.#statuses.entries()) {
      if (state === "waiting") this.skip(index, error);
    }
  }
}

/** Gives whatever was thrown a code; what is no error of Kappa4's is a fault of ours. */
export function moveErrorOf(thrown: unknown): MoveError {
  if (Kappa4Error.is(thrown)) {
    const { code, message, outcome } = thrown;
    const log = logOf(thrown);
    return { code, message, outcome, ...(log.length === 0 ? {} : { log }) };
  }
  const message = `A fault of Kappa4 itself (${String(thrown)}); look at the guest, then report it.`;
  return { code: "internal", message, outcome: "unknown" };
}

/** Looks for the log by its name, since an error may come from another copy of the package. */
function logOf(error: Kappa4Error): readonly string[] {
  if (!("log" in error) || !Array.isArray(error.log)) return [];
  const lines: readonly unknown[] = error.log;
  return lines.map(String);
}
