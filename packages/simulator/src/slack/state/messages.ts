import type { Fields } from "../json.ts";
import { Bell } from "../wait-for.ts";

/** What a message shows. */
export interface SlackContent {
  readonly text: string;
  readonly blocks: readonly Fields[];
  readonly attachments: readonly Fields[];
}

/** What a message showed from a moment on, and which call made it so. */
export interface SlackMessageVersion extends SlackContent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
}

/** A message as it stands, with everything that it showed before. */
export interface SlackMessage extends SlackContent {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  /** Id of the author. */
  readonly user: string;
  readonly isBot: boolean;
  /** The one person who sees it; undefined for a message that the channel sees. */
  readonly ephemeralFor: string | undefined;
  readonly files: readonly Fields[];
  readonly metadata: Fields | undefined;
  readonly isBroadcast: boolean;
  /** All versions in order, the first and the current one included. */
  readonly history: readonly SlackMessageVersion[];
}

/** A message that is about to be posted. */
export type MessageDraft = Omit<SlackMessage, "history">;

/** Keeps the messages of all conversations. */
export class MessageStore {
  /** Rings with each message that is new, changed or removed. */
  readonly bell: Bell<SlackMessage> = new Bell();
  readonly #messages = new Map<string, SlackMessage>();
  readonly #removed = new Map<string, SlackMessage>();

  post(draft: MessageDraft, at: number, by: string): SlackMessage {
    const { text, blocks, attachments } = draft;
    const message = { ...draft, history: [{ text, blocks, attachments, at, by }] };
    this.#put(message);
    return message;
  }

  edit(message: SlackMessage, content: SlackContent, at: number, by: string): SlackMessage {
    const history = [...message.history, { ...content, at, by }];
    const edited = { ...message, ...content, history };
    this.#put(edited);
    return edited;
  }

  remove(message: SlackMessage): void {
    const key = keyOf(message.channel, message.ts);
    this.#messages.delete(key);
    this.#removed.set(key, message);
    this.bell.ring(message);
  }

  /** Messages that were removed, as they stood last. */
  removed(): readonly SlackMessage[] {
    return [...this.#removed.values()];
  }

  find(channel: string, ts: string): SlackMessage | undefined {
    return this.#messages.get(keyOf(channel, ts));
  }

  /** All messages, oldest first: time stamps only grow, so the order of posting is theirs. */
  all(): readonly SlackMessage[] {
    return [...this.#messages.values()];
  }

  #put(message: SlackMessage): void {
    this.#messages.set(keyOf(message.channel, message.ts), message);
    this.bell.ring(message);
  }
}

function keyOf(channel: string, ts: string): string {
  return `${channel} ${ts}`;
}
