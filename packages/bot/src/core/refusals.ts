import type { BoundKappa4, Clock, Logger } from "@kappa4/sdk";
import type { PersonRef } from "./people.ts";

/** Puts on record who was turned away before they were anybody. */
export interface Refusals {
  /** Notes one; resolves when it is on record, or is to be told with others. Never rejects. */
  note(person: PersonRef, command: string, reason: string): Promise<void>;
  /** Puts on record what was still to be told. Never rejects. */
  flush(): Promise<void>;
}

/** What noting refusals stands on. */
export interface RefusalsOptions {
  /** As Kappa4 itself. */
  readonly kappa4: { readonly users: Pick<BoundKappa4["users"], "recordRefusal"> };
  /** The surface: `slack` for example. */
  readonly platform: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the waiting for others. */
  readonly signal: AbortSignal;
}

/** What an account is refused within this time after an entry is told in one more, once the time is over. */
const TOGETHER_MS = 60_000;
/** So many accounts are kept apart; what others try meanwhile is in the log alone. */
const MOST_ACCOUNTS = 1000;

/** What came after the entry of an account, the last of it. */
interface Later {
  count: number;
  command: string;
  reason: string;
}

/** Keeps to two entries per account and minute: somebody who writes again and again must not fill the store. */
export function createRefusals(options: RefusalsOptions): Refusals {
  const { kappa4, platform, clock, logger, signal } = options;
  const open = new Map<string, { readonly later: Later; readonly told: Promise<void> }>();

  async function put({ id: account, team }: PersonRef, refused: Later): Promise<void> {
    const address = { platform, workspace: team === "" ? "unknown" : team, account };
    try {
      await kappa4.users.recordRefusal({ ...address, ...refused });
    } catch (error) {
      logger.warn({ person: account, error }, "refusal could not be put on record");
    }
  }

  async function tellLater(key: string, person: PersonRef, later: Later): Promise<void> {
    // Whoever stops the bot waits for nobody: what there is by then is told.
    await clock.sleep(TOGETHER_MS, signal).catch(() => undefined);
    open.delete(key);
    if (later.count > 0) await put(person, later);
  }

  return {
    async note(person, command, reason) {
      const key = `${person.team} ${person.id}`;
      const known = open.get(key);
      if (known !== undefined) {
        Object.assign(known.later, { count: known.later.count + 1, command, reason });
        return;
      }
      if (open.size >= MOST_ACCOUNTS) {
        logger.warn({ person: person.id }, "refusal is not put on record: too many are refused");
        return;
      }
      const later = { count: 0, command, reason };
      open.set(key, { later, told: tellLater(key, person, later) });
      await put(person, { count: 1, command, reason });
    },
    async flush() {
      await Promise.all([...open.values()].map(({ told }) => told));
    },
  };
}
