import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { decodePercent } from "../access/identity.ts";
import { type ApiContext, dispatch } from "../api/dispatch.ts";
import type { NodeCertificate } from "../certificates.ts";
import { failure, PveError } from "../errors.ts";
import type { WireFault } from "../faults.ts";
import type { Node } from "../state/types.ts";
import { readValues } from "./body.ts";
import { asExtjs, type Reply, refusal, send, success } from "./reply.ts";

/** One request that came in. Holds no secret: neither query nor body nor header. */
export interface RequestRecord {
  /** Simulated milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Path below `/api2/json`, without the query. */
  readonly path: string;
  /** 0 when the connection was cut instead of answered. */
  readonly status: number;
  /** Bytes of the answer's body before compression. */
  readonly bytes: number;
  /** Contacted node. */
  readonly node: string;
  /** `user@realm` or `user@realm!token`; empty without a valid login. */
  readonly user: string;
}

/** What a listener needs to know. */
export interface ListenerContext extends ApiContext {
  /** Whether errors repeat their text in the body. */
  readonly hasMessage: boolean;
  /** How long a 401 is held back, in milliseconds. */
  readonly unauthorizedDelayMs: number;
  /** How long the contacted node tries to reach another one, in milliseconds. */
  readonly unreachableDelayMs: number;
  readonly record: (request: RequestRecord) => void;
}

/** A daemon that listens for one node. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const SERVED = new Set(["GET", "POST", "PUT", "DELETE"]);
const KEEP_ALIVE_MS = 5000;

/** Starts the daemon of a node. Rejects with the system's error when the port cannot be had. */
export async function listen(
  context: ListenerContext,
  node: Node,
  certificate: NodeCertificate,
  host: string,
  port: number,
): Promise<Listener> {
  const server = createServer(
    { key: certificate.key, cert: certificate.chain, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => void serve(context, node, request, response),
  );
  server.maxRequestsPerSocket = 100;
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
  context: ListenerContext,
  node: Node,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { cluster } = context;
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  cluster.clock.catchUp();
  cluster.statistics.sync(cluster, cluster.clock.now());
  const [rawPath = "/", query = ""] = splitOnce(request.url ?? "/", "?");
  const target = readTarget(rawPath);
  const method = request.method ?? "GET";
  const seen = { at: cluster.clock.now(), method, path: target.path, node: node.name, user: "" };
  const cut = (): void => {
    request.socket.destroy();
    context.record({ ...seen, status: 0, bytes: 0 });
  };
  const fault = cluster.faults.takeWire(method, target.path, node.name);
  if (!node.online || fault?.kind === "cut-before") return cut();
  const reply =
    faultReply(context, fault) ??
    (await answer(context, node, request, method, target, query, (user) => {
      seen.user = user;
    }));
  if (fault?.kind === "cut-after-accept") return cut();
  if (fault?.kind === "stall") return context.record({ ...seen, status: 0, bytes: 0 });
  if (fault?.kind === "slow") await cluster.clock.hold(fault.delayMs);
  if (reply.status === 401) await cluster.clock.hold(context.unauthorizedDelayMs);
  if (reply.status === 595) await cluster.clock.hold(context.unreachableDelayMs);
  const final = fault?.kind === "garbage" ? { ...reply, body: '{"data":[{"node":"p' } : reply;
  const record = { ...seen, status: final.status, bytes: Buffer.byteLength(final.body) };
  context.record(record);
  await send(request, response, target.format === "extjs" ? asExtjs(final) : final);
}

async function answer(
  context: ListenerContext,
  entry: Node,
  request: IncomingMessage,
  method: string,
  target: Target,
  query: string,
  setUser: (user: string) => void,
): Promise<Reply> {
  try {
    if (!SERVED.has(method)) {
      throw new PveError(501, `method '${method}' not available`, { bare: true });
    }
    if (target.format === undefined) throw new PveError(501, "no such file", { bare: true });
    const values = await readValues(request, method, query);
    const { cookie, authorization } = request.headers;
    const csrf = request.headers.csrfpreventiontoken;
    const call = {
      method,
      path: target.path,
      values,
      entry,
      cookie,
      authorization,
      csrf: typeof csrf === "string" ? csrf : undefined,
    };
    return success(dispatch(context, call, (identity) => setUser(identity.subject)));
  } catch (error) {
    if (error instanceof PveError) return refusal(error, context);
    // A mistake of the simulator itself shows where it was met instead of ending the process.
    return refusal(failure(`simulator: ${String(error)}`), context);
  }
}

interface Target {
  readonly format: "json" | "extjs" | undefined;
  readonly path: string;
}

// Percent sequences are decoded before routing, so that %2F separates segments.
function readTarget(rawPath: string): Target {
  const decoded = decodePercent(rawPath);
  const match = /^\/api2\/(json|extjs)(\/.*)?$/.exec(decoded);
  const path = (match?.[2] ?? decoded).replace(/\/+$/, "") || "/";
  const format = match?.[1];
  return { format: format === "json" || format === "extjs" ? format : undefined, path };
}

function faultReply(context: ListenerContext, fault: WireFault | undefined): Reply | undefined {
  if (fault?.kind === "ticket-expired") {
    const isNew = fault.text === undefined ? context.auth.uniformText : fault.text === "new";
    const reason = isNew ? "Authentication failed!" : "permission denied - invalid PVE ticket";
    return { status: 401, reason, contentType: undefined, body: "" };
  }
  if (fault?.kind !== "status") return undefined;
  return {
    status: fault.status,
    reason: fault.reason ?? `simulated status ${fault.status}`,
    contentType: fault.body === undefined ? undefined : "application/json;charset=UTF-8",
    body: fault.body ?? "",
    headers: fault.headers,
  };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
