import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { type Fields, parseJson } from "../json.ts";
import type { Workspace } from "../state/workspace.ts";
import type {
  CopyResult,
  Envelope,
  SentCopy,
  SlackAck,
  SlackDelivery,
  SlackDeliveryOptions,
  SlackDeliveryType,
} from "./envelope.ts";
import { postRequest } from "./http-post.ts";
import { signRequest } from "./signing.ts";
import type { SocketRoom } from "./sockets.ts";

/** What was sent, before anything is shown to a person. */
export type BareDelivery = Omit<SlackDelivery, "userSees" | "message">;

/** Carries payloads to the app over a socket or by signed HTTP, with the oddities that a test asks for. */
export class Courier {
  readonly #workspace: Workspace;
  readonly #sockets: SocketRoom;
  readonly #acks: SlackAck[] = [];
  callbackUrl: string | undefined;

  constructor(workspace: Workspace, sockets: SocketRoom) {
    this.#workspace = workspace;
    this.#sockets = sockets;
    this.callbackUrl = workspace.settings.callbackUrl;
  }

  /** Every acknowledgement that has come, late ones included. */
  acks(): readonly SlackAck[] {
    return [...this.#sockets.acks(), ...this.#acks];
  }

  /** Sends a payload in as many copies as asked for. */
  async deliver(
    type: SlackDeliveryType,
    payload: Fields,
    options: SlackDeliveryOptions = {},
    retry: Envelope["retry"] = undefined,
    id: string = this.#workspace.ids.uuid(),
  ): Promise<BareDelivery> {
    if (options.delayMs !== undefined) await wait(options.delayMs);
    const envelope: Envelope = { id, type, payload, retry };
    const sent = this.#prepare(envelope, options);
    return this.#sendCopies(envelope, sent, options.duplicates ?? 0);
  }

  /** Sends the very same bytes again: the same signed request, the same envelope. */
  async repeat(delivery: BareDelivery, options: SlackDeliveryOptions = {}): Promise<BareDelivery> {
    if (options.delayMs !== undefined) await wait(options.delayMs);
    const { id, type, payload, sent } = delivery;
    const envelope: Envelope = { id, type, payload, retry: undefined };
    return this.#sendCopies(envelope, sent, options.duplicates ?? 0);
  }

  async #sendCopies(envelope: Envelope, sent: SentCopy, duplicates: number): Promise<BareDelivery> {
    const copies = await Promise.all(
      Array.from({ length: 1 + duplicates }, () =>
        sent.via === "socket" ? this.#sockets.send(envelope) : this.#post(envelope, sent),
      ),
    );
    const acknowledged = copies.find((copy) => copy.failure === undefined);
    return {
      id: envelope.id,
      type: envelope.type,
      via: sent.via,
      payload: envelope.payload,
      attempt: envelope.retry?.attempt ?? 0,
      outcome: acknowledged === undefined ? (copies[0]?.failure ?? "timeout") : "acknowledged",
      ack: (acknowledged ?? copies[0])?.ack,
      copies,
      sent,
    };
  }

  #prepare(envelope: Envelope, options: SlackDeliveryOptions): SentCopy {
    const via = options.via ?? (this.callbackUrl === undefined ? "socket" : "http");
    if (via === "socket") return { via, headers: {}, body: JSON.stringify(envelope.payload) };
    const { signingSecret } = this.#workspace.settings;
    const seconds = Math.floor(this.#workspace.time.wall() / 1000);
    const request = signRequest(envelope, {
      secret: options.badSignature === true ? `not ${signingSecret}` : signingSecret,
      timestamp: seconds + (options.timestampOffsetSeconds ?? 0),
    });
    return { via, ...request };
  }

  async #post(envelope: Envelope, sent: SentCopy): Promise<CopyResult> {
    if (this.callbackUrl === undefined) {
      throw new Error(
        "The simulated Slack has no callback URL: call useCallback with the app's address first.",
      );
    }
    const { ackTimeoutMs } = this.#workspace.settings;
    const started = performance.now();
    const answer = await postRequest(this.callbackUrl, sent.headers, sent.body, ackTimeoutMs);
    if (typeof answer === "string") return { ack: undefined, failure: answer };
    if (this.#workspace.faults.losesAck()) return { ack: undefined, failure: "timeout" };
    const isJson = answer.contentType.startsWith("application/json");
    const ack: SlackAck = {
      envelopeId: envelope.id,
      via: "http",
      status: answer.status,
      body: answer.text === "" ? undefined : isJson ? parseJson(answer.text) : answer.text,
      ageMs: performance.now() - started,
      isLate: false,
    };
    this.#acks.push(ack);
    const accepted = answer.status >= 200 && answer.status < 300;
    return { ack, failure: accepted ? undefined : "refused" };
  }
}
