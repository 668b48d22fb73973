import { decodePercent } from "../access/identity.ts";
import { type ApiContext, dispatch } from "../api/dispatch.ts";
import { failure, PveError } from "../errors.ts";
import type { WireFault } from "../faults.ts";
import type { Node } from "../state/types.ts";
import { readValues } from "./body.ts";
import { asExtjs, type Reply, refusal, success } from "./reply.ts";

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

/** What it takes to handle a request. */
export interface WireContext extends ApiContext {
  /** Whether errors repeat their text in the body. */
  readonly hasMessage: boolean;
  /** How long a 401 is held back, in milliseconds. */
  readonly unauthorizedDelayMs: number;
  /** How long the contacted node tries to reach another one, in milliseconds, whatever it meets. */
  readonly unreachableDelayMs: number | undefined;
  readonly record: (request: RequestRecord) => void;
}

/** A request, whatever way it came. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Looks up a header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly readBody: () => Promise<string>;
}

/** `cut`: the connection ends without an answer. `stall`: nothing ever comes. */
export type Outcome =
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "cut" }
  | { readonly kind: "stall" };

interface Target {
  readonly format: "json" | "extjs" | undefined;
  readonly path: string;
  readonly query: string;
}

interface Seen {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly node: string;
  user: string;
}

const SERVED = new Set(["GET", "POST", "PUT", "DELETE"]);

/** Handles a request that reached a node, with everything that was asked to go wrong on the line. */
export async function handle(
  context: WireContext,
  node: Node,
  request: WireRequest,
): Promise<Outcome> {
  const { cluster } = context;
  cluster.clock.catchUp();
  const now = cluster.clock.now();
  cluster.statistics.sync(cluster, now);
  const target = readTarget(request.url);
  const { method } = request;
  const seen: Seen = { at: now, method, path: target.path, node: node.name, user: "" };
  const vanish = (kind: "cut" | "stall"): Outcome => {
    context.record({ ...seen, status: 0, bytes: 0 });
    return { kind };
  };
  const fault = cluster.faults.takeWire(method, target.path, node.name);
  if (!node.online || fault?.kind === "cut-before") return vanish("cut");
  const reply = faultReply(context, fault) ?? (await answer(context, node, request, target, seen));
  if (fault?.kind === "cut-after-accept") return vanish("cut");
  if (fault?.kind === "stall") return vanish("stall");
  if (fault?.kind === "slow") await cluster.clock.hold(fault.delayMs);
  if (reply.status === 401) await cluster.clock.hold(context.unauthorizedDelayMs);
  if (reply.afterMs) await cluster.clock.hold(context.unreachableDelayMs ?? reply.afterMs);
  const sent = fault?.kind === "garbage" ? { ...reply, body: '{"data":[{"node":"p' } : reply;
  context.record({ ...seen, status: sent.status, bytes: Buffer.byteLength(sent.body) });
  return { kind: "reply", reply: target.format === "extjs" ? asExtjs(sent) : sent };
}

async function answer(
  context: WireContext,
  entry: Node,
  request: WireRequest,
  target: Target,
  seen: Seen,
): Promise<Reply> {
  const { method, header } = request;
  try {
    if (!SERVED.has(method)) {
      throw new PveError(501, `method '${method}' not available`, { bare: true });
    }
    if (target.format === undefined) throw new PveError(404, "File not found", { bare: true });
    const values = await readValues({ ...request, query: target.query });
    const call = {
      method,
      path: target.path,
      values,
      entry,
      cookie: header("cookie"),
      authorization: header("authorization"),
      csrf: header("csrfpreventiontoken"),
    };
    const identified = (identity: { readonly subject: string }): void => {
      seen.user = identity.subject;
    };
    return success(dispatch(context, call, identified));
  } catch (error) {
    if (error instanceof PveError) return refusal(error, context);
    // A mistake of the simulator itself shows where it was met instead of ending the process.
    return refusal(failure(`simulator: ${String(error)}`), context);
  }
}

// Percent sequences are decoded before routing, so that %2F separates segments.
function readTarget(url: string): Target {
  const at = url.indexOf("?");
  const query = at < 0 ? "" : url.slice(at + 1);
  const decoded = decodePercent(at < 0 ? url : url.slice(0, at));
  const match = /^\/api2\/(json|extjs)(\/.*)?$/.exec(decoded);
  const path = (match ? (match[2] ?? "/") : decoded).replace(/\/+$/, "") || "/";
  const format = match?.[1];
  return { format: format === "json" || format === "extjs" ? format : undefined, path, query };
}

function faultReply(context: WireContext, fault: WireFault | undefined): Reply | undefined {
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
