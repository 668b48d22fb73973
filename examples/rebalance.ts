import { createKappa4, followApply } from "@kappa4/sdk";

const { PVE_URL = "", PVE_TOKEN = "", PVE_FINGERPRINT = "" } = process.env;
const auth = { type: "token", token: PVE_TOKEN }; // USER@REALM!NAME=SECRET
const tls = { verify: "pin", sha256: PVE_FINGERPRINT };
const gold = { kind: "proxmox", endpoints: [PVE_URL], auth, tls };
const kappa4 = await createKappa4({ connections: { gold } });
const plan = await kappa4.rebalance.plan();
for (const { name, from, to } of plan.content.moves) console.log(`${name}: ${from} -> ${to}`);
if (plan.content.moves.length > 0) {
  const answer = await kappa4.rebalance.apply({ plan: plan.id, reason: "one node is full" });
  if (answer.state === "waiting") throw new Error(`approve ${answer.approval.shortId} first`);
  const { outcome, before, after } = await followApply(kappa4, plan, answer.run).result;
  console.log(`${outcome}: spread ${before?.spread} -> ${after?.spread} points`);
}
await kappa4.close();
