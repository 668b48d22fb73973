import { type Logger as SlackLogger, WebClient, type WebClientOptions } from "@slack/web-api";

/** What every client of Slack's Web API is made from. */
export interface ClientSettings {
  readonly botToken: string;
  /** Base of the Web API; default Slack itself. */
  readonly apiUrl: string | undefined;
  readonly logger: SlackLogger;
}

/**
 * Two clients, because a client that is told to wait makes all its calls wait: answers to people must not stand
 * behind the edits of a progress message.
 */
export interface Clients {
  /** Posts, private answers, look-ups and files. */
  readonly answers: WebClient;
  /** Edits; says at once when it is told to wait, as newer content may come in the meantime. */
  readonly edits: WebClient;
}

/** Makes the two clients. */
export function createClients(settings: ClientSettings): Clients {
  return {
    answers: new WebClient(settings.botToken, clientOptions(settings)),
    edits: new WebClient(settings.botToken, {
      ...clientOptions(settings),
      rejectRateLimitedCalls: true,
    }),
  };
}

/** Options of one client. A new object each time: Slack's libraries write into what they are given. */
export function clientOptions({
  apiUrl,
  logger,
}: Omit<ClientSettings, "botToken">): WebClientOptions {
  return {
    logger,
    timeout: 10_000,
    retryConfig: { retries: 2, minTimeout: 300, maxTimeout: 2000 },
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  };
}
