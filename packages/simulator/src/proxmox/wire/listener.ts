import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { NodeCertificate } from "../certificates.ts";
import type { Node } from "../state/types.ts";
import { handle, type WireContext } from "./handle.ts";
import { send } from "./reply.ts";

/** A daemon that listens for one node. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 5000;
const REQUESTS_PER_CONNECTION = 100;

/** Starts the daemon of a node. Rejects with the system's error when the port cannot be had. */
export async function listen(
  context: WireContext,
  node: Node,
  certificate: NodeCertificate,
  host: string,
  port: number,
): Promise<Listener> {
  const server = createServer(
    { key: certificate.key, cert: certificate.chain, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => void serve(context, node, request, response),
  );
  server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION;
  server.on("connection", (socket) => {
    if (!node.online) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  return { port: portOf(server), close: () => close(server) };
}

async function serve(
  context: WireContext,
  node: Node,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A client that goes away in the middle is none of our business.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  const outcome = await handle(context, node, {
    method: request.method ?? "GET",
    url: request.url ?? "/",
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    readBody: () => readBody(request),
  });
  if (outcome.kind === "cut") request.socket.destroy();
  if (outcome.kind === "reply") await send(request, response, outcome.reply);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
