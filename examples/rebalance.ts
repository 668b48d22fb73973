import { createKappa4 } from "@kappa4/sdk";

const { PVE_URL = "", PVE_TOKEN = "", PVE_FINGERPRINT = "" } = process.env;
const auth = { type: "token", token: PVE_TOKEN }; // USER@REALM!NAME=SECRET
const tls = { verify: "pin", sha256: PVE_FINGERPRINT };
const gold = { kind: "proxmox", endpoints: [PVE_URL], auth, tls };

const kappa4 = await createKappa4({ connections: { gold } });
const plan = await kappa4.rebalance.plan("gold");
for (const { name, from, to, reasons } of plan.moves) {
  console.log(`${name}: ${from} -> ${to}, ${reasons[0]?.message}`);
}
const { outcome, before, after } = await kappa4.rebalance.apply("gold", plan).result;
console.log(`${outcome}: spread ${before?.spread} -> ${after?.spread} points`);
await kappa4.close();
