import type { Fields } from "../json.ts";
import type { SlackMessage } from "../state/messages.ts";

/** The three kinds of things that Slack sends to an app, by their names on the socket. */
export type SlackDeliveryType = "slash_commands" | "interactive" | "events_api";

/** Something to be sent. */
export interface Envelope {
  readonly id: string;
  readonly type: SlackDeliveryType;
  readonly payload: Fields;
  /** Set from the second attempt on. */
  readonly retry: { readonly attempt: number; readonly reason: string } | undefined;
}

/** The app's answer to one copy of what was sent. */
export interface SlackAck {
  readonly envelopeId: string;
  readonly via: "socket" | "http";
  /** The HTTP status; undefined on a socket. */
  readonly status: number | undefined;
  /** What the app answered; undefined when the answer was empty. */
  readonly body: unknown;
  /** Real milliseconds between sending and answer. */
  readonly ageMs: number;
  /** Whether it came after Slack had given up. */
  readonly isLate: boolean;
}

/** What became of one copy. */
export interface CopyResult {
  readonly ack: SlackAck | undefined;
  /** Why there is no acknowledgement that counts. */
  readonly failure: "timeout" | "refused" | "unreachable" | undefined;
}

/** A signed HTTP request, or an envelope, exactly as it was sent: enough to send it once more. */
export interface SentCopy {
  readonly via: "socket" | "http";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a test asks for something to be sent. */
export interface SlackDeliveryOptions {
  /** Default HTTP when a callback URL is known, else a socket. */
  readonly via?: "socket" | "http" | undefined;
  /** Further copies of the same thing, sent at the same moment; default 0. */
  readonly duplicates?: number | undefined;
  /** Real milliseconds that it is under way before it reaches the app; default 0. */
  readonly delayMs?: number | undefined;
  /** Signs with another secret (HTTP only). */
  readonly badSignature?: boolean | undefined;
  /** Shifts the signed time stamp (HTTP only). */
  readonly timestampOffsetSeconds?: number | undefined;
}

/** What was sent to the app and what came of it. */
export interface SlackDelivery {
  /** The envelope id; on HTTP it never leaves the simulator. */
  readonly id: string;
  readonly type: SlackDeliveryType;
  readonly via: "socket" | "http";
  readonly payload: Fields;
  /** 0 for the first attempt. */
  readonly attempt: number;
  readonly outcome: "acknowledged" | "timeout" | "refused" | "unreachable";
  /** The first acknowledgement in time. */
  readonly ack: SlackAck | undefined;
  /** One result for each copy. */
  readonly copies: readonly CopyResult[];
  readonly sent: SentCopy;
  /** The error text that the person is shown, if any. */
  readonly userSees: string | undefined;
  /** The message that the body of the acknowledgement made, if any. */
  readonly message: SlackMessage | undefined;
}
