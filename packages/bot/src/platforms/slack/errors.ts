import { type ErrorCode, Kappa4Error, RateLimitedError } from "@kappa4/sdk";
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";

/** Slack's own words for what we tell apart, and what to do about each. */
const KNOWN: Readonly<Record<string, { readonly code: ErrorCode; readonly todo: string }>> = {
  not_in_channel: { code: "permission", todo: "invite the app to the channel: /invite @kappa4" },
  channel_not_found: { code: "permission", todo: "invite the app to the channel: /invite @kappa4" },
  is_archived: { code: "failed_precondition", todo: "use a channel that is not archived" },
  missing_scope: {
    code: "permission",
    todo: "install the app again with the scopes of its manifest",
  },
  invalid_auth: { code: "auth", todo: "check the bot token in the configuration" },
  not_authed: { code: "auth", todo: "check the bot token in the configuration" },
  token_revoked: { code: "auth", todo: "install the app again and use its new bot token" },
  token_expired: { code: "auth_expired", todo: "use a fresh bot token" },
  account_inactive: { code: "auth", todo: "install the app again and use its new bot token" },
  user_not_found: { code: "not_found", todo: "check the user id" },
  user_disabled: { code: "not_found", todo: "ask who else can be written to" },
  cannot_dm_bot: { code: "not_found", todo: "write to a person" },
  internal_error: { code: "unavailable", todo: "try again in a moment" },
  fatal_error: { code: "unavailable", todo: "try again in a moment" },
  service_unavailable: { code: "unavailable", todo: "try again in a moment" },
  request_timeout: { code: "timeout", todo: "try again in a moment" },
  ratelimited: { code: "rate_limited", todo: "try again in a moment" },
  msg_too_long: { code: "invalid_argument", todo: "ask for less at once" },
};

/** The one method that takes the app token; every other takes the bot token. */
const OPENS_SOCKET = "apps.connections.open";

/** Turns what Slack's client throws into a Kappa4Error; other values come back as they are. */
export function slackError(
  error: unknown,
  method: string,
  apiUrl = "https://slack.com/api/",
): unknown {
  const context = { operation: method };
  if (error instanceof WebAPIRateLimitedError) {
    return new RateLimitedError(
      `Slack asked to wait ${error.retryAfter} s before ${method} is called again.`,
      {
        cause: error,
        retryAfterMs: error.retryAfter * 1000,
        context,
      },
    );
  }
  if (error instanceof WebAPIPlatformError) {
    const word = error.data.error;
    const { code, todo } = KNOWN[word] ?? {
      code: "protocol",
      todo: "see what Slack says about this code",
    };
    const token = method === OPENS_SOCKET ? "app token" : "bot token";
    const advice = todo.replace("bot token", token);
    return new Kappa4Error(code, `Slack refused ${method} with ${word}; ${advice}.`, {
      cause: error,
      context,
    });
  }
  if (error instanceof WebAPIHTTPError) {
    return new Kappa4Error(
      "unavailable",
      `Slack answered ${method} with status ${error.statusCode}; try again in a moment.`,
      {
        cause: error,
        context,
        outcome: error.statusCode >= 500 ? "unknown" : "not_applied",
      },
    );
  }
  if (error instanceof WebAPIRequestError) {
    return new Kappa4Error(
      "network",
      `Slack could not be reached at ${new URL(apiUrl).host} for ${method}${reasonOf(error)}; check that this machine may call it, directly or through a proxy, then try again.`,
      {
        cause: error,
        context,
        outcome: wasNotSent(error) ? "not_applied" : "unknown",
      },
    );
  }
  return error;
}

/** Whether it is known that nothing has reached Slack. */
function wasNotSent({ original }: WebAPIRequestError): boolean {
  const code = "code" in original ? String(original.code) : "";
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(code);
}

/** What the system said: `ECONNREFUSED`, `ENOTFOUND`. */
function reasonOf({ original }: WebAPIRequestError): string {
  return "code" in original && typeof original.code === "string" ? ` (${original.code})` : "";
}

/** Tells whether an error is Slack's; any other is a mistake of ours and must not pass for one. */
export function isSlackError(error: unknown): boolean {
  return slackError(error, "") !== error;
}

/** Tells whether a message is gone or closed to edits, so that a new one must take its place. */
export function isGone(error: unknown): boolean {
  const words = ["message_not_found", "cant_update_message", "edit_window_closed"];
  return error instanceof WebAPIPlatformError && words.includes(error.data.error);
}

/** Returns the index of each block that Slack names as invalid; undefined for any other error. */
export function invalidBlocks(error: unknown): readonly number[] | undefined {
  if (!(error instanceof WebAPIPlatformError) || error.data.error !== "invalid_blocks")
    return undefined;
  const messages = error.data.response_metadata?.messages ?? [];
  return messages.flatMap((message) => {
    const [, index] = /\/blocks\/(\d+)/.exec(message) ?? [];
    return index === undefined ? [] : [Number(index)];
  });
}
