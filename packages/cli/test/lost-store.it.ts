import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { startSlack } from "@kappa4/simulator";
import { expect, onTestFinished, test } from "vitest";
import { FAILING_SYNC } from "../../sdk/test/store/support/fail-a-sync.ts";
import { openLab } from "./support/lab.ts";

const ENTRY = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("start ends with a sentence when the disk does not keep what the store writes", async () => {
  const lab = await openLab();
  const slack = await startSlack();
  onTestFinished(() => slack.close());
  const part = `slack:
  mode: socket
  botToken: ${slack.botToken}
  appToken: ${slack.appToken}
  apiUrl: ${slack.apiUrl}
  operators: [${slack.users[0]?.id}]
`;
  appendFileSync(join(lab.directory, "kappa4.yaml"), part);
  const order = join(lab.directory, "sync-fails");
  const args = ["--conditions=@kappa4/source", "--import", FAILING_SYNC, ENTRY, "start"];
  const child = spawn(process.execPath, args, {
    cwd: lab.directory,
    env: { ...process.env, ...lab.env, KAPPA4_SYNC_FAILS: order },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const errors = text(child.stderr);
  let output = "";
  for await (const data of child.stdout) {
    output += data;
    if (!output.includes("The bot serves Slack.")) continue;
    writeFileSync(order, "");
    break;
  }
  const ended = once(child, "close");
  // Something to write, for whoever looks after the store only writes now and then.
  await slack.slash("/rebalance", "plan");
  const [code] = await ended;
  expect(code).toBe(1);
  expect(await errors).toMatch(/^kappa4: The disk did not keep .* \(unavailable\)\n$/);
});
