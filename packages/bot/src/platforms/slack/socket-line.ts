import type { Clock, Logger } from "@kappa4/sdk";
import { SocketModeClient } from "@slack/socket-mode";
import { type Logger as SlackLogger, WebAPIPlatformError } from "@slack/web-api";
import { z } from "zod";
import { within } from "../../core/within.ts";
import { clientOptions } from "./clients.ts";
import type { Deliver } from "./intake.ts";

/** Options of {@link createSocketLine}. */
export interface SocketLineOptions {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly slackLogger: SlackLogger;
  readonly deliver: Deliver;
}

/** One connection to Slack that is made again whenever it ends. */
export interface SocketLine {
  /** Resolves when connected for the first time; rejects when Slack will never take the token. */
  start(): Promise<void>;
  stop(): Promise<void>;
  isOpen(): boolean;
}

interface Connection {
  /** Resolves when the connection is over, whoever ended it. */
  readonly ended: Promise<void>;
}

const envelope = z.looseObject({
  ack: z.custom<(content?: unknown) => Promise<void>>((value) => typeof value === "function"),
  envelope_id: z.string(),
  body: z.record(z.string(), z.unknown()),
  retry_num: z.number().optional(),
  retry_reason: z.string().optional(),
});

const LONGEST_PAUSE_MS = 30_000;
const CLOSE_MS = 2000;
/** Errors that no waiting cures. */
const FINAL = [
  "not_authed",
  "invalid_auth",
  "account_inactive",
  "user_removed_from_team",
  "team_disabled",
  "missing_scope",
  "not_allowed_token_type",
];

/**
 * Makes a line. Connecting again is done here and not by Slack's client, which waits five seconds first, and
 * whose own attempts end the process when they fail.
 */
export function createSocketLine(options: SocketLineOptions): SocketLine {
  const { clock, logger } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: SocketModeClient | undefined;
  let isOpen = false;
  let failures = 0;
  /** Resolves when the line is kept up no longer. */
  let keeping: Promise<void> = Promise.resolve();

  async function connect(): Promise<Connection> {
    const client = new SocketModeClient({
      appToken: options.appToken,
      autoReconnectEnabled: false,
      clientOptions: clientOptions({ apiUrl: options.apiUrl, logger: options.slackLogger }),
      logger: options.slackLogger,
    });
    client.on("slack_event", receive);
    const ended = new Promise<void>((resolve) => {
      client.once("disconnected", () => resolve());
    });
    current = client;
    await client.start();
    // Slack may have answered after the line was stopped.
    if (signal.aborted) {
      await client.disconnect();
      throw signal.reason;
    }
    isOpen = true;
    failures = 0;
    return { ended };
  }

  function receive(raw: unknown): void {
    // Without an acknowledgement Slack delivers it again, to whoever listens then.
    if (signal.aborted) return;
    const read = envelope.safeParse(raw);
    if (!read.success) {
      logger.warn({}, "envelope could not be read");
      return;
    }
    const { ack, body, envelope_id, retry_num, retry_reason } = read.data;
    options
      .deliver({
        body,
        ack,
        ...(retry_num === undefined ? {} : { retryNum: retry_num }),
        ...(retry_reason === undefined ? {} : { retryReason: retry_reason }),
        customProperties: { requestKey: `envelope:${envelope_id}` },
      })
      .catch((error: unknown) => logger.error({ error }, "envelope failed"));
  }

  /** Keeps the line up until it is stopped; the first connection has been made already. */
  async function keepUp(first: Connection): Promise<void> {
    let connection: Connection | undefined = first;
    while (connection !== undefined) {
      await connection.ended;
      isOpen = false;
      if (signal.aborted) return;
      logger.info({}, "Slack ended a connection; connecting again");
      connection = await connectAgain();
    }
  }

  async function connectAgain(): Promise<Connection | undefined> {
    while (!signal.aborted) {
      try {
        return await connect();
      } catch (error) {
        failures += 1;
        logger.warn({ error, failures }, "connection to Slack failed");
        await clock.sleep(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures), signal);
      }
    }
    return undefined;
  }

  return {
    async start() {
      for (;;) {
        try {
          keeping = keepUp(await connect()).catch((error: unknown) => {
            if (!signal.aborted) logger.error({ error }, "line to Slack broke off");
          });
          return;
        } catch (error) {
          failures += 1;
          if (isFinal(error) || failures > 5) throw error;
          await clock.sleep(250 * 2 ** failures, signal);
        }
      }
    },
    async stop() {
      stopping.abort(new Error("the line is closed"));
      const closing = isOpen ? current?.disconnect() : undefined;
      isOpen = false;
      await within(clock, CLOSE_MS, Promise.all([closing, keeping]));
    },
    isOpen: () => isOpen,
  };
}

function isFinal(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && FINAL.includes(error.data.error);
}
