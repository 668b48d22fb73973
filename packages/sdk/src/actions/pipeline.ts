import { type Clock, type Hide, Kappa4Error, type Logger } from "@kappa4/connectors";
import { policyOf } from "../approving/policy.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import type { Engine } from "../engine-thread.ts";
import { storePlan } from "../plans/store-plan.ts";
import type { RunQueue } from "../runs/queue.ts";
import { riskOfWork } from "../runs/risk-of-work.ts";
import { submit } from "../runs/submit.ts";
import { planView } from "../runs/views.ts";
import type { OrgTransaction, Store } from "../store/index.ts";
import { type ActionTrace, publish } from "../telemetry/channels.ts";
import { actorName, type Caller, personOf } from "./actor.ts";
import type { ActionCallOptions, PlanView, RunAnswer } from "./answers.ts";
import { grantsOf, judge, type Reach, reachOf, unseen } from "./authorise.ts";
import type { BaseContext, ReadContext, Systems } from "./context.ts";
import type { Action, ChangeAction, PlanAction, ReadAction, RunAction } from "./define.ts";
import { checkRequestKey, hideInInput } from "./hide-input.ts";
import { judgedAnew } from "./judged-anew.ts";
import { refuseUnkeepable } from "./keepable.ts";
import { parseInput } from "./parse.ts";
import { refuseFull, withinQuota } from "./quota.ts";
import { countCall, tooMany } from "./rate.ts";
import { recall, remember } from "./replay.ts";
import type { Self } from "./self.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";

/** What a pipeline stands on. */
export interface PipelineParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly systems: Systems;
  readonly engine: Engine;
  readonly self: Self;
  /** Hides what nobody may type into an input. */
  readonly hide: Hide;
  /** Opens the store at the first call. */
  store(): Promise<Store>;
  /** The queue of runs, in the store. */
  queue(): Promise<RunQueue>;
  /** Called after each transaction that has changed something. */
  changed(): void;
  /** Finds an action by its name. */
  actionOf(name: string): Action | undefined;
}

