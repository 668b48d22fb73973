// `npm run demo`: a cluster that stands in for Proxmox VE, read over HTTPS, planned, levelled, measured again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyResultView, planView } from "@kappa4/bot";
import { createProgressPrinter, renderTerminal, terminalOptions } from "@kappa4/bot/terminal";
import { createKappa4, followApply, systemClock } from "@kappa4/sdk";
import { startProxmox } from "@kappa4/simulator";

const TIME_SCALE = 30;
const { stdout, env } = process;
const terminal = terminalOptions(stdout, env);
const say = (text: string): unknown => stdout.write(`${text}\n`);

const token = { id: "automation@pve!kappa4", secret: "a2f9c0de-5b1e-4c55-9a57-0d6b3c9e4f10" };
const simulator = await startProxmox({
  version: "9.1",
  seed: 4,
  timeScale: TIME_SCALE,
  tokens: [token],
});
// Kappa4 lives by the simulated clock too, so that durations come out as they would on real machines.
const clock = {
  now: () => simulator.now(),
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / TIME_SCALE, signal),
};
// What Kappa4 remembers goes away with the demo.
const memory = mkdtempSync(join(tmpdir(), "kappa4-demo-"));
const kappa4 = await createKappa4(
  {
    store: { path: memory },
    connections: {
      lab: {
        kind: "proxmox",
        endpoints: [simulator.url],
        auth: { type: "token", token: `${token.id}=${token.secret}` },
        tls: { verify: "pin", sha256: simulator.fingerprint },
      },
    },
  },
  { clock, onProgress: say },
);

try {
  say(
    `\nA simulated Proxmox VE 9.1 cluster answers at ${simulator.url}; its clock runs ${TIME_SCALE} times as fast.\n`,
  );
  const stored = await kappa4.rebalance.plan();
  const plan = stored.content;
  const { length: requests } = simulator.requests;
  say(renderTerminal(planView(plan), terminal));
  say(
    `That was a dry run: ${requests} requests, none of which changed anything. Now the plan is applied.\n`,
  );

  const isInteractive = stdout.isTTY === true;
  const printer = createProgressPrinter(stdout, {
    ...terminal,
    interactive: isInteractive,
    now: clock.now,
  });
  const answer = await kappa4.rebalance.apply({ plan: stored.id, reason: "the demo" });
  if (answer.state === "waiting") throw new Error(`approve ${answer.approval.shortId} first`);
  const run = followApply(kappa4, stored, answer.run);
  for await (const event of run) printer.event(event);
  printer.close();

  const result = await run.result;
  say(`\n${renderTerminal(applyResultView(result), terminal)}`);
  say(
    `Where the run took longer than planned: the simulated clock runs ${TIME_SCALE} times as fast, so each request and each\n` +
      `write to the store of this machine takes ${TIME_SCALE} times as long by it. A real cluster's clock does not do that.\n`,
  );
  say(
    "Your cluster:  write kappa4.yaml (docs/getting-started.md), then  npm run --silent kappa4 -- rebalance dry-run",
  );
  say(
    "In Slack:      npm run --silent kappa4 -- slack manifest  and docs/slack.md, then  npm run --silent kappa4 -- start",
  );
  say("From code:     examples/rebalance.ts is all it takes");
  if (result.outcome !== "succeeded") process.exitCode = 1;
} finally {
  await kappa4.close();
  await simulator.close();
  rmSync(memory, { recursive: true, force: true });
}
