// Opens the embedded store in a folder, tells which numbered rows it finds, and writes more until it is killed: a line
// on standard output for each row whose transaction has been committed.
import { writeSync } from "node:fs";
import { newId } from "../../../packages/sdk/src/ids.ts";
import { openStore, type Store } from "../../../packages/sdk/src/store/index.ts";

/** Transactions under way at once. */
const LANES = 4;
/** Rows between two checkpoints, which bring the tables themselves to the disk. */
const CHECKPOINT_EVERY = 60;

const [, , path = "", from = "0"] = process.argv;
const store = await openStore({ path });
writeSync(1, `found ${JSON.stringify(await numbers(store))}\n`);
let next = Number(from);
await Promise.all(Array.from({ length: LANES }, () => writeForEver(store)));

async function writeForEver(into: Store): Promise<never> {
  for (;;) {
    next += 1;
    const number = next;
    const body = JSON.stringify({ number, padding: "x".repeat(number % 700) });
    const entry = { id: newId("aud"), at: new Date(), body };
    await into.inOrg(into.defaultOrg, (tx) => tx.audit.append(entry));
    writeSync(1, `${number}\n`);
    if (number % CHECKPOINT_EVERY === 0) await into.queue.executeSql("checkpoint");
  }
}

async function numbers(of: Store): Promise<readonly number[]> {
  const rows = await of.inOrg(of.defaultOrg, ({ db }) =>
    db.selectFrom("audit").select("bodyJson").execute(),
  );
  return rows.map(({ bodyJson }) => (bodyJson as { number: number }).number);
}
