import {
  checkpointStore,
  entryText,
  exportStore,
  sealStore,
  verifyAudit,
} from "../../packages/sdk/src/audit/index.ts";
import { type Id, newId } from "../../packages/sdk/src/ids.ts";
import { openStore, type Store } from "../../packages/sdk/src/store/index.ts";
import { entry, signer } from "../../packages/sdk/test/audit/record.ts";
import { closedStore } from "../../packages/sdk/test/store/support/fresh-store.ts";
import { seedOrg } from "../../packages/sdk/test/store/support/rows.ts";
import type { TortureOptions } from "./main.ts";

const WRITERS = 4;
const TRANSACTIONS = 25;
const ENTRIES = 200;

/** Writers of several organisations and sealers at the same time: each record holds all that was written, once. */
export async function sealWhileWriting({ database, tally }: TortureOptions): Promise<void> {
  const closed = await closedStore(database);
  const store = await openStore(closed.options);
  try {
    await sealBesideWriters(store, tally);
  } finally {
    await store.close();
    await closed.remove();
  }
}

async function sealBesideWriters(store: Store, tally: TortureOptions["tally"]): Promise<void> {
  const orgs = [await seedOrg(store, "one"), await seedOrg(store, "two")];
  const now = new Date();
  const written = Promise.all(Array.from({ length: WRITERS }, (_, at) => write(store, orgs, at)));
  let isWriting = true;
  const sealers = [sealWhile(store, now, () => isWriting), sealWhile(store, now, () => isWriting)];
  await written;
  isWriting = false;
  const meanwhile = (await Promise.all(sealers)).reduce((sum, count) => sum + count, 0);
  const rest = await sealStore(store, { now });
  await checkpointStore(store, signer, now);

  const total = WRITERS * TRANSACTIONS * ENTRIES;
  tally.check(meanwhile + rest === total, () => `sealed ${meanwhile + rest} of ${total}`);
  for (const org of orgs) {
    const report = await verifyAudit(bytesOf(await exportStore(store, org)), {
      keys: [signer.verifierKey],
    });
    const isWhole = report.isIntact && report.rows === total / orgs.length;
    tally.check(isWhole && report.vouchedUntil === report.to, () => JSON.stringify(report));
  }
  console.log(
    `${total} entries of ${orgs.length} organisations in a store (${store.engine}): ${meanwhile} sealed while others were written, ${rest} afterwards`,
  );
}

async function write(store: Store, orgs: readonly Id<"org">[], writer: number): Promise<void> {
  const org = orgs[writer % orgs.length] as Id<"org">;
  for (let transaction = 0; transaction < TRANSACTIONS; transaction += 1) {
    await store.inOrg(org, async ({ audit }) => {
      for (let index = 0; index < ENTRIES; index += 1) {
        const id = newId("aud");
        const at = new Date();
        await audit.append({ id, at, body: entryText(entry(index, { id, org, at })) });
      }
    });
  }
}

async function sealWhile(store: Store, now: Date, isGoing: () => boolean): Promise<number> {
  let sealed = 0;
  while (isGoing()) sealed += await sealStore(store, { now, batch: 500 });
  return sealed;
}

async function* bytesOf(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const line of lines) yield Buffer.from(line);
}
