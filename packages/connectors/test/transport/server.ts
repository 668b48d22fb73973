import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Clock, Logger } from "../../src/index.ts";

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface TestServer {
  readonly url: string;
  readonly seen: Seen[];
  readonly connections: () => number;
  close(): Promise<void>;
}

export type Answer = (seen: Seen, response: ServerResponse, socket: Socket) => void;

/** Starts a server on loopback that remembers every request; with `tls` it speaks HTTPS. */
export async function startServer(
  answer: Answer,
  tls?: { readonly key: string; readonly cert: string },
): Promise<TestServer> {
  const seen: Seen[] = [];
  let connections = 0;
  const sockets = new Set<Socket>();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const entry = { method, url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(entry);
      answer(entry, response, request.socket);
    });
  };
  const server = tls === undefined ? createServer(handle) : createSecureServer(tls, handle);
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    seen,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A clock whose sleeps end at once, moving its time on; remembers how long each was. */
export function jumpingClock(): Clock & { readonly slept: number[] } {
  let now = Date.UTC(2026, 0, 5, 10);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

/** A logger that keeps what it is told. */
export function keepingLogger(): Logger & {
  readonly entries: { fields: object; message: string }[];
} {
  const entries: { fields: object; message: string }[] = [];
  const add = (fields: object, message: string): void => {
    entries.push({ fields, message });
  };
  return { entries, debug: add, info: add, warn: add, error: add };
}
