import { describe, expect, it } from "vitest";
import { startBot } from "../src/index.ts";
import { movesIn, start } from "./support/slack-workshop.ts";
import { isResult, OPERATOR, VIEWER } from "./support/workshop.ts";

describe("over Socket Mode", () => {
  it("has two lines, and loses no command while Slack ends each of them in turn", async () => {
    const workshop = await start("socket");
    const { slack } = workshop;
    const lines = await slack.sockets.waitFor(2);
    for (const line of lines) {
      slack.sockets.disconnect("refresh_requested", line.id);
      const command = await slack.slash("/rebalance", "help", { user: "viewer" });
      expect(command.outcome).toBe("acknowledged");
      await slack.sockets.waitFor(2);
    }
    slack.sockets.kill();
    await slack.sockets.waitFor(2);
    const command = await slack.slash("/rebalance", "help", { user: "viewer" });
    expect(command.outcome).toBe("acknowledged");
  });

  it("leaves no line behind when it is stopped while it connects again", async () => {
    const workshop = await start("socket");
    const { slack, bot } = workshop;
    await slack.sockets.waitFor(2);
    const open = "apps.connections.open";
    const known = slack.calls(open).length;
    slack.inject({ kind: "slow", method: open, delayMs: 300, times: 2 });
    slack.sockets.disconnect("refresh_requested");
    while (slack.calls(open).length < known + 2) await workshop.clock.sleep(300);
    await bot.close();
    // As long as Slack takes to answer what was asked before the close.
    await workshop.clock.sleep(20_000);
    expect(slack.sockets.list()).toEqual([]);
    const late = await slack.slash("/rebalance", "dry-run", { user: OPERATOR });
    expect(late.outcome).not.toBe("acknowledged");
  });

  it("goes on with a run while all lines are cut, and starts none a second time", async () => {
    const workshop = await start("socket");
    const { slack, cluster } = workshop;
    const plan = await workshop.plan();
    const click = await slack.click({ text: "Apply", user: OPERATOR });
    slack.sockets.kill();
    await slack.sockets.waitFor(2);
    await slack.replay(click);
    await slack.waitForMessage(isResult);
    expect(cluster.moves).toHaveLength(movesIn(plan.text));
    expect(slack.messages().filter(isResult)).toHaveLength(1);
  });

  it("does the work of a press whose acknowledgement was lost, once", async () => {
    const workshop = await start("socket");
    const { slack, cluster } = workshop;
    const plan = await workshop.plan();
    slack.dropAcks(1);
    const click = await slack.click({ text: "Apply", user: OPERATOR });
    expect(click.outcome).toBe("timeout");
    await slack.replay(click);
    await slack.waitForMessage(isResult);
    expect(cluster.moves).toHaveLength(movesIn(plan.text));
  });

  it("answers a plan that has expired, and takes its buttons off", async () => {
    const workshop = await start("socket");
    const { slack, cluster } = workshop;
    const plan = await workshop.plan();
    workshop.clock.shift(31 * 60_000);
    await slack.click({ text: "Apply", user: OPERATOR });
    await workshop.whispered(OPERATOR, "is too old to be applied");
    const id = /Plan (P-\w+)/.exec(plan.text)?.[1];
    await slack.slash("/rebalance", `apply ${id}`, { user: OPERATOR });
    await slack.waitForMessage(({ ts, text }) => ts === plan.ts && text.includes("Expired"));
    expect(cluster.moves).toHaveLength(0);
  });

  it("says which token is wrong instead of starting", async () => {
    const workshop = await start("socket");
    const { slack, kappa4 } = workshop;
    const options = {
      mode: "socket",
      apiUrl: slack.apiUrl,
      botToken: slack.botToken,
      appToken: slack.appToken,
    } as const;
    await expect(
      startBot({ kappa4, slack: { ...options, botToken: "xoxb-wrong" } }),
    ).rejects.toMatchObject({
      code: "auth",
    });
    await expect(
      startBot({ kappa4, slack: { ...options, appToken: "xapp-wrong" } }),
    ).rejects.toMatchObject({
      code: "auth",
    });
    await expect(
      startBot({ kappa4, slack: { ...options, apiUrl: "http://127.0.0.1:1/" } }),
    ).rejects.toMatchObject({ code: "network" });
    await expect(
      startBot({ kappa4, slack: { ...options, botToken: "hunter2", operators: ["ana"] } }),
    ).rejects.toThrow(
      "slack.botToken must be the bot token of the app, which starts with xoxb-; slack.operators.0 must be a Slack user id",
    );
  });
});

describe("over HTTP", () => {
  it("lets no forged, stale or early request have an effect", async () => {
    const workshop = await start("http");
    const { slack, cluster } = workshop;
    await workshop.plan();
    const calls = slack.calls().length;
    for (const forgery of [
      { badSignature: true },
      { timestampOffsetSeconds: -301 },
      { timestampOffsetSeconds: 302 },
      { timestampOffsetSeconds: 3600 },
    ]) {
      const click = await slack.click({ text: "Apply", user: OPERATOR, ...forgery });
      expect(click).toMatchObject({ outcome: "refused", ack: { status: 401 } });
    }
    expect(cluster.moves).toHaveLength(0);
    expect(slack.calls()).toHaveLength(calls);
  });

  it("acknowledges a replayed request and ignores it", async () => {
    const workshop = await start("http");
    const { slack, cluster } = workshop;
    const plan = await workshop.plan();
    const { click } = await workshop.apply();
    const replays = await Promise.all([slack.replay(click), slack.replay(click)]);
    expect(replays.map(({ ack }) => ack?.status)).toEqual([200, 200]);
    await slack.slash("/rebalance", "status", { user: "viewer" });
    await workshop.whispered(VIEWER, "Runs, the newest first");
    expect(cluster.moves).toHaveLength(movesIn(plan.text));
    expect(slack.messages().filter(isResult)).toHaveLength(1);
  });

  it("answers what is no command: the address check, other paths, and too much", async () => {
    const { slack, bot } = await start("http");
    expect((await slack.verifyUrl()).outcome).toBe("acknowledged");
    const url = bot.url ?? "";
    const status = async (target: string, init?: RequestInit): Promise<number> =>
      (await fetch(target, init)).status;
    expect(await status(url)).toBe(404);
    expect(await status(url.replace("/slack/events", "/"), { method: "POST" })).toBe(404);
    expect(await status(url, { method: "POST", body: "{}" })).toBe(401);
    expect(
      await status(url, { method: "POST", body: new URLSearchParams({ ssl_check: "1" }) }),
    ).toBe(200);
    expect(await status(url, { method: "POST", body: "x".repeat(2_000_000) })).toBe(413);
  });

  it("says that the port is taken instead of starting", async () => {
    const { slack, bot, kappa4 } = await start("http");
    const port = Number(new URL(bot.url ?? "").port);
    const { botToken, apiUrl, signingSecret } = slack;
    await expect(
      startBot({
        kappa4,
        slack: { mode: "http", botToken, apiUrl, signingSecret, port },
      }),
    ).rejects.toMatchObject({ code: "failed_precondition" });
  });
});
