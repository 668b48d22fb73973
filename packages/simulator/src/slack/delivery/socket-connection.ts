import type { WebSocket } from "ws";
import type { Envelope } from "./envelope.ts";

/** An open Socket Mode connection, as a test sees it. */
export interface Connection {
  readonly id: string;
  /** How often the app has asked whether Slack is still there. */
  readonly pings: number;
  /** Envelopes sent over it. */
  readonly envelopes: number;
  /** False once Slack has asked the app to leave it. */
  readonly takesEnvelopes: boolean;
}

/** One WebSocket of the app and the ways in which it can go wrong. */
export class SocketConnection {
  readonly id: string;
  readonly #socket: WebSocket;
  #pings = 0;
  #envelopes = 0;
  #isLeaving = false;
  #isSilent = false;

  constructor(id: string, socket: WebSocket) {
    this.id = id;
    this.#socket = socket;
    socket.on("ping", (data) => {
      this.#pings += 1;
      if (!this.#isSilent) socket.pong(data);
    });
    socket.on("error", () => socket.terminate());
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  get takesEnvelopes(): boolean {
    return this.isOpen && !this.#isLeaving;
  }

  describe(): Connection {
    return {
      id: this.id,
      pings: this.#pings,
      envelopes: this.#envelopes,
      takesEnvelopes: this.takesEnvelopes,
    };
  }

  hello(connections: number, appId: string): void {
    this.#send({
      type: "hello",
      num_connections: connections,
      connection_info: { app_id: appId },
      debug_info: { host: "applink-0", build_number: 1, approximate_connection_time: 18060 },
    });
  }

  sendEnvelope(envelope: Envelope): void {
    this.#envelopes += 1;
    const isEvent = envelope.type === "events_api";
    this.#send({
      envelope_id: envelope.id,
      type: envelope.type,
      payload: envelope.payload,
      accepts_response_payload: !isEvent,
      ...(isEvent
        ? {
            retry_attempt: envelope.retry?.attempt ?? 0,
            retry_reason: envelope.retry?.reason ?? "",
          }
        : {}),
    });
  }

  /** Asks the app to leave; nothing more is sent over this connection. */
  disconnect(reason: string): void {
    this.#isLeaving = true;
    this.#send({ type: "disconnect", reason, debug_info: { host: "applink-0" } });
  }

  /** Cuts the connection without a close frame. */
  kill(): void {
    this.#socket.terminate();
  }

  /** Says goodbye with a close frame; a stalled connection is cut. Resolves once it is closed. */
  async leave(graceMs: number): Promise<void> {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    if (this.#socket.isPaused) this.#socket.terminate();
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.close(1001);
    const timer = setTimeout(() => this.#socket.terminate(), graceMs);
    await closed;
    clearTimeout(timer);
  }

  /** Stops reading: close frames and pings of the app stay without an answer. */
  stall(): void {
    this.#socket.pause();
  }

  /** Stops answering pings; everything else goes on. */
  silence(): void {
    this.#isSilent = true;
  }

  #send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }
}
