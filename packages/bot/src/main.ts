import {
  type BroughtPerson,
  type Clock,
  type Kappa4,
  Kappa4Error,
  type Logger,
  type PersonConfig,
  systemClock,
} from "@kappa4/sdk";
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
  /** Who may do what, as in the `people` part of a configuration. Roles that it gave and no longer names are taken. */
  readonly people?: readonly PersonConfig[] | undefined;
  /** Further commands by name; the manifest of the app must name them too. */
  readonly commands?: Readonly<Record<string, Command>> | undefined;
  readonly clock?: Clock | undefined;
  /** Pass pino itself, or anything like it. Default: silent. */
  readonly logger?: Logger | undefined;
  /** How long closing waits for requests under way. Default 10 seconds. */
  readonly drainMs?: number | undefined;
}

/** A bot at work. */
export interface Bot {
  /** Where Slack is to send its requests; undefined in Socket Mode. */
  readonly url: string | undefined;
  /** Whether requests can come in right now. */
  isOpen(): boolean;
  /** Takes nothing more in, tells what is under way, and disconnects. Runs go on, as long as Kappa4 is open. */
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
  const { kappa4, clock = systemClock, drainMs, people: named = [] } = options;
  const logger = safeLogger(options.logger ?? silent);
  const slack = parseSlack(options.slack);
  // Bolt is large; it is loaded only where Slack is served.
  const { startSlackPlatform } = await import("./platforms/slack/platform.ts");
  const all = { ...commands, ...options.commands };
  const platform = await startSlackPlatform(slack, {
    clock,
    logger,
    createCore: (workspace, people, port) =>
      createCore({
        kappa4,
        commands: all,
        platform: "slack",
        workspace,
        people,
        port,
        clock,
        logger,
        drainMs,
      }),
    bringPeople: async (workspace) => {
      const people = peopleOf(named, slack.operators, workspace);
      await kappa4.as({ actor: { kind: "system" }, via: "slack" }).users.bring({ people });
      await kappa4.start();
    },
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

/** Everybody that the configuration names, with their accounts in this workspace. */
function peopleOf(
  named: readonly PersonConfig[],
  operators: readonly string[],
  workspace: string,
): readonly BroughtPerson[] {
  const accountOf = (account: string) => ({ platform: "slack", workspace, account });
  const people = named.map(({ name, email, role, slack }) => ({
    ...{ name, email, role },
    account: slack === undefined ? undefined : accountOf(slack),
  }));
  const others = operators.filter((id) => !named.some(({ slack }) => slack === id));
  const brought = others.map((id) => ({ name: id, role: "operator", account: accountOf(id) }));
  return [...people, ...brought];
}
