import type { ChangeResult } from "../../contract/capabilities.ts";
import {
  type ErrorContext,
  Kappa4Error,
  OperationFailedError,
  type Outcome,
} from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { GuestId } from "../../contract/snapshot.ts";
import type { Look } from "../../transport/wait.ts";
import type { CallInfo } from "./api.ts";
import { cancelTask } from "./cancel.ts";
import type { ProxmoxContext } from "./context.ts";
import { findRefusal } from "./errors.ts";
import { failedLook, followedOperation, runningLook, succeeded } from "./operation.ts";
import { parseUpid, type TaskSight, type TaskWatch, watchTask } from "./tasks.ts";
import { type Token, writeToken } from "./token.ts";

/** A token of a task whose effect can be looked up afterwards. */
export type TaskToken = Exclude<Token, { readonly verb: "migrate" | "nothing" }>;

/** What can be seen of the thing that a task was for. */
export type Sight<Result> =
  | { readonly kind: "there"; readonly value: Result }
  /** Surely not there, and nothing of it. */
  | { readonly kind: "absent" }
  /** Begun and not ended; `left` names what there is of it. */
  | { readonly kind: "begun"; readonly left: string }
  /** Hidden from us, so that it may be there or not. */
  | { readonly kind: "hidden" };

/** How the end of a task is turned into the truth. */
export interface Effect<Result> {
  /** What it was done to, for errors. */
  readonly target: string;
  /** Whether the effect shows that it was this task: a restarted guest looks like one that was left alone. */
  readonly isProof: boolean;
  /** How long the effect may take to show after the task has ended. */
  readonly settleMs: number;
  /** Looks for the effect; rejects when that cannot be done. */
  look(info: CallInfo): Promise<Sight<Result>>;
}

const LOST_MS = 300_000;

/** Follows a task to its end, and then the guest until it shows what the task was for. */
export function followTask<Result extends ChangeResult | { readonly id: GuestId }>(
  context: ProxmoxContext,
  token: TaskToken,
  effect: Effect<Result>,
): Operation<Result> {
  const { connection, clock } = context;
  const errorContext: ErrorContext = {
    connector: connection,
    operation: token.verb,
    target: effect.target,
  };
  const name = `${token.verb} of ${effect.target} on "${connection}"`;
  const about = { operation: token.verb, target: effect.target };
  const upid = parseUpid(token.upid);
  const watch: TaskWatch | undefined =
    upid === undefined ? undefined : watchTask(context, upid, about, false);
  const warnings: string[] = [];
  let hasEnded = watch === undefined;
  let since: number | undefined;

  function silentFor(): number {
    since ??= clock.now();
    return clock.now() - since;
  }

  function fail(
    why: string,
    outcome: Outcome,
    log: readonly string[] = [],
    advice = findRefusal(why)?.advice ?? "look at the guest and its log",
  ): Look<never> {
    const message = `${name} failed: ${why}; ${advice}.`;
    return failedLook(new OperationFailedError(message, { outcome, log, context: errorContext }));
  }

  async function look(): Promise<Look<Result>> {
    const info: CallInfo = about;
    if (!hasEnded && watch !== undefined) {
      const sight = await watch.look(undefined);
      if (sight.kind === "running") {
        since = undefined;
        return runningLook("running", sight.stage ?? token.verb, sight.progress);
      }
      if (sight.kind === "ended") return taskEnded(sight, info);
      const found = await lookQuietly(effect, info);
      if (found.kind === "there") return done(found.value);
      if (silentFor() < LOST_MS) return runningLook("unknown", `the task is ${sight.kind}`);
      return fail("what became of its task cannot be found out", "unknown");
    }
    return settle(info);
  }

  async function taskEnded(
    sight: Extract<TaskSight, { kind: "ended" }>,
    info: CallInfo,
  ): Promise<Look<Result>> {
    since = undefined;
    if (!sight.ok) return taskFailed(sight.exit, await lookQuietly(effect, info), sight.log);
    hasEnded = true;
    warnings.push(...sight.warnings);
    return settle(info);
  }

  /** What the task says of itself is no proof of anything; only what can be seen is. */
  function taskFailed(exit: string, found: Sight<Result>, log: readonly string[]): Look<never> {
    const why = `its task ended with "${exit}"`;
    const refusal = findRefusal(exit);
    switch (found.kind) {
      case "there":
        return fail(`${why}, but what it was for is there`, "applied", log);
      case "begun":
        return fail(`${why}, and ${found.left}`, "applied", log, "remove what is left first");
      case "absent":
        return fail(why, refusal?.isOpen === true ? "unknown" : "not_applied", log);
      case "hidden": {
        const isRefused = !effect.isProof && refusal !== undefined && refusal.isOpen !== true;
        return fail(why, isRefused ? "not_applied" : "unknown", log);
      }
    }
  }

  async function settle(info: CallInfo): Promise<Look<Result>> {
    const found = await effect.look(info);
    if (found.kind === "there") return done(found.value);
    if (silentFor() < effect.settleMs) return runningLook("running", "waiting for it to show");
    return fail("its task ended, but the effect does not show", "unknown");
  }

  function done(value: Result): Look<Result> {
    return { status: succeeded([...warnings]), result: { value } };
  }

  return followedOperation<Result>(
    context,
    { id: upid?.text ?? "unknown", token: writeToken(token), name, context: errorContext },
    {
      look,
      cancel: async (signal) =>
        hasEnded || upid === undefined
          ? "too_late"
          : cancelTask(context, upid, { ...about, signal }),
    },
  );
}

/** What cannot be read may be there or not, and so may what leaves no trace of its own. */
async function lookQuietly<Result>(effect: Effect<Result>, info: CallInfo): Promise<Sight<Result>> {
  if (!effect.isProof) return { kind: "hidden" };
  try {
    return await effect.look(info);
  } catch (error) {
    if (Kappa4Error.is(error)) return { kind: "hidden" };
    throw error;
  }
}
