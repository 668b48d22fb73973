import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SlackSimulator, startSlack } from "../../src/index.ts";
import { PATIENT_MS, type RunningApp, startApp } from "./support/apps.ts";

describe("signed HTTP delivery to a Bolt app", () => {
  let slack: SlackSimulator;
  let running: RunningApp;
  const texts: string[] = [];

  beforeAll(async () => {
    slack = await startSlack({ ackTimeoutMs: PATIENT_MS });
    running = await startApp(slack, "http", (app) => {
      app.command(/.*/, async ({ ack, command }) => {
        texts.push(command.text);
        await ack();
      });
    });
  });

  afterAll(async () => {
    await running.stop();
    await slack.close();
  });

  it("is refused with a bad signature", async () => {
    const delivery = await slack.slash("/rebalance", "forged", { badSignature: true });
    expect(delivery).toMatchObject({
      outcome: "refused",
      ack: { status: 401 },
      userSees: '/rebalance failed with the error "dispatch_failed"',
    });
    expect(texts).not.toContain("forged");
  });

  it("is refused with an old time stamp, though Bolt lets one from the future through", async () => {
    const old = await slack.slash("/rebalance", "old", { timestampOffsetSeconds: -301 });
    expect(old).toMatchObject({ outcome: "refused", ack: { status: 401 } });
    const early = await slack.slash("/rebalance", "early", { timestampOffsetSeconds: 3600 });
    expect(early).toMatchObject({ outcome: "acknowledged", ack: { status: 200 } });
    expect(texts).toContain("early");
    expect(texts).not.toContain("old");
  });

  it("sends a replay byte for byte, which Bolt alone does not notice", async () => {
    const first = await slack.slash("/rebalance", "replayed");
    const again = await slack.replay(first);
    expect(again.sent).toEqual(first.sent);
    expect(again.outcome).toBe("acknowledged");
    expect(texts.filter((text) => text === "replayed")).toHaveLength(2);
  });

  it("uses the exact content type that Bolt insists on", async () => {
    const { sent } = await slack.slash("/rebalance", "a&b=c ü");
    expect(sent.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(texts).toContain("a&b=c ü");
  });

  it("has its address verified", async () => {
    const delivery = await slack.verifyUrl();
    expect(delivery.ack?.body).toEqual({ challenge: delivery.payload.challenge });
  });

  it("tells the person when nobody listens", async () => {
    slack.useCallback("http://127.0.0.1:9/slack/events");
    expect(await slack.slash("/rebalance")).toMatchObject({ outcome: "unreachable" });
  });
});
