import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type SlackSimulator, startSlack } from "../../src/index.ts";
import {
  PATIENT_MS,
  type RunningApp,
  SHORT_MS,
  socketClient,
  startOnSockets,
  webClient,
} from "./support/apps.ts";

describe("Socket Mode, spoken by Slack's own client", () => {
  let slack: SlackSimulator;
  let running: RunningApp | undefined;
  const envelopes: unknown[] = [];

  beforeEach(async () => {
    slack = await startSlack({ ackTimeoutMs: PATIENT_MS });
    envelopes.length = 0;
  });

  /** For those in which Slack is to give up. */
  async function beImpatient(): Promise<void> {
    await slack.close();
    slack = await startSlack({ ackTimeoutMs: SHORT_MS });
  }

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await slack.close();
  });

  async function start(connections: number): Promise<void> {
    running = await startOnSockets(
      slack,
      (app) => {
        app.command(/.*/, async ({ ack, context }) => {
          envelopes.push(context.envelopeId);
          await ack();
        });
      },
      connections,
    );
  }

  /** Stopping a client that is still reconnecting is a known fault of socket-mode 3.1; an answer on every connection shows that it is not. */
  async function reachable(): Promise<void> {
    await expect
      .poll(async () => {
        await slack.slash("/nodes");
        return slack.sockets.list().every((connection) => connection.envelopes > 0);
      })
      .toBe(true);
  }

  it("spreads envelopes over the connections", async () => {
    await start(3);
    const sent = await Promise.all(Array.from({ length: 60 }, () => slack.slash("/nodes")));
    expect(sent.every((delivery) => delivery.outcome === "acknowledged")).toBe(true);
    const counts = slack.sockets.list().map((connection) => connection.envelopes);
    expect(counts).toHaveLength(3);
    expect(Math.min(...counts)).toBeGreaterThan(5);
  });

  it("sends an envelope twice under one id", async () => {
    await start(2);
    const delivery = await slack.slash("/nodes", "", { duplicates: 1 });
    expect(envelopes).toEqual([delivery.id, delivery.id]);
    expect((await slack.replay(delivery)).id).toBe(delivery.id);
    expect(envelopes).toHaveLength(3);
  });

  it("loses nothing while one of two connections is refreshed, and the app comes back", async () => {
    await start(2);
    const [first, second] = slack.sockets.list();
    slack.sockets.disconnect("refresh_requested", first?.id);
    const sent = await Promise.all(Array.from({ length: 50 }, () => slack.slash("/nodes")));
    expect(sent.every((delivery) => delivery.outcome === "acknowledged")).toBe(true);
    const after = await slack.sockets.waitFor(2);
    const ids = after.map((connection) => connection.id);
    expect(ids).toContain(second?.id);
    expect(ids).not.toContain(first?.id);
    await reachable();
  });

  it("cannot reach an app whose only connection is refreshed", async () => {
    await start(1);
    slack.sockets.disconnect("warning");
    expect(await slack.slash("/nodes")).toMatchObject({
      outcome: "unreachable",
      userSees: '/nodes failed with the error "dispatch_failed"',
    });
    await slack.sockets.waitFor(1);
    expect(await slack.slash("/nodes")).toMatchObject({ outcome: "acknowledged" });
  });

  it("is left by the app when it is cut, and when pings stay unanswered", async () => {
    await start(1);
    const [first] = slack.sockets.list();
    slack.sockets.kill();
    const [second] = await slack.sockets.waitFor(1);
    expect(second?.id).not.toBe(first?.id);
    slack.sockets.silence();
    await expect.poll(() => slack.sockets.list().some((one) => one.id !== second?.id)).toBe(true);
    await reachable();
  });

  it("answers pings", async () => {
    await start(1);
    await expect.poll(() => slack.sockets.list()[0]?.pings).toBeGreaterThan(2);
    expect(slack.sockets.list()).toHaveLength(1);
  });

  it("notes an acknowledgement that comes after Slack has given up", async () => {
    await beImpatient();
    const received: (() => Promise<void>)[] = [];
    running = await startOnSockets(
      slack,
      (app) => app.command(/.*/, async ({ ack }) => void received.push(() => ack("Late."))),
      1,
    );
    const delivery = await slack.slash("/nodes");
    expect(delivery).toMatchObject({ outcome: "timeout", message: undefined });
    await received[0]?.();
    await expect.poll(() => slack.acks()).toHaveLength(1);
    expect(slack.acks()[0]).toMatchObject({ envelopeId: delivery.id, isLate: true });
    expect(slack.ephemerals()).toEqual([]);
  });

  it("stalls while the app waits for the end of the closing handshake", async () => {
    await beImpatient();
    await start(1);
    const [first] = slack.sockets.list();
    slack.sockets.stall();
    expect(await slack.slash("/nodes")).toMatchObject({ outcome: "timeout" });
    await expect.poll(() => slack.sockets.list().some((one) => one.id !== first?.id)).toBe(true);
    await reachable();
  });

  it("takes ten connections and sends an eleventh away", async () => {
    const clients = Array.from({ length: 10 }, () => socketClient(slack.apiUrl, slack.appToken));
    await Promise.all(clients.map((client) => client.start()));
    const opened = await webClient(slack, slack.appToken).apps.connections.open();
    const frames = await firstFrame(opened.url ?? "");
    expect(frames).toMatchObject({ type: "disconnect", reason: "too_many_websockets" });
    await Promise.all(clients.map((client) => client.disconnect()));
  });

  it("greets with the number of connections, and takes each ticket once", async () => {
    const opened = await webClient(slack, slack.appToken).apps.connections.open();
    const url = opened.url ?? "";
    const hello = await firstFrame(url);
    expect(hello).toMatchObject({
      type: "hello",
      num_connections: 1,
      connection_info: { app_id: "A0SIMULATED" },
    });
    await expect(firstFrame(url)).rejects.toThrow("404");
  });
});

function firstFrame(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on("error", reject);
    socket.on("message", (data) => {
      socket.terminate();
      resolve(JSON.parse(String(data)));
    });
  });
}
