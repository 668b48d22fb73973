import { createHmac } from "node:crypto";
import type { Fields } from "../json.ts";
import type { Envelope } from "./envelope.ts";

/** How a request is signed. */
export interface SigningRules {
  readonly secret: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

/** Writes the HTTP request for an envelope: exact content types, as Slack sends them, and the signature. */
export function signRequest(
  envelope: Envelope,
  rules: SigningRules,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const body = writeBody(envelope);
  const isJson = envelope.type === "events_api";
  const retry: Record<string, string> =
    envelope.retry === undefined
      ? {}
      : {
          "x-slack-retry-num": String(envelope.retry.attempt),
          "x-slack-retry-reason": envelope.retry.reason,
        };
  return {
    headers: {
      "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      accept: "*/*",
      "x-slack-request-timestamp": String(rules.timestamp),
      "x-slack-signature": sign(body, rules),
      ...retry,
    },
    body,
  };
}

/** Computes the value of `x-slack-signature`. */
export function sign(body: string, rules: SigningRules): string {
  const hmac = createHmac("sha256", rules.secret).update(`v0:${rules.timestamp}:${body}`);
  return `v0=${hmac.digest("hex")}`;
}

function writeBody(envelope: Envelope): string {
  if (envelope.type === "events_api") return JSON.stringify(envelope.payload);
  if (envelope.type === "slash_commands")
    return new URLSearchParams(texts(envelope.payload)).toString();
  return new URLSearchParams({ payload: JSON.stringify(envelope.payload) }).toString();
}

function texts(payload: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
}
