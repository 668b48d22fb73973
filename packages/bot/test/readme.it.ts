import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  type ProxmoxSimulator,
  type SlackSimulator,
  startProxmox,
  startSlack,
} from "@kappa4/simulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ClosedStore, closedFolder } from "../../sdk/test/store/support/fresh-store.ts";

/** A busy machine must not fail a test. */
const PATIENT = { timeoutMs: 60_000 };
const token = { id: "automation@pve!kappa4", secret: "0c1d2e3f-1111-4222-8333-444455556666" };
let slack: SlackSimulator;
let cluster: ProxmoxSimulator;
let program: ChildProcess;
let store: ClosedStore;

beforeAll(async () => {
  // The example is about the embedded store.
  store = await closedFolder();
  slack = await startSlack();
  cluster = await startProxmox({ tokens: [token] });
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const flags = [
    "--conditions=@kappa4/source",
    "--input-type=module-typescript",
    "--eval",
    example,
  ];
  program = spawn(process.execPath, flags, {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PVE_URL: cluster.url,
      PVE_TOKEN: `${token.id}=${token.secret}`,
      PVE_FINGERPRINT: cluster.fingerprint,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_OPERATOR: "U0OPERATOR1",
      SLACK_API_URL: slack.apiUrl,
      KAPPA4_STORE: store.options.path,
    },
  });
});

afterAll(async () => {
  program.kill("SIGKILL");
  await cluster.close();
  await slack.close();
  await store.remove();
});

it("runs the first example of the README, and it ends when it is told to", async () => {
  await slack.sockets.waitFor(2, { timeoutMs: 90_000 });
  await slack.slash("/rebalance", "dry-run", { user: "operator" });
  const plan = await slack.waitForMessage(({ text }) => text.startsWith("Plan P-"), PATIENT);
  expect(plan.text).toContain("moves would");
  const exited = once(program, "exit");
  program.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});
