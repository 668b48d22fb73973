import { type Fields, isFields, parseJson, textAt } from "../json.ts";
import { Refusal } from "../refusal.ts";
import type { Workspace } from "../state/workspace.ts";
import { chatMethods } from "./chat.ts";
import { fileMethods } from "./files.ts";
import type { ApiMethod, TokenKind } from "./method.ts";
import { peopleMethods } from "./people.ts";
import type { RateLimits } from "./rate-limits.ts";
import { viewMethods } from "./views.ts";

/** An HTTP request for a method of the Web API, as far as it matters. */
export interface ApiRequest {
  readonly method: string;
  readonly contentType: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What the Web API answers. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Fields;
}

const jsonArguments = ["attachments", "blocks", "files", "metadata", "view"];

/** Builds the whole Web API from the methods of each room and one that belongs to the sockets. */
export function createApi(
  workspace: Workspace,
  limits: RateLimits,
  more: Readonly<Record<string, ApiMethod>>,
): (request: ApiRequest) => ApiAnswer {
  const methods: Readonly<Record<string, ApiMethod>> = {
    ...peopleMethods,
    ...chatMethods,
    ...viewMethods,
    ...fileMethods,
    ...more,
  };
  return (request) => {
    const method = methods[request.method];
    if (method === undefined) return refuse(new Refusal("unknown_method"));
    try {
      const args = readArguments(request);
      authorize(workspace, method, request);
      const waitSeconds = workspace.settings.rateLimits
        ? limits.take(request.method, method, args, workspace.time.now())
        : undefined;
      if (waitSeconds !== undefined) return limited(waitSeconds);
      return {
        status: 200,
        headers: scopesOf(workspace, method),
        body: run(workspace, method, args),
      };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { ...refuse(error), headers: scopesOf(workspace, method) };
    }
  };
}

/** The answer to a call that came too early. */
export function limited(retryAfterSeconds: number): ApiAnswer {
  return {
    status: 429,
    headers: { "retry-after": String(retryAfterSeconds) },
    body: { ok: false, error: "ratelimited" },
  };
}

/** Reads the arguments for the log: JSON texts as values, and no token. */
export function describeArguments(request: ApiRequest): Fields {
  const args = parseArguments(request) ?? {};
  const shown = Object.entries(args).filter(([key]) => key !== "token");
  return Object.fromEntries(
    shown.map(([key, value]) => {
      if (typeof value !== "string" || !jsonArguments.includes(key)) return [key, value];
      return [key, parseJson(value) ?? value];
    }),
  );
}

/** Tells which token a request carries, for the log and for the check. */
export function tokenKindOf(workspace: Workspace, request: ApiRequest): TokenKind | undefined {
  const token = tokenOf(request);
  if (token === workspace.botToken) return "bot";
  if (token === workspace.settings.appToken) return "app";
  return undefined;
}

function run(workspace: Workspace, method: ApiMethod, args: Fields): Fields {
  return { ok: true, ...method.run(workspace, args) };
}

function refuse(refusal: Refusal): ApiAnswer {
  const body = { ok: false, error: refusal.code, ...refusal.details };
  return { status: 200, headers: {}, body };
}

function authorize(workspace: Workspace, method: ApiMethod, request: ApiRequest): void {
  const wanted = method.token ?? "bot";
  if (wanted === "none") return;
  const token = tokenOf(request);
  if (token === undefined) throw new Refusal("not_authed");
  if (workspace.revokedTokens.has(token)) throw new Refusal("token_revoked");
  const kind = tokenKindOf(workspace, request);
  if (kind === undefined) throw new Refusal("invalid_auth");
  if (wanted !== "any" && kind !== wanted) throw new Refusal("not_allowed_token_type");
  const { scopes } = workspace.settings;
  if (method.scope !== undefined && !scopes.includes(method.scope)) {
    throw new Refusal("missing_scope", { needed: method.scope, provided: scopes.join(",") });
  }
}

function tokenOf(request: ApiRequest): string | undefined {
  const header = /^Bearer\s+(.+)$/i.exec(request.authorization ?? "")?.[1];
  if (header !== undefined) return header;
  const args = isJson(request) ? undefined : parseArguments(request);
  return args === undefined ? undefined : textAt(args, "token");
}

function readArguments(request: ApiRequest): Fields {
  const args = parseArguments(request);
  if (args === undefined) throw new Refusal("invalid_post_type");
  return args;
}

function parseArguments(request: ApiRequest): Fields | undefined {
  if (isJson(request)) {
    const value = request.body === "" ? {} : parseJson(request.body);
    return isFields(value) ? value : undefined;
  }
  const isForm = request.contentType.startsWith("application/x-www-form-urlencoded");
  if (!isForm && request.body !== "") return undefined;
  return Object.fromEntries(new URLSearchParams(request.body));
}

function isJson(request: ApiRequest): boolean {
  return request.contentType.startsWith("application/json");
}

function scopesOf(workspace: Workspace, method: ApiMethod): Readonly<Record<string, string>> {
  return {
    "x-oauth-scopes": workspace.settings.scopes.join(","),
    ...(method.scope === undefined ? {} : { "x-accepted-oauth-scopes": method.scope }),
  };
}
