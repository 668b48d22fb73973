import type { SlackCall } from "./api/log.ts";
import type { SlackAck, SlackDelivery, SlackDeliveryOptions } from "./delivery/envelope.ts";
import type { Connection } from "./delivery/socket-connection.ts";
import type { SlackDisconnectReason } from "./delivery/sockets.ts";
import type { SlackChannel, SlackUser } from "./options.ts";
import type { SlackClickOptions } from "./people/click.ts";
import type { SlackHomeOptions, SlackMentionOptions } from "./people/events.ts";
import type {
  SlackFormOptions,
  SlackSubmission,
  SlackSubmitOptions,
  SlackSuggestOptions,
} from "./people/forms.ts";
import type { SlackSlashOptions } from "./people/slash.ts";
import type { SlackFault } from "./state/faults.ts";
import type { SlackMessage } from "./state/messages.ts";
import type { SlackUpload } from "./state/uploads.ts";
import type { SlackView } from "./state/views.ts";

/** How long to wait for something to be seen. */
export interface SlackWaitOptions {
  /** Real milliseconds; default 30 000. */
  readonly timeoutMs?: number | undefined;
}

/** Slack's end of Socket Mode, and what can happen to it. */
export interface SlackSockets {
  /** The open connections. */
  list(): readonly Connection[];
  /** Resolves once that many connections take envelopes. Rejects after the timeout. */
  waitFor(count: number, options?: SlackWaitOptions): Promise<readonly Connection[]>;
  /** Asks the app to leave one connection, or all of them. */
  disconnect(reason: SlackDisconnectReason, connectionId?: string): void;
  /** Cuts one connection, or all of them, without a close frame. */
  kill(connectionId?: string): void;
  /** Stops reading from one connection, or all: no pong, no answer to a close frame. */
  stall(connectionId?: string): void;
  /** Stops answering the pings of one connection, or all. */
  silence(connectionId?: string): void;
}

/** A running stand-in for Slack: what the people in the workspace do, see, and what goes wrong. */
export interface SlackSimulator {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** The value for `clientOptions.slackApiUrl`. */
  readonly apiUrl: string;
  readonly signingSecret: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly botUserId: string;
  readonly users: readonly SlackUser[];
  readonly channels: readonly SlackChannel[];
  readonly sockets: SlackSockets;

  /** Sets where things are posted that go over HTTP, which is then the default way. */
  useCallback(url: string): void;

  /** A person types a command, for example `slash("/rebalance", "dry-run")`. */
  slash(command: string, text?: string, options?: SlackSlashOptions): Promise<SlackDelivery>;
  /** A person clicks a button or chooses from a menu. Throws when it is not on their screen. */
  click(options: SlackClickOptions): Promise<SlackDelivery>;
  /** A person fills in the modal on top and submits it. */
  submitView(options?: SlackSubmitOptions): Promise<SlackSubmission>;
  /** A person closes the modal on top. */
  closeView(options?: SlackFormOptions): Promise<SlackDelivery | undefined>;
  /** A person types into a menu whose options the app delivers. */
  suggest(options: SlackSuggestOptions): Promise<SlackDelivery>;
  /** A person mentions the app. */
  mention(text: string, options?: SlackMentionOptions): Promise<SlackDelivery>;
  /** A person opens the Home tab. */
  openHome(options?: SlackHomeOptions): Promise<SlackDelivery>;
  /** Slack verifies the callback URL. */
  verifyUrl(options?: SlackDeliveryOptions): Promise<SlackDelivery>;
  /** Sends the same bytes once more: the same signature, the same envelope id. Its answer is not shown to anybody. */
  replay(delivery: SlackDelivery, options?: SlackDeliveryOptions): Promise<SlackDelivery>;

  /** What a channel shows (or the direct messages with a person), oldest first, without ephemeral messages. */
  messages(channel?: string): readonly SlackMessage[];
  /** The ephemeral messages that a person has on the screen. */
  ephemerals(user?: string): readonly SlackMessage[];
  /** The modal that a person has on top. */
  view(user?: string): SlackView | undefined;
  /** The Home tab of a person. */
  home(user?: string): SlackView | undefined;
  /** The files that the app has uploaded, oldest first. */
  uploads(): readonly SlackUpload[];
  /** Resolves with the first message, ephemeral ones included, that the predicate holds for. */
  waitForMessage(
    predicate: (message: SlackMessage) => boolean,
    options?: SlackWaitOptions,
  ): Promise<SlackMessage>;
  /** Calls back after every change of a message; the returned function ends it. */
  watchMessages(listener: (message: SlackMessage) => void): () => void;
  /** Calls back with every modal that the app opens or changes; the returned function ends it. */
  watchViews(listener: (view: SlackView) => void): () => void;
  /** Resolves with the first delivery, retries included, that the predicate holds for. */
  waitForDelivery(
    predicate: (delivery: SlackDelivery) => boolean,
    options?: SlackWaitOptions,
  ): Promise<SlackDelivery>;

  /** Every request of the app, of one method when it is named. */
  calls(method?: string): readonly SlackCall[];
  /** Everything that was sent to the app. */
  deliveries(): readonly SlackDelivery[];
  /** Every acknowledgement, late ones included. */
  acks(): readonly SlackAck[];

  /** Makes calls fail; the returned function ends it. */
  inject(fault: SlackFault): () => void;
  /** Makes every message with a kind of block fail as `invalid_blocks`; the returned function ends it. */
  rejectBlocks(type: string): () => void;
  /** Loses the next acknowledgements. */
  dropAcks(count: number): void;
  /** Replaces the bot token; the old one answers `token_revoked`. */
  rotateBotToken(token: string): void;
  /** Moves the clock of everything that expires; signatures keep the system's time. */
  advance(ms: number): void;

  /** Cuts all connections and stops listening. */
  close(): Promise<void>;
  /** Same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}
