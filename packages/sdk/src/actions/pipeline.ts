import { Kappa4Error } from "@kappa4/connectors";
import { type ActionTrace, publish } from "../telemetry/channels.ts";
import { actorName, type Caller } from "./actor.ts";
import type { ActionCallOptions } from "./answers.ts";
import { carryOut } from "./carry-out.ts";
import type { Action } from "./define.ts";
import { checkRequestKey, hideInInput } from "./hide-input.ts";
import { refuseUnkeepable } from "./keepable.ts";
import { parseInput } from "./parse.ts";
import type { Passing, PipelineParts } from "./passing.ts";
import { isRecorded, recordFailure } from "./recording.ts";

/**
 * The one way in. Every call of every surface passes the same steps in the same order: the input is checked, the
 * caller's right to it looked up, refusals are put on record, and what changes anything does so in one transaction
 * with its audit entry.
 */
export class Pipeline {
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  /**
   * Carries out a call. Throws `invalid_argument`, `not_found` (also for what the caller may not see), `permission`,
   * `rate_limited`, `failed_precondition` (the organisation is suspended), and what the action throws.
   */
  async call(
    caller: Caller,
    action: Action,
    given: unknown,
    options: ActionCallOptions = {},
  ): Promise<unknown> {
    const { clock, hide } = this.#parts;
    const startedAt = clock.now();
    const tell = (outcome: ActionTrace["outcome"], code?: string): void => {
      const durationMs = clock.now() - startedAt;
      const { name, kind } = action;
      const { org, via } = caller;
      const who = { actor: actorName(caller.actor), via, org };
      publish("kappa4:action", { action: name, kind, ...who, outcome, code, durationMs });
    };
    try {
      checkRequestKey(options.requestKey, hide);
      refuseUnkeepable(given);
      refuseUnkeepable(options.requestKey);
      const input = parseInput(action.input, hideInInput(given, hide));
      options.signal?.throwIfAborted();
      const output = await this.#carry({ caller, action, input, options });
      tell("done");
      return output;
    } catch (error) {
      tell(isRecorded(error) ? "refused" : "failed", codeOf(error, options.signal));
      throw error;
    }
  }

  /** What a read fails with changes nothing, and is told to whoever reads alone. */
  async #carry(passing: Passing): Promise<unknown> {
    try {
      return await carryOut(this.#parts, passing);
    } catch (error) {
      if (passing.action.kind === "read") throw error;
      passing.options.signal?.throwIfAborted();
      if (!isRecorded(error)) await recordFailure(this.#parts, passing, error);
      throw error;
    }
  }
}

function codeOf(error: unknown, signal: AbortSignal | undefined): string {
  if (Kappa4Error.is(error)) return error.code;
  return signal?.aborted ? "aborted" : "internal";
}
