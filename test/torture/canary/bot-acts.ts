import { type Bot, startBot } from "../../../packages/bot/src/index.ts";
import { type Canaries, loose } from "./canaries.ts";
import type { Witness } from "./witness.ts";
import { SLACK_USERS, type World } from "./world.ts";

const PATIENT = { timeoutMs: 60_000 } as const;
const [operator, other, nobody] = SLACK_USERS;

/** Serves Slack in both of its ways: people ask, type what they should not, say no, and press buttons. */
export async function actInSlack(
  world: World,
  witness: Witness,
  canaries: Canaries,
): Promise<void> {
  const { slack, kappa4, clock, doors } = world;
  const port = doors.find(({ name }) => name === "slack")?.port;
  const { botToken, appToken, signingSecret } = slack;
  const apiUrl = `http://127.0.0.1:${port}/api/`;
  const operators = [operator.id, other.id];
  const common = { botToken, operators, apiUrl };
  const serve = (way: Parameters<typeof startBot>[0]["slack"]): Promise<Bot> =>
    startBot({ kappa4, slack: way, clock, logger: witness.logger, drainMs: 1000 });
  const wrong = { ...common, mode: "socket", appToken: canaries.typedToken.text } as const;
  await witness.watch("a bot with wrong tokens", () => serve(wrong), "config_invalid");
  const refused = { ...common, mode: "socket", appToken, botToken: `${botToken}x` } as const;
  await witness.watch("a bot that is refused", () => serve(refused), "auth");

  const bot = await serve({ ...common, mode: "socket", appToken });
  witness.seeFaces("bot", bot);
  await witness.watch("Slack over a socket", () => typeAll(world, canaries), "answer");
  await witness.watch("an approval in Slack", () => deny(world, canaries), "answer");
  slack.sockets.kill();
  slack.inject({ kind: "error", method: "chat.postEphemeral", error: "internal_error" });
  await slack.sockets.waitFor(1, PATIENT);
  await typeAll(world, canaries);
  await bot.close();

  const http = await serve({ ...common, mode: "http", signingSecret, port: 0 });
  witness.seeFaces("bot", http);
  slack.useCallback(http.url ?? "");
  await witness.watch("Slack over HTTP", () => typeAll(world, canaries), "answer");
  await http.close();

  witness.see("Slack", JSON.stringify(slack.messages()));
  for (const { id } of SLACK_USERS) {
    witness.see(
      "Slack",
      JSON.stringify([slack.messages(id), slack.ephemerals(id), slack.home(id)]),
    );
  }
  witness.see("Slack", JSON.stringify([slack.acks(), slack.calls(), slack.uploads()]));
}

/** Commands that do well and badly, with secrets in every place of the line. */
async function typeAll({ slack }: World, canaries: Canaries): Promise<void> {
  const secret = loose(canaries);
  const { typedToken } = canaries;
  const lines = [
    "dry-run --connection gold --max-moves 5",
    "dry-run --connection brass",
    `dry-run --connection ${typedToken.text}`,
    `dry-run --method ${typedToken.text} -- ${secret}`,
    `dry-run --${typedToken.text} ${secret}`,
    `apply ${typedToken.text}`,
    `${typedToken.text} ${secret}`,
    `explain ${secret}`,
  ];
  for (const line of lines) await slack.slash("/rebalance", line, { user: operator.id });
  await slack.slash("/approve", `deny ${typedToken.text} -- ${secret}`, { user: other.id });
  await slack.slash("/rebalance", `dry-run ${secret}`, { user: nobody.id });
}

/** A plan is asked for, and denied with a reason that says too much. */
async function deny({ slack }: World, canaries: Canaries): Promise<void> {
  const known = new Set(slack.messages().map(({ ts }) => ts));
  const line = "dry-run --connection gold --max-moves 6";
  await slack.slash("/rebalance", line, { user: operator.id });
  const plan = await slack.waitForMessage(
    ({ ts, text }) => !known.has(ts) && text.includes("Apply: /rebalance apply"),
    PATIENT,
  );
  await slack.click({ text: "Apply", user: operator.id, messageTs: plan.ts });
  const request = await slack.waitForMessage(
    ({ ts, text }) => !known.has(ts) && text.includes("Approve: /approve"),
    PATIENT,
  );
  const approval = /Approval (A-\w+)/.exec(request.text)?.[1];
  await slack.slash("/approve", `deny ${approval} -- ${loose(canaries)}`, { user: other.id });
  await slack.waitForMessage(
    ({ ts, text }) => ts === request.ts && text.includes("Denied by"),
    PATIENT,
  );
}
