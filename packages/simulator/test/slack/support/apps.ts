import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  App,
  HTTPReceiver,
  type Logger,
  LogLevel,
  type Receiver,
  type ReceiverEvent,
} from "@slack/bolt";
import { SocketModeClient } from "@slack/socket-mode";
import { WebClient, type WebClientOptions } from "@slack/web-api";
import type { SlackSimulator } from "../../../src/index.ts";

/** How long a test waits for an acknowledgement that comes: a busy machine must not fail it. */
export const PATIENT_MS = 20_000;

/** How long it waits for one that never comes. */
export const SHORT_MS = 400;

/** Tests provoke errors on purpose; nobody needs to read them. */
const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** A Bolt app under test, connected to the simulator one way or the other. */
export interface RunningApp {
  readonly app: App;
  stop(): Promise<void>;
}

/** Makes Slack's own client with short retries. */
export function webClient(
  slack: SlackSimulator,
  token: string | undefined = slack.botToken,
  options: WebClientOptions = {},
): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    logger: quiet,
    retryConfig: { retries: 2, minTimeout: 1, maxTimeout: 5 },
    ...options,
  });
}

/** Starts a Bolt app on Socket Mode or on signed HTTP; `listen` adds its listeners before it starts. */
export function startApp(
  slack: SlackSimulator,
  via: "socket" | "http",
  listen: (app: App) => void,
): Promise<RunningApp> {
  return via === "socket" ? startOnSockets(slack, listen, 1) : startOnHttp(slack, listen);
}

/** Starts a Bolt app behind several Socket Mode connections. */
export async function startOnSockets(
  slack: SlackSimulator,
  listen: (app: App) => void,
  connections: number,
): Promise<RunningApp> {
  const receiver = socketReceiver(slack.apiUrl, slack.appToken, connections);
  const app = await initApp(slack, receiver, listen);
  await app.start();
  await slack.sockets.waitFor(connections);
  return { app, stop: async () => void (await app.stop()) };
}

async function startOnHttp(slack: SlackSimulator, listen: (app: App) => void): Promise<RunningApp> {
  const receiver = new HTTPReceiver({
    signingSecret: slack.signingSecret,
    logger: quiet,
  });
  const app = await initApp(slack, receiver, listen);
  const server = createServer((request, response) => receiver.requestListener(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  slack.useCallback(`http://127.0.0.1:${port}/slack/events`);
  return {
    app,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function initApp(
  slack: SlackSimulator,
  receiver: Receiver,
  listen: (app: App) => void,
): Promise<App> {
  const app = new App({
    token: slack.botToken,
    receiver,
    deferInitialization: true,
    logger: quiet,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  listen(app);
  await app.init();
  return app;
}

/** Makes a receiver for Bolt that listens on several Socket Mode connections. */
export function socketReceiver(apiUrl: string, appToken: string, connections: number): Receiver {
  const clients = Array.from({ length: connections }, () => socketClient(apiUrl, appToken));
  return {
    init: (app) => {
      for (const client of clients) {
        client.on("slack_event", (event) => app.processEvent(toBolt(event)));
      }
    },
    start: () => Promise.all(clients.map((client) => client.start())),
    stop: () => Promise.all(clients.map((client) => client.disconnect())),
  };
}

/** Makes Slack's own Socket Mode client, quick to reconnect. */
export function socketClient(slackApiUrl: string, appToken: string): SocketModeClient {
  return new SocketModeClient({
    appToken,
    clientPingTimeout: 300,
    logger: quiet,
    clientOptions: { slackApiUrl, retryConfig: { retries: 0 } },
  });
}

interface SlackEvent {
  readonly ack: (response?: unknown) => Promise<void>;
  readonly envelope_id: string;
  readonly body: Record<string, unknown>;
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

function toBolt(event: SlackEvent): ReceiverEvent {
  return {
    body: event.body,
    ack: (response) => event.ack(response),
    ...(event.retry_num === undefined ? {} : { retryNum: event.retry_num }),
    ...(event.retry_reason === undefined ? {} : { retryReason: event.retry_reason }),
    customProperties: { envelopeId: event.envelope_id },
  };
}
