import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { startSlack } from "@kappa4/simulator";
import { expect, onTestFinished, test } from "vitest";
import { openLab } from "./support/lab.ts";

test("start serves Slack from the configuration until Ctrl-C, and logs one JSON object per line", async () => {
  const lab = await openLab({ timeScale: 300 });
  const slack = await startSlack();
  onTestFinished(() => slack.close());
  const [operator] = slack.users;
  const part = `slack:
  mode: socket
  botToken: \${SLACK_BOT_TOKEN}
  appToken: \${SLACK_APP_TOKEN}
  apiUrl: ${slack.apiUrl}
  operators: [${operator?.id}]
`;
  appendFileSync(join(lab.directory, "kappa4.yaml"), part);
  const env = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken };
  const { promise: listening, resolve: onListen } = Promise.withResolvers<() => void>();
  const running = lab.run("start", { env, onListen });
  const interrupt = await listening;
  const { outcome } = await slack.slash("/rebalance", "best-node web-01");
  await expect.poll(() => [...slack.ephemerals(), ...slack.messages()].length).toBeGreaterThan(0);
  interrupt();
  const { code, stdout, stderr } = await running;
  expect({ code, stderr, outcome }).toEqual({ code: 0, stderr: "", outcome: "acknowledged" });
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toContainEqual(
    expect.objectContaining({ level: "info", message: "The bot serves Slack." }),
  );
  expect(stdout).not.toContain(slack.botToken);
});
