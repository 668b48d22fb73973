import type { Clock, Hide, Logger } from "@kappa4/connectors";
import type { Engine } from "../engine-thread.ts";
import type { RunQueue } from "../runs/queue.ts";
import type { OrgTransaction, Store } from "../store/index.ts";
import type { Caller } from "./actor.ts";
import type { ActionCallOptions } from "./answers.ts";
import type { BaseContext, ReadContext, Systems } from "./context.ts";
import type { Action } from "./define.ts";
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
  /** The same, where there is one that can be opened; makes none. */
  storeIfThere(): Promise<Store | undefined>;
  /** The queue of runs, in the store. */
  queue(): Promise<RunQueue>;
  /** Called after each transaction that has changed something. */
  changed(): void;
  /** Finds an action by its name. */
  actionOf(name: string): Action | undefined;
}

/** One call on its way. */
export interface Passing {
  readonly caller: Caller;
  readonly action: Action;
  readonly input: unknown;
  readonly options: ActionCallOptions;
}

/** Runs work in one transaction of the caller's organisation. */
export async function inOrgOf<Result>(
  parts: PipelineParts,
  { caller }: Passing,
  work: (tx: OrgTransaction) => Promise<Result>,
): Promise<Result> {
  const store = await parts.store();
  return store.inOrg(caller.org ?? store.defaultOrg, work);
}

/** The process's own organisation is asked for only where another one is named: a look opens no store. */
export async function surroundingsFor(
  parts: PipelineParts,
  { org }: Caller,
): Promise<Surroundings> {
  if (org === undefined) return parts;
  return surroundingsOf(parts, org, (await parts.store()).defaultOrg);
}

/** Returns what every action has to work with. */
export async function baseContextOf(
  parts: PipelineParts,
  { caller, options }: Passing,
): Promise<BaseContext> {
  const { clock, logger, engine, actionOf } = parts;
  const { systems, self } = await surroundingsFor(parts, caller);
  return { caller, clock, logger, systems, engine, self, actionOf, signal: options.signal };
}

/** Returns what an action has that reads, or plans. */
export async function readContextOf(parts: PipelineParts, passing: Passing): Promise<ReadContext> {
  return {
    ...(await baseContextOf(parts, passing)),
    inOrg: (work) => inOrgOf(parts, passing, work),
    async inOrgIfThere(work) {
      const store = await parts.storeIfThere();
      return store?.inOrg(passing.caller.org ?? store.defaultOrg, work);
    },
    platform: async (work) => (await parts.store()).platform(work),
  };
}
