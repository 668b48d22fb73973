import type { IncomingMessage, Server } from "node:http";
import { performance } from "node:perf_hooks";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { isFields, parseJson, textAt } from "../json.ts";
import { slackLimits } from "../limits.ts";
import type { Workspace } from "../state/workspace.ts";
import { Bell } from "../wait-for.ts";
import type { CopyResult, Envelope, SlackAck } from "./envelope.ts";
import { type Connection, SocketConnection } from "./socket-connection.ts";

/** Why Slack asks an app to leave a connection. */
export type SlackDisconnectReason = "warning" | "refresh_requested" | "link_disabled";

/** How long an app may take to answer the close frame when the simulator stops. */
const leaveGraceMs = 250;

interface Waiting {
  readonly envelopeId: string;
  readonly connection: SocketConnection;
  readonly sentAt: number;
  readonly settle: (result: CopyResult) => void;
}

/** Slack's end of Socket Mode: tickets, connections, envelopes and their acknowledgements. */
export class SocketRoom {
  /** Rings with each connection that comes or goes. */
  readonly bell: Bell<Connection> = new Bell();
  readonly #workspace: Workspace;
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #tickets = new Set<string>();
  readonly #connections: SocketConnection[] = [];
  readonly #waiting = new Set<Waiting>();
  readonly #sentAt = new Map<string, number>();
  readonly #acks: SlackAck[] = [];

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Takes over the upgrades of the HTTP server. */
  attach(server: Server): void {
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Makes the address for one connection. */
  issueUrl(): string {
    const ticket = this.#workspace.ids.uuid();
    this.#tickets.add(ticket);
    const base = this.#workspace.baseUrl.replace(/^http/, "ws");
    return `${base}/link/?ticket=${ticket}&app_id=${this.#workspace.settings.app.id}`;
  }

  /** The connections that are open. */
  list(): readonly Connection[] {
    return this.#open().map((connection) => connection.describe());
  }

  acks(): readonly SlackAck[] {
    return [...this.#acks];
  }

  /** Sends an envelope over one of the connections and waits for its acknowledgement. */
  send(envelope: Envelope): Promise<CopyResult> {
    const ready = this.#open().filter((connection) => connection.takesEnvelopes);
    if (ready.length === 0) return Promise.resolve({ ack: undefined, failure: "unreachable" });
    const connection = this.#workspace.ids.random.pick(ready);
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => waiting.settle({ ack: undefined, failure: "timeout" }),
        this.#workspace.settings.ackTimeoutMs,
      );
      const waiting: Waiting = {
        envelopeId: envelope.id,
        connection,
        sentAt: performance.now(),
        settle: (result) => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve(result);
        },
      };
      this.#waiting.add(waiting);
      this.#sentAt.set(envelope.id, waiting.sentAt);
      connection.sendEnvelope(envelope);
    });
  }

  /** Runs something on the connection with the id, or on all of them. */
  each(id: string | undefined, run: (connection: SocketConnection) => void): void {
    for (const connection of this.#open()) {
      if (id === undefined || connection.id === id) run(connection);
    }
  }

  async close(): Promise<void> {
    for (const waiting of [...this.#waiting]) {
      waiting.settle({ ack: undefined, failure: "unreachable" });
    }
    await Promise.all(this.#connections.map((connection) => connection.leave(leaveGraceMs)));
    this.#server.close();
  }

  #open(): readonly SocketConnection[] {
    return this.#connections.filter((connection) => connection.isOpen);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? "/", "http://loopback");
    const ticket = url.searchParams.get("ticket") ?? "";
    if (url.pathname !== "/link/" || !this.#tickets.delete(ticket)) {
      socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#welcome(webSocket));
  }

  #welcome(webSocket: WebSocket): void {
    const connection = new SocketConnection(this.#workspace.ids.uuid(), webSocket);
    if (this.#open().length >= slackLimits.sockets) {
      connection.disconnect("too_many_websockets");
      void connection.leave(leaveGraceMs);
      return;
    }
    this.#connections.push(connection);
    webSocket.on("message", (data) => this.#receive(connection, String(data)));
    webSocket.on("close", () => this.bell.ring(connection.describe()));
    connection.hello(this.#open().length, this.#workspace.settings.app.id);
    this.bell.ring(connection.describe());
  }

  #receive(connection: SocketConnection, text: string): void {
    const frame = parseJson(text);
    if (!isFields(frame)) return;
    const envelopeId = textAt(frame, "envelope_id") ?? "";
    const sentAt = this.#sentAt.get(envelopeId);
    if (sentAt === undefined) return;
    const candidates = [...this.#waiting].filter((one) => one.envelopeId === envelopeId);
    const waiting = candidates.find((one) => one.connection === connection) ?? candidates[0];
    if (this.#workspace.faults.losesAck()) {
      waiting?.settle({ ack: undefined, failure: "timeout" });
      return;
    }
    const { payload } = frame;
    const isEmpty = !isFields(payload) || Object.keys(payload).length === 0;
    const ack: SlackAck = {
      envelopeId,
      via: "socket",
      status: undefined,
      body: isEmpty ? undefined : payload,
      ageMs: performance.now() - (waiting?.sentAt ?? sentAt),
      isLate: waiting === undefined,
    };
    this.#acks.push(ack);
    waiting?.settle({ ack, failure: undefined });
  }
}
