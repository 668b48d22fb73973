import type { Logger } from "@kappa4/sdk";
import { LogLevel, type Logger as SlackLogger } from "@slack/web-api";

/** Lets Slack's libraries write to our logger: their small talk is left out, and no token or answering address gets in. */
export function slackLogger(logger: Logger): SlackLogger {
  const write =
    (level: "debug" | "warn" | "error") =>
    (...parts: unknown[]): void =>
      logger[level]({ slack: redact(parts.map(String).join(" ")) }, "slack library");
  return {
    debug() {},
    info: write("debug"),
    warn: write("warn"),
    error: write("error"),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  };
}

/** Hides tokens, tickets and addresses that let anybody answer. */
export function redact(text: string): string {
  return text
    .replace(/\bx(?:ox[a-z]|app)-[\w-]+/g, "[token]")
    .replace(/\b(?:https?|wss?):\/\/\S+/g, "[address]");
}
