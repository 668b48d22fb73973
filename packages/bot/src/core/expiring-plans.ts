import type { Clock, Logger } from "@kappa4/sdk";
import type { PlanBook, PlanRecord } from "../commands/context.ts";
import { planMessage } from "../commands/rebalance/plan-message.ts";
import type { ButtonBook } from "./button-book.ts";
import type { Outbox } from "./outbox.ts";

/** What is needed to take the buttons off a plan that has become too old. */
export interface ExpiryOptions {
  readonly clock: Clock;
  readonly buttons: ButtonBook;
  readonly outbox: Outbox;
  readonly logger: Logger;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** Makes a plan book whose plans say so in their message when they expire. */
export function expiringPlans(book: PlanBook, options: ExpiryOptions): PlanBook {
  const { clock, buttons, outbox, logger, signal } = options;

  async function expire({ id, place, expiresAt }: PlanRecord): Promise<void> {
    await clock.sleep(Math.max(0, expiresAt.getTime() - clock.now()), signal);
    const record = await book.find(id);
    if (record?.state.kind !== "expired") return;
    await outbox.show(id, place, planMessage(buttons, record));
  }

  return {
    ...book,
    async save(plan) {
      const record = await book.save(plan);
      expire(record).catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ plan: record.id, error }, "expiry could not be shown");
      });
      return record;
    },
  };
}
