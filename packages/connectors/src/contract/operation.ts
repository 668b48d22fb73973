import type { Kappa4Error } from "./errors.ts";

/** Where long work on the outside system stands. `unknown`: the system cannot be asked, or has forgotten. */
export type OperationState =
  | "pending"
  | "running"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "unknown";

/** One look at an operation. */
export interface OperationStatus {
  readonly state: OperationState;
  /** 0 to 1, never falling; null when the system does not say. */
  readonly progress: number | null;
  /** The provider's own words for what it is doing. */
  readonly stage?: string | undefined;
  readonly startedAt?: Date | undefined;
  readonly warnings: readonly string[];
  readonly error?: Kappa4Error | undefined;
}

/** Options of {@link Operation.done}. */
export interface WaitOptions {
  /** Stops the waiting, never the work; the thrown value is `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each look that brings something new. */
  readonly onProgress?: ((status: OperationStatus) => void) | undefined;
  /** Gives up waiting after this many milliseconds with code `timeout` and outcome `unknown`. Default: none. */
  readonly totalTimeoutMs?: number | undefined;
}

/** Long work that the outside system has accepted. Accepted is not finished. */
export interface Operation<Result = void> {
  /** The provider's id, for example a UPID. */
  readonly id: string;
  /** JSON-safe text with which {@link Connector.resumeOperation} goes on waiting in another process. */
  readonly token: string;
  /** Looks once. */
  status(options?: { readonly signal?: AbortSignal | undefined }): Promise<OperationStatus>;
  /** Waits until the result is the truth in the outside system, not only the end of a task. */
  done(options?: WaitOptions): Promise<Result>;
  /** Asks the outside system to stop the work. */
  cancel(options?: {
    readonly signal?: AbortSignal | undefined;
  }): Promise<"requested" | "not_supported" | "too_late">;
}
