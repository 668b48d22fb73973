import type { RunContext } from "../actions/context.ts";
import type { RunEnd } from "../actions/define.ts";
import type { PlatformTransaction } from "../store/index.ts";

/** A change across organisations, whose transaction is not that of the end of its run. */
export interface PlatformChange {
  readonly result: unknown;
  /** Tells whether it is so already, for example by an attempt before this one. */
  isMade(tx: PlatformTransaction): Promise<boolean>;
  make(tx: PlatformTransaction): Promise<void>;
}

/** Makes a change, unless it is made already, or somebody has cancelled the run before it was. */
export function unlessCancelled(
  { platform, cancelled }: Pick<RunContext, "platform" | "cancelled">,
  { result, isMade, make }: PlatformChange,
): Promise<RunEnd> {
  return platform(async (tx) => {
    if (await isMade(tx)) return { state: "succeeded", result };
    if (cancelled.aborted) return CANCELLED;
    await make(tx);
    return { state: "succeeded", result };
  });
}

const CANCELLED: RunEnd = {
  state: "cancelled",
  result: null,
  error: {
    code: "conflict",
    message: "It was cancelled before it changed anything; nothing was done.",
  },
};
