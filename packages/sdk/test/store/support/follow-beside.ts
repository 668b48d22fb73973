import { sql } from "kysely";
import { type OrgTransaction, openStore, type Store } from "../../../src/store/index.ts";
import { Dice } from "../../balancing/dice.ts";
import { closedStore } from "./fresh-store.ts";
import { event } from "./rows.ts";

const WRITERS = 5;
const FOREIGNERS = 2;
const START = "0:00000000-0000-0000-0000-000000000000";

/** What somebody was told who followed the events of a busy database. */
export interface Followed {
  readonly written: number;
  /** Events that were written and not told. */
  readonly missed: number;
  /** Events that were told twice, or that nobody kept. */
  readonly wrong: number;
  /** Transactions of the other database meanwhile. */
  readonly elsewhere: number;
}

/**
 * Follows events while several write them, who have their numbers long before, give up now and then and come to an end
 * in any order, beside another database of the server that is as busy.
 */
export async function followBeside(
  server: string,
  seed: number,
  transactions: number,
): Promise<Followed> {
  const made = [await closedStore(server), await closedStore(server)];
  const stores = await Promise.all(made.map(({ options }) => openStore(options)));
  const [own, foreign] = stores;
  if (own === undefined || foreign === undefined) throw new Error("two stores were to be opened");
  let [isWriting, isBusy] = [true, true];
  try {
    const told = follow(own, () => isBusy);
    const others = Array.from({ length: FOREIGNERS }, () => beBusy(foreign, () => isWriting));
    const kept = await Promise.all(
      Array.from({ length: WRITERS }, (_, at) => write(own, new Dice(seed + at), transactions)),
    ).finally(() => {
      isWriting = false;
    });
    const elsewhere = (await Promise.all(others)).reduce((sum, count) => sum + count, 0);
    isBusy = false;
    const written = new Set(kept.flat());
    const ids = await told;
    const right = new Set(ids.filter((id) => written.has(id)));
    const missed = written.size - right.size;
    return { written: written.size, missed, wrong: ids.length - right.size, elsewhere };
  } finally {
    for (const store of stores) await store.close();
    for (const { remove } of made) await remove();
  }
}

async function write(store: Store, dice: Dice, transactions: number): Promise<readonly string[]> {
  const kept: string[] = [];
  for (let count = 0; count < transactions; count += 1) {
    const events = Array.from({ length: dice.whole(1, 3) }, () => event("trial"));
    const givesUp = new Error("given up");
    const isKept = !dice.chance(0.1);
    const done = store.inOrg(store.defaultOrg, async (tx) => {
      if (dice.chance(0.6)) await sql`select pg_current_xact_id()`.execute(tx.db);
      await dawdle(tx, dice);
      if (dice.chance(0.3)) await sql`savepoint later`.execute(tx.db);
      for (const one of events) await tx.events.insert(one);
      await dawdle(tx, dice);
      if (!isKept) throw givesUp;
    });
    await done.catch((error: unknown) => {
      if (error !== givesUp) throw error;
    });
    if (isKept) kept.push(...events.map(({ id }) => id));
  }
  return kept;
}

/** Takes a while by asking the server for nothing. */
async function dawdle({ db }: OrgTransaction, dice: Dice): Promise<void> {
  for (let count = dice.whole(0, 20); count > 0; count -= 1) await sql`select`.execute(db);
}

async function beBusy(store: Store, isGoing: () => boolean): Promise<number> {
  let count = 0;
  for (; isGoing(); count += 1) {
    await store.inOrg(store.defaultOrg, (tx) => tx.events.insert(event("elsewhere")));
  }
  return count;
}

/** Once nobody writes anywhere any more, two looks in a row that find nothing are the end. */
async function follow(store: Store, isGoing: () => boolean): Promise<readonly string[]> {
  const told: string[] = [];
  let place = START;
  for (let idle = 0; idle < 2; ) {
    const isOver = !isGoing();
    const { events, cursor } = await store.inOrg(store.defaultOrg, (tx) => tx.events.after(place));
    told.push(...events.map(({ id }) => id));
    place = cursor;
    idle = isOver && events.length === 0 ? idle + 1 : 0;
  }
  return told;
}