/** One call on its way. */
interface Passing {
  readonly caller: Caller;
  readonly action: Action;
  readonly input: unknown;
  readonly options: ActionCallOptions;
}

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
    const startedAt = this.#parts.clock.now();
    const tell = (outcome: ActionTrace["outcome"], code?: string): void => {
      const durationMs = this.#parts.clock.now() - startedAt;
      const { name, kind } = action;
      const { org, via } = caller;
      const who = { actor: actorName(caller.actor), via, org };
      publish("kappa4:action", { action: name, kind, ...who, outcome, code, durationMs });
    };
    try {
      const { hide } = this.#parts;
      checkRequestKey(options.requestKey, hide);
      refuseUnkeepable(given);
      refuseUnkeepable(options.requestKey);
      const input = parseInput(action.input, hideInInput(given, hide));
      options.signal?.throwIfAborted();
      const output = await this.#carry({ caller, action, input, options });
      tell("done");
      return output;
    } catch (error) {
      const code = Kappa4Error.is(error)
        ? error.code
        : options.signal?.aborted
          ? "aborted"
          : "internal";
      tell(isRecorded(error) ? "refused" : "failed", code);
      throw error;
    }
  }

  async #carry(passing: Passing): Promise<unknown> {
    const { action } = passing;
    if (action.kind === "read") return this.#read(passing, action);
    try {
      return await this.#try(passing, action);
    } catch (error) {
      passing.options.signal?.throwIfAborted();
      if (!isRecorded(error)) await this.#recordFailure(passing, error);
      throw error;
    }
  }

  #try(passing: Passing, action: Exclude<Action, { kind: "read" }>): Promise<unknown> {
    switch (action.kind) {
      case "plan":
        return this.#plan(passing, action);
      case "change":
        return this.#change(passing, action);
      case "run":
        return this.#run(passing, action);
    }
  }

  async #read(passing: Passing, action: ReadAction<unknown, unknown>): Promise<unknown> {
    await this.#admit(passing);
    const output = await action.run(await this.#readContext(passing), passing.input);
    if (action.isRecorded) await this.#inOrg(passing, (tx) => this.#record(tx, passing, "done"));
    return judgedAnew(output, this.#parts.clock, () => this.#admit(passing));
  }

  async #plan(passing: Passing, action: PlanAction<unknown, unknown>): Promise<unknown> {
    await this.#admit(passing);
    const work = await action.run(await this.#readContext(passing), passing.input);
    const { caller, input } = passing;
    const { clock } = this.#parts;
    return this.#transact(passing, async (tx) => {
      const { binding, ...rest } = work;
      const { planValidMs: validMs, local } = await policyOf(tx);
      const isTrusted = personOf(caller.actor) === undefined && local === "trusted";
      const { connection, cluster, content } = work;
      const { risk } = await riskOfWork(tx, {
        ...{ action: action.appliedBy, connection, cluster, content },
        ...{ isTrusted, local },
        now: new Date(clock.now()),
        risk: (judged) => action.risk(judged),
      });
      const plan = { caller, action: action.appliedBy, input, binding, risk, validMs, ...rest };
      return planView(await storePlan(tx, clock, plan));
    });
  }

  async #change(
    passing: Passing,
    action: ChangeAction<unknown, unknown, unknown>,
  ): Promise<unknown> {
    const { input } = passing;
    let found: unknown;
    if (action.check !== undefined) {
      await this.#admit(passing);
      found = await action.check(await this.#readContext(passing), input);
    }
    const queue = await this.#parts.queue();
    const base = await this.#baseContext(passing);
    let isMade = false;
    const output = await this.#transact(passing, (tx) => {
      isMade = true;
      return action.run({ ...base, tx, queue }, input, found);
    });
    // What was answered before under the same key is not made again.
    if (isMade) action.after?.(found);
    return output;
  }

  async #run(passing: Passing, action: RunAction<unknown, unknown>): Promise<unknown> {
    await this.#admit(passing);
    const order = await action.order(await this.#readContext(passing), passing.input);
    const today =
      order.plan === undefined
        ? undefined
        : await action.look?.(await this.#readContext(passing), order.plan);
    const { caller, input } = passing;
    const queue = await this.#parts.queue();
    const { clock } = this.#parts;
    return this.#transact(passing, async (tx) => {
      await refuseFull(tx, action, new Date(clock.now()));
      const reason = action.reason(input);
      return submit(tx, { clock, queue }, { caller, action, input, order, today, reason });
    });
  }

  /** Whoever holds the process may read without the store being opened; a refusal is put on record. */
  async #admit(passing: Passing): Promise<void> {
    const { caller, action, input } = passing;
    if (caller.actor.kind === "local" && action.scope(input).kind !== "platform") return;
    const refusal = await this.#inOrg(passing, (tx) => this.#refusal(tx, passing));
    if (refusal !== undefined) throw refusal;
  }

  /** What is not there and what may not be seen are one answer: undefined. */
  async #reach(tx: OrgTransaction, { caller, action, input }: Passing): Promise<Reach | undefined> {
    try {
      const { systems } = await this.#surroundings(caller);
      return await reachOf(tx, action, input, systems);
    } catch (error) {
      if (caller.actor.kind === "local" || !Kappa4Error.is(error, "not_found")) throw error;
      return undefined;
    }
  }

  /** Effect and record in one transaction; a refusal is a record without an effect. */
  async #transact<Output>(
    passing: Passing,
    work: (tx: OrgTransaction) => Promise<Output>,
  ): Promise<Output> {
    const now = new Date(this.#parts.clock.now());
    const end = await this.#inOrg(passing, async (tx) => {
      const known = await recall<Output>(tx, passing, now);
      if (known !== undefined) return { output: known.output };
      const refusal = await this.#refusal(tx, passing);
      if (refusal !== undefined) return { refusal };
      const output = await withinQuota(tx, passing.action, now, () => work(tx));
      await this.#record(tx, passing, "done", undefined, planIn(passing.action, output));
      await remember(tx, passing, output);
      return { output };
    });
    if ("refusal" in end) throw end.refusal;
    this.#parts.changed();
    return end.output;
  }

  /** Says why a call may not go on, and puts that on record; undefined when it may. */
  async #refusal(tx: OrgTransaction, passing: Passing): Promise<Kappa4Error | undefined> {
    const { caller, action } = passing;
    // Before anything else is looked up, so that who is refused each time cannot go on asking.
    const excess = await tooMany(tx, caller, action, new Date(this.#parts.clock.now()));
    if (excess?.isFirst === false) {
      recorded.add(excess.error);
      return excess.error;
    }
    const error = excess?.error ?? (await this.#obstacle(tx, passing));
    if (error === undefined) return undefined;
    recorded.add(error);
    await this.#record(tx, passing, "refused", error);
    return error;
  }

  async #obstacle(tx: OrgTransaction, passing: Passing): Promise<Kappa4Error | undefined> {
    const { caller, action, input } = passing;
    const now = new Date(this.#parts.clock.now());
    const reach = await this.#reach(tx, passing);
    if (reach === undefined) {
      // Who looks for what is not there has tried nothing that the record would be for.
      if (action.kind === "read") throw unseen(action);
      return unseen(action);
    }
    const { scope, madeBy } = reach;
    const isOwn = madeBy !== undefined && madeBy === personOf(caller.actor);
    const isException = action.also?.when(input) ?? false;
    const grants = await grantsOf(tx, caller);
    const standing = judge(action, scope, grants, now, { isOwn, isException });
    if (!standing.ok) return standing.error;
    return closed(tx, action);
  }

  /** What failed had no effect; that it was tried is put on record by itself, if the store still answers. */
  async #recordFailure(passing: Passing, thrown: unknown): Promise<void> {
    const error = Kappa4Error.is(thrown)
      ? thrown
      : new Kappa4Error("internal", "It failed inside.");
    try {
      // What there is no room for is refused, though only the effect itself could tell.
      const outcome = error.code === "quota" ? "refused" : "failed";
      await this.#inOrg(passing, (tx) => this.#record(tx, passing, outcome, error));
    } catch (cause) {
      const { action } = passing;
      this.#parts.logger.error(
        { action: action.name, cause },
        "a failure could not be put on record",
      );
    }
  }

  async #record(
    tx: OrgTransaction,
    { caller, action, input, options }: Passing,
    outcome: "done" | "refused" | "failed",
    error?: Kappa4Error,
    plan?: PlanView,
  ): Promise<void> {
    const { targets, details, reason } = action.audit(input);
    await countCall(tx, caller, action, new Date(this.#parts.clock.now()));
    const named = plan === undefined ? [] : [`plan:${plan.shortId}`];
    await putOnRecord(tx, this.#parts.clock, {
      caller,
      action: action.name,
      targets: [...new Set([...targets, ...named])],
      outcome,
      planHash: plan?.hash,
      permission: action.permission,
      code: error?.code,
      reason: error === undefined ? reason : this.#parts.hide(error.message),
      details,
      requestKey: options.requestKey,
    });
  }

  async #inOrg<Result>(
    { caller }: Passing,
    work: (tx: OrgTransaction) => Promise<Result>,
  ): Promise<Result> {
    const store = await this.#parts.store();
    return store.inOrg(caller.org ?? store.defaultOrg, work);
  }

  /** The process's own organisation is asked for only where another one is named: a look opens no store. */
  async #surroundings({ org }: Caller): Promise<Surroundings> {
    if (org === undefined) return this.#parts;
    return surroundingsOf(this.#parts, org, (await this.#parts.store()).defaultOrg);
  }

  async #baseContext({ caller, options }: Passing): Promise<BaseContext> {
    const { clock, logger, engine, actionOf } = this.#parts;
    const { systems, self } = await this.#surroundings(caller);
    return { caller, clock, logger, systems, engine, self, actionOf, signal: options.signal };
  }

  async #readContext(passing: Passing): Promise<ReadContext> {
    return {
      ...(await this.#baseContext(passing)),
      inOrg: (work) => this.#inOrg(passing, work),
      platform: async (work) => (await this.#parts.store()).platform(work),
    };
  }
}

/** The plan that a call made, or that it has carried out: what of the record belongs together is found by it. */
function planIn({ kind }: Action, output: unknown): PlanView | undefined {
  if (kind === "plan") return output as PlanView;
  return kind === "run" ? (output as RunAnswer).plan : undefined;
}

/** Refusals whose record is written already, or that are left out of it. */
const recorded = new WeakSet<object>();

function isRecorded(error: unknown): boolean {
  return typeof error === "object" && error !== null && recorded.has(error);
}

/** A suspended organisation can still be read. */
async function closed(tx: OrgTransaction, action: Action): Promise<Kappa4Error | undefined> {
  if (action.kind === "read") return undefined;
  const status = await tx.status();
  if (status === "active") return undefined;
  const message = `This organisation is ${status}: it can be read, and nothing in it changed. Ask the platform's admins.`;
  return new Kappa4Error("failed_precondition", message);
}
