import type { Logger } from "@kappa4/sdk";
import { LogLevel, type Logger as SlackLogger } from "@slack/web-api";
import { redact } from "../../core/redact.ts";

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
