import type { Receiver, ReceiverEvent } from "@slack/bolt";

/** Hands something that Slack sent to the app. */
export type Deliver = (event: ReceiverEvent) => Promise<void>;

/** How requests come in from Slack. */
export interface Intake extends Receiver {
  /** Resolves with where Slack is to send requests, when it is the side that calls. */
  start(): Promise<{ readonly url: string | undefined }>;
  /** Takes nothing more in; what has come is acknowledged. */
  stop(): Promise<void>;
  /** Whether requests can come in right now. */
  isOpen(): boolean;
}
