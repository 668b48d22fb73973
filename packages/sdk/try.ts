import { createKappa4, systemClock } from "./src/index.ts";
import { startProxmox } from "@kappa4/simulator";
const token = { id: "automation@pve!kappa4", secret: "a2f9c0de-5b1e-4c55-9a57-0d6b3c9e4f10" };
const S = 30;
const simulator = await startProxmox({ version: "9.1", seed: 4, timeScale: S, tokens: [token] });
const clock = { now: () => simulator.now(), sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / S, signal) };
const say = (o: object, m: string) => console.log(m, o);
const kappa4 = await createKappa4({ store: { path: "/tmp/try/.kappa4" }, connections: { lab: { kind: "proxmox", endpoints: [simulator.url], auth: { type: "token", token: `${token.id}=${token.secret}` }, tls: { verify: "pin", sha256: simulator.fingerprint } } } }, { clock, logger: { debug() {}, info: say, warn: say, error: say }, onProgress: console.log });
console.time("plan"); const plan = await kappa4.rebalance.plan({ connection: "lab" }); console.timeEnd("plan");
console.log(plan.shortId, plan.hash.slice(0, 8), plan.content.moves.length, plan.risk);
console.time("apply"); const answer = await kappa4.rebalance.apply({ plan: plan.shortId, reason: "level it" }); console.timeEnd("apply");
console.log(answer.state);
if (answer.state === "started") {
  for await (const run of await kappa4.runs.watch({ run: answer.run.id })) console.log(run.state, (run.progress as any)?.moves?.map((m: any) => m.state).join(","));
  console.log((await kappa4.runs.get({ run: answer.run.shortId })).error);
}
console.log((await kappa4.approvals.list({ isOpen: false })));
await kappa4.rebalance.apply({ plan: plan.shortId }).catch((e) => console.log(e.code, e.message));
await kappa4.close(); await simulator.close();
