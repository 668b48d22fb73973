import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createApi } from "./api/call.ts";
import { createHttpServer } from "./api/http-server.ts";
import { CallLog } from "./api/log.ts";
import type { ApiMethod } from "./api/method.ts";
import { RateLimits } from "./api/rate-limits.ts";
import { Courier } from "./delivery/courier.ts";
import { DeliveryLog } from "./delivery/log.ts";
import type { Connection } from "./delivery/socket-connection.ts";
import { SocketRoom } from "./delivery/sockets.ts";
import { type SlackOptions, settle } from "./options.ts";
import { click } from "./people/click.ts";
import type { Desk } from "./people/desk.ts";
import { mention, openHome, verifyUrl } from "./people/events.ts";
import { closeView, submitView, suggest } from "./people/forms.ts";
import { slash } from "./people/slash.ts";
import type { SlackSimulator, SlackSockets } from "./simulator.ts";
import type { SlackMessage } from "./state/messages.ts";
import { createWorkspace, type Workspace } from "./state/workspace.ts";
import { waitFor } from "./wait-for.ts";

/**
 * Starts a stand-in for Slack on loopback: Web API, Socket Mode, response URLs, uploads and signed
 * HTTP delivery, over a workspace in memory. Slack's own client libraries accept it unchanged.
 *
 * @example
 * const slack = await startSlack();
 * const app = new App({
 *   token: slack.botToken,
 *   appToken: slack.appToken,
 *   socketMode: true,
 *   clientOptions: { slackApiUrl: slack.apiUrl },
 * });
 * app.command("/rebalance", ({ ack }) => ack("Planning."));
 * await app.start();
 * const { outcome, message } = await slack.slash("/rebalance", "dry-run");
 */
export async function startSlack(options: SlackOptions = {}): Promise<SlackSimulator> {
  const workspace = createWorkspace(settle(options));
  const sockets = new SocketRoom(workspace);
  const log = new CallLog();
  const connect: ApiMethod = { token: "app", run: () => ({ url: sockets.issueUrl() }) };
  const api = createApi(workspace, new RateLimits(), { "apps.connections.open": connect });
  const server = createHttpServer({ workspace, api, log });
  sockets.attach(server);
  server.listen(workspace.settings.port, "127.0.0.1");
  await once(server, "listening");
  workspace.baseUrl = `http://127.0.0.1:${portOf(server.address())}`;

  const courier = new Courier(workspace, sockets);
  const deliveries = new DeliveryLog();
  const desk: Desk = {
    workspace,
    courier,
    note: (delivery) => deliveries.add(delivery),
    entered: new Map(),
    timers: new Set(),
  };
  const close = async (): Promise<void> => {
    for (const timer of desk.timers) clearTimeout(timer);
    await sockets.close();
    server.closeAllConnections();
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  };
  return {
    ...peopleOf(desk),
    ...screensOf(workspace),
    ...faultsOf(workspace),
    url: workspace.baseUrl,
    apiUrl: `${workspace.baseUrl}/api/`,
    signingSecret: workspace.settings.signingSecret,
    botToken: workspace.settings.botToken,
    appToken: workspace.settings.appToken,
    botUserId: workspace.settings.app.botUserId,
    users: workspace.settings.users,
    channels: workspace.settings.channels,
    sockets: socketsOf(sockets),
    useCallback: (url) => {
      courier.callbackUrl = url;
    },
    waitForDelivery: (predicate, { timeoutMs } = {}) =>
      waitFor(
        {
          find: () => deliveries.list().find(predicate),
          watch: (take) => deliveries.bell.listenFor(predicate, take),
          what: "such delivery",
        },
        timeoutMs,
      ),
    calls: (method) => log.list().filter((call) => method === undefined || call.method === method),
    deliveries: () => deliveries.list(),
    acks: () => courier.acks(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

type People = Pick<
  SlackSimulator,
  | "slash"
  | "click"
  | "submitView"
  | "closeView"
  | "suggest"
  | "mention"
  | "openHome"
  | "verifyUrl"
  | "replay"
>;

function peopleOf(desk: Desk): People {
  return {
    slash: (command, text = "", options = {}) => slash(desk, command, text, options),
    click: (options) => click(desk, options),
    submitView: (options) => submitView(desk, options),
    closeView: (options) => closeView(desk, options),
    suggest: (options) => suggest(desk, options),
    mention: (text, options) => mention(desk, text, options),
    openHome: (options) => openHome(desk, options),
    verifyUrl: (options = {}) => verifyUrl(desk, options),
    replay: async (delivery, options) => {
      const bare = await desk.courier.repeat(delivery, options);
      return desk.note({ ...bare, userSees: undefined, message: undefined });
    },
  };
}

type Screens = Pick<
  SlackSimulator,
  | "messages"
  | "ephemerals"
  | "view"
  | "home"
  | "uploads"
  | "waitForMessage"
  | "watchMessages"
  | "watchViews"
>;

function screensOf(workspace: Workspace): Screens {
  const { directory, messages, views, uploads } = workspace;
  const isFor = (message: SlackMessage, user: string | undefined): boolean =>
    message.ephemeralFor !== undefined && message.ephemeralFor === directory.person(user).id;
  return {
    messages: (reference) => {
      const user = directory.users.find((one) => one.id === reference || one.name === reference);
      const place = user === undefined ? directory.place(reference) : directory.direct(user.id);
      return messages
        .all()
        .filter((one) => one.channel === place.id && one.ephemeralFor === undefined);
    },
    ephemerals: (user) => messages.all().filter((one) => isFor(one, user)),
    view: (user) => views.top(directory.person(user).id),
    home: (user) => views.home(directory.person(user).id),
    uploads: () => uploads.all(),
    watchViews: (listener) => views.bell.listen(listener),
    watchMessages: (listener) => messages.bell.listen(listener),
    waitForMessage: (predicate, { timeoutMs } = {}) =>
      waitFor(
        {
          find: () => messages.all().find(predicate),
          watch: (take) => messages.bell.listenFor(predicate, take),
          what: "such message",
        },
        timeoutMs,
      ),
  };
}

type Faults = Pick<
  SlackSimulator,
  "inject" | "rejectBlocks" | "dropAcks" | "rotateBotToken" | "advance"
>;

function faultsOf(workspace: Workspace): Faults {
  const { faults, time } = workspace;
  return {
    inject: (fault) => faults.inject(fault),
    rejectBlocks: (type) => faults.rejectBlocks(type),
    dropAcks: (count) => faults.dropAcks(count),
    rotateBotToken: (token) => {
      workspace.revokedTokens.add(workspace.botToken);
      workspace.revokedTokens.delete(token);
      workspace.botToken = token;
    },
    advance: (ms) => time.advance(ms),
  };
}

function socketsOf(room: SocketRoom): SlackSockets {
  const ready = (): readonly Connection[] => room.list().filter((one) => one.takesEnvelopes);
  return {
    list: () => room.list(),
    waitFor: (count, { timeoutMs } = {}) =>
      waitFor(
        {
          find: () => (ready().length >= count ? ready() : undefined),
          watch: (take) =>
            room.bell.listen(() => {
              if (ready().length >= count) take(ready());
            }),
          what: `${count} connections`,
        },
        timeoutMs,
      ),
    disconnect: (reason, id) => room.each(id, (connection) => connection.disconnect(reason)),
    kill: (id) => room.each(id, (connection) => connection.kill()),
    stall: (id) => room.each(id, (connection) => connection.stall()),
    silence: (id) => room.each(id, (connection) => connection.silence()),
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
