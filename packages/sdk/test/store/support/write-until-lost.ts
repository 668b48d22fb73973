// Opens the embedded store in a folder, writes rows into it over several lanes until a sync to disk fails, and ends: a
// line of JSON on standard output for each thing that happened.
import { writeFileSync, writeSync } from "node:fs";
import { newId } from "../../../src/ids.ts";
import { openStore } from "../../../src/store/index.ts";

const [, , path = "", rows = "20", from = "0"] = process.argv;
const LANES = 4;
let next = Number(from);
let committed = 0;

const store = await openStore({ path, onLost: (error) => tell("lost", error) });
await Promise.all(Array.from({ length: LANES }, writeUntilRefused));
await write(-1).catch((error) => tell("later", error));
await store.queue.executeSql("select 1").catch((error) => tell("later", error));
await store.close();
say({ closed: true });

async function writeUntilRefused(): Promise<void> {
  for (;;) {
    next += 1;
    const number = next;
    try {
      await write(number);
    } catch (error) {
      return tell("refused", error);
    }
    say({ committed: number });
    committed += 1;
    if (committed === Number(rows)) writeFileSync(process.env.KAPPA4_SYNC_FAILS ?? "", "");
  }
}

async function write(number: number): Promise<void> {
  const body = JSON.stringify({ number });
  await store.inOrg(store.defaultOrg, (tx) =>
    tx.audit.append({ id: newId("aud"), at: new Date(), body }),
  );
}

function tell(what: string, error: unknown): void {
  const { name, code, outcome, message } = Object(error);
  say({ [what]: { name, code, outcome, message } });
}

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
