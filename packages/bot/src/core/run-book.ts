import type { ApplyRun, Clock, Logger } from "@kappa4/sdk";
import type { RunBook, RunRecord, Stopper } from "../commands/context.ts";
import { movesAfter } from "../commands/rebalance/progress-view.ts";
import { shortId } from "./ids.ts";

/** A run book that can be wound up. */
export interface OwnedRunBook extends RunBook {
  /** Starts nothing more of any run, and waits until those under way have ended. */
  stopAll(): Promise<void>;
}

/** Options of {@link createRunBook}. */
export interface RunBookOptions {
  readonly clock: Clock;
  readonly createId: () => string;
  readonly logger: Logger;
  /** Runs remembered at most after their end. Default 100. */
  readonly most?: number | undefined;
}

/** Makes a run book in memory: one run at a time per connection, the holder known to those who wait. */
export function createRunBook(options: RunBookOptions): OwnedRunBook {
  const { clock, createId, logger } = options;
  const most = options.most ?? 100;
  const records = new Map<string, RunRecord>();
  const live = new Map<string, { readonly run: ApplyRun; readonly ended: Promise<void> }>();

  function update(id: string, change: Partial<RunRecord>): void {
    const record = records.get(id);
    if (record !== undefined) records.set(id, { ...record, ...change });
  }

  async function watch(id: string, run: ApplyRun): Promise<void> {
    try {
      for await (const event of run) {
        update(id, { moves: movesAfter(records.get(id)?.moves ?? [], event) });
      }
      const result = await run.result;
      update(id, { moves: result.moves, result });
      logger.info({ run: id, outcome: result.outcome }, "run ended");
    } catch (error) {
      logger.error({ run: id, error }, "run broke off");
      records.delete(id);
    } finally {
      live.delete(id);
      forgetOld();
    }
  }

  function forgetOld(): void {
    for (const [id, { result }] of records) {
      if (records.size <= most) return;
      if (result !== undefined) records.delete(id);
    }
  }

  function stop(id: string, by: Stopper): boolean {
    const entry = live.get(id);
    if (entry === undefined) return false;
    update(id, { stoppedBy: records.get(id)?.stoppedBy ?? by });
    entry.run.cancel();
    return true;
  }

  return {
    newId: () => shortId("R", createId, (candidate) => records.has(candidate)),
    async start(id, plan, by, apply) {
      const holder = [...records.values()].find(
        (record) => record.connection === plan.connection && record.result === undefined,
      );
      if (holder !== undefined) return { holder };
      records.set(id, {
        id,
        planId: plan.id,
        cluster: plan.plan.cluster,
        connection: plan.connection,
        by,
        startedAt: new Date(clock.now()),
        moves: [],
      });
      try {
        const run = await apply();
        live.set(id, { run, ended: watch(id, run) });
        return { run };
      } catch (error) {
        records.delete(id);
        throw error;
      }
    },
    find: (id) => records.get(id),
    list: () => [...records.values()].reverse(),
    stop,
    async stopAll() {
      const ends = [...live.entries()].map(([id, { ended }]) => {
        stop(id, "shutdown");
        return ended;
      });
      await Promise.all(ends);
    },
  };
}
