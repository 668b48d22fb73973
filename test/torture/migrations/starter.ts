// One of several processes that start at once: loads everything, says so, waits for the word, and brings the store up
// to date. Prints the migrations that it applied itself, or what it was refused with.
import { once } from "node:events";
import { migrateStore, openStore } from "../../../packages/sdk/src/store/index.ts";

const [, , text = "{}"] = process.argv;
const options = JSON.parse(text);
console.log("ready");
await once(process.stdin, "data");
try {
  const applied = await migrateStore(options);
  const store = await openStore(options);
  const orgs = await store.platform((tx) => tx.orgs.list());
  console.log(JSON.stringify({ applied, orgs: orgs.map(({ id }) => id) }));
  // Stays until all are through, as a program would.
  await once(process.stdin, "data");
  await store.close();
} catch (error) {
  console.log(JSON.stringify({ refused: String(error) }));
}
process.exit(0);
