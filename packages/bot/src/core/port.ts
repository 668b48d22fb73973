import type { View } from "../view/model.ts";

/** Where a message stands on its surface. */
export interface MessageRef {
  /** Id of the channel. */
  readonly place: string;
  /** Id of the message within it. */
  readonly id: string;
}

/**
 * How messages get out. Throws `rate_limited` with the time to wait, `not_found` when the message or the channel is
 * gone or closed to the bot, and other codes as they are.
 */
export interface MessagePort {
  /** Posts a message, or an answer below one. */
  post(place: string, view: View, under?: MessageRef): Promise<MessageRef>;
  /** Replaces the content of a message. */
  edit(message: MessageRef, view: View): Promise<void>;
  /** Returns the place where only one person reads. */
  direct(person: string): Promise<string>;
}
