// Opens a store that is there, and begins to work on its runs; prints how many milliseconds that took.
import { createKappa4 } from "@kappa4/sdk";

const [, , store = "{}"] = process.argv;
const startedAt = performance.now();
const kappa4 = await createKappa4({
  connections: {
    bench: {
      kind: "proxmox",
      endpoints: ["https://127.0.0.1:8006"],
      auth: { type: "token", token: "bench@pve!kappa4=00000000-0000-4000-8000-000000000000" },
    },
  },
  store: JSON.parse(store),
});
await kappa4.start();
console.log(performance.now() - startedAt);
await kappa4.close();
