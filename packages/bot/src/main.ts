import { randomBytes } from "node:crypto";
import { type Clock, type Kappa4, Kappa4Error, type Logger, systemClock } from "@kappa4/sdk";
import type { Command } from "./commands/define.ts";
import { commands } from "./commands/index.ts";
import { createCore } from "./core/core.ts";
import { safeLogger } from "./core/safe-logger.ts";
import { type SlackOptionsInput, slackOptions } from "./options.ts";

/** Options of {@link startBot}. */
export interface StartBotOptions {
  /** What the commands work with; stays open when the bot is closed. */
  readonly kappa4: Kappa4;
  /** The Slack workspace to serve. */
  readonly slack: SlackOptionsInput;
  /** Further commands by name; the manifest of the app must name them too. */
  readonly commands?: Readonly<Record<string, Command>> | undefined;
  readonly clock?: Clock | undefined;
  /** Returns at least 128 random bits as text. */
  readonly createId?: (() => string) | undefined;
  /** Pass pino itself, or anything like it. Default: silent. */
  readonly logger?: Logger | undefined;
  /** How long closing waits for runs under way. Default 10 seconds. */
  readonly drainMs?: number | undefined;
}

/** A bot at work. */
export interface Bot {
  /** Where Slack is to send its requests; undefined in Socket Mode. */
  readonly url: string | undefined;
  /** Whether requests can come in right now. */
  isOpen(): boolean;
  /** Takes nothing more in, starts nothing more, tells what is under way, and disconnects. */
  close(): Promise<void>;
  /** Same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Starts the bot and serves Slack until it is closed. Throws `config_invalid` for options that cannot work,
 * `auth` when Slack refuses a token, `network` when it cannot be reached.
 *
 * @example
 * const bot = await startBot({ kappa4, slack: { mode: "socket", botToken, appToken, operators: ["U012ABCDEF"] } });
 */
export async function startBot(options: StartBotOptions): Promise<Bot> {
  const { kappa4, clock = systemClock, createId = randomId, drainMs } = options;
  const logger = safeLogger(options.logger ?? silent);
  const slack = parseSlack(options.slack);
  // Bolt is large; it is loaded only where Slack is served.
  const { startSlackPlatform } = await import("./platforms/slack/platform.ts");
  const { operators } = slack;
  const all = { ...commands, ...options.commands };
  const platform = await startSlackPlatform(slack, {
    clock,
    logger,
    createCore: (people, port) =>
      createCore({
        kappa4,
        commands: all,
        people,
        port,
        operators,
        clock,
        createId,
        logger,
        drainMs,
      }),
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= platform.close();
    return closed;
  };
  return {
    url: platform.url,
    isOpen: () => platform.isOpen(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function parseSlack(input: SlackOptionsInput): ReturnType<typeof slackOptions.parse> {
  const parsed = slackOptions.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `slack.${path.join(".")} ${message}`,
  );
  throw new Kappa4Error("config_invalid", `The Slack options cannot work: ${problems.join("; ")}.`);
}

function randomId(): string {
  return randomBytes(16).toString("base64url");
}
