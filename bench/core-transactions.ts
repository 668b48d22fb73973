import { newId, toUuid } from "../packages/sdk/src/ids.ts";
import { type OpenStoreOptions, openStore } from "../packages/sdk/src/store/index.ts";
import { SCHEMA } from "../packages/sdk/src/store/migrations/index.ts";
import { openDatabase } from "../packages/sdk/src/store/open.ts";
import { type Events, events } from "../packages/sdk/src/store/repositories/events.ts";
import { type Plans, plans } from "../packages/sdk/src/store/repositories/plans.ts";
import type { OrgScope } from "../packages/sdk/src/store/repositories/scope.ts";
import { inOrg } from "../packages/sdk/src/store/transaction.ts";
import { event, plan } from "../packages/sdk/test/store/support/rows.ts";
import { median } from "./machine.ts";

const WARM_UP = 50;
const ROUNDS = 400;

/** What one kind of transaction costs, in milliseconds, and how much that is of the other. */
export interface Comparison {
  readonly guarded: number;
  readonly plain: number;
  readonly ratio: number;
}

interface Repositories {
  readonly events: Events;
  readonly plans: Plans;
}

/** What a request does to the store: reads what is there, and writes down what it has done. */
async function work({ events, plans }: Repositories): Promise<void> {
  const stored = plan(`P-${newId("pln").slice(-8)}`);
  await plans.insert(stored);
  await plans.find(stored.id);
  await events.insert(event("bench"));
  await events.list({ limit: 20 });
}

/**
 * The same statements in the same process by turns: in a transaction of an organisation, and in a plain one of a
 * superuser, whom no policy is applied to and who needs no setting before.
 */
export async function compareTransactions(
  options: OpenStoreOptions,
  superUrl: string | undefined,
): Promise<Comparison> {
  const store = await openStore(options);
  const org = store.defaultOrg;
  await store.close();
  const database = await openDatabase(options);
  // The embedded store's own login is a superuser; on a server it is not.
  const asSuperuser =
    superUrl === undefined ? database : await openDatabase({ url: addressOf(options, superUrl) });
  const guarded = (): Promise<void> => inOrg(database, org, work);
  const plain = (): Promise<void> =>
    asSuperuser.db.transaction().execute((trx) => {
      const scope = { db: trx.withSchema(SCHEMA), orgId: toUuid(org) } as unknown as OrgScope;
      return work({ events: events(scope), plans: plans(scope) });
    });
  const times = { guarded: [] as number[], plain: [] as number[] };
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const one = await timed(guarded);
    const other = await timed(plain);
    if (round < 0) continue;
    times.guarded.push(one);
    times.plain.push(other);
  }
  await database.close();
  if (asSuperuser !== database) await asSuperuser.close();
  const [one, other] = [median(times.guarded), median(times.plain)];
  return { guarded: one, plain: other, ratio: one / other };
}

function addressOf({ url = "" }: OpenStoreOptions, superUrl: string): string {
  const address = new URL(superUrl);
  address.pathname = new URL(url).pathname;
  return address.href;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
