import { type AuthContext, type Credentials, type Identity, identify } from "../access/identity.ts";
import { failure, PveError, parameterError, permissionError, unreachable } from "../errors.ts";
import type { Cluster } from "../state/cluster.ts";
import { requireQuorum } from "../state/cluster.ts";
import type { Node } from "../state/types.ts";
import { Call, type Operation } from "./operation.ts";
import { checkParameters, type RawValues } from "./parameters.ts";
import type { Router } from "./router.ts";

/** A request after the wire has been read. */
export interface ApiRequest extends Credentials {
  /** Decoded path below `/api2/json`. */
  readonly path: string;
  readonly values: RawValues;
  /** The node whose daemon was contacted. */
  readonly entry: Node;
}

/** What a call answers. */
export interface ApiAnswer {
  readonly data: unknown;
  /** What stands beside `data`, for example `total`. */
  readonly beside: Readonly<Record<string, unknown>>;
}

/** What it takes to answer. */
export interface ApiContext {
  readonly cluster: Cluster;
  readonly auth: AuthContext;
  readonly router: Router;
}

const NOBODY: Identity = { user: "", subject: "", isToken: false };
const OPEN: ReadonlySet<string> = new Set([
  "GET /access/domains",
  "GET /access/ticket",
  "POST /access/ticket",
  "POST /access/vncticket",
]);

/** Answers a call. Throws PveError with the status and text that Proxmox VE would send. */
export function dispatch(
  context: ApiContext,
  request: ApiRequest,
  identified: (identity: Identity) => void,
): ApiAnswer {
  const { cluster } = context;
  const isOpen = OPEN.has(`${request.method} ${request.path}`);
  const identity = isOpen ? identifyIfPossible(context, request) : identify(context.auth, request);
  identified(identity);
  const { operation, pathValues } = context.router.find(request.method, request.path);
  if (operation.refusesTokens && identity.isToken) {
    throw new PveError(
      403,
      `URI '${request.path}' not available with API token, need proper ticket.`,
    );
  }
  checkPermission(context, operation, identity, pathValues);
  const node = workingNode(cluster, operation, request.entry, pathValues.get("node"));
  const merged = mergeValues(request.values, pathValues);
  const values = checkParameters(operation, merged);
  if (request.method !== "GET" && !isOpen && !operation.path.startsWith("/nodes/{node}/tasks")) {
    requireQuorum(cluster, request.entry);
  }
  const call = new Call(cluster, node, identity, values);
  const data = operation.run(call) ?? null;
  return { data, beside: call.beside };
}

function identifyIfPossible(context: ApiContext, request: ApiRequest): Identity {
  if (request.cookie === undefined && request.authorization === undefined) return NOBODY;
  try {
    return identify(context.auth, { ...request, method: "GET" });
  } catch {
    return NOBODY;
  }
}

function checkPermission(
  context: ApiContext,
  operation: Operation,
  identity: Identity,
  pathValues: ReadonlyMap<string, string>,
): void {
  const { permission } = operation;
  if (permission.kind !== "privilege") {
    const isRefused = permission.kind === "root" && identity.subject !== "root@pam";
    if (isRefused) throw permissionError("user != root@pam");
    return;
  }
  const path = permission.path.replaceAll(/\{(\w+)\}/g, (_, name) => pathValues.get(name) ?? "");
  const held = context.cluster.directory.privileges(identity.subject, path);
  if (permission.anyOf.some((name) => held.has(name))) return;
  throw permissionError(`${path}, ${permission.anyOf.join("|")}`);
}

function workingNode(
  cluster: Cluster,
  operation: Operation,
  entry: Node,
  name: string | undefined,
): Node {
  if (!operation.isProxied || name === undefined || name === "localhost") return entry;
  const node = cluster.nodes.get(name);
  if (!node) {
    throw failure(
      `hostname lookup '${name}' failed - failed to get address info for: ${name}: Name or service not known`,
    );
  }
  if (!node.online) throw unreachable("no-route");
  const how = node === entry ? undefined : cluster.unreached.get(name);
  if (how !== undefined) throw unreachable(how);
  return node;
}

function mergeValues(values: RawValues, pathValues: ReadonlyMap<string, string>): RawValues {
  const merged = new Map<string, unknown>(values);
  for (const [name, value] of pathValues) {
    if (merged.has(name)) {
      throw parameterError({ [name]: "duplicate parameter (already defined in URI)" });
    }
    merged.set(name, value);
  }
  return merged;
}
