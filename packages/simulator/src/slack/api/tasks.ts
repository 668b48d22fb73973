import type { IncomingMessage } from "node:http";
import { type Fields, isFields, parseJson } from "../json.ts";
import type { Workspace } from "../state/workspace.ts";
import { type ApiAnswer, type ApiRequest, describeArguments, tokenKindOf } from "./call.ts";
import type { CallLog } from "./log.ts";
import { readFilePart } from "./multipart.ts";
import { respond } from "./respond.ts";

/** What the requests of the app are answered with. */
export interface HttpParts {
  readonly workspace: Workspace;
  readonly api: (request: ApiRequest) => ApiAnswer;
  readonly log: CallLog;
}

/** An HTTP answer, and what the log shows of it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly shown: Fields | undefined;
}

/** What one request asks for, before it is done. */
export interface Task {
  /** Name in the log and for faults. */
  readonly method: string;
  readonly args: Fields;
  readonly token: "bot" | "app" | undefined;
  readonly work: () => Answer;
}

/** Finds out what a POST of the app asks for; undefined when nothing lives at that address. */
export function findTask(
  parts: HttpParts,
  request: IncomingMessage,
  body: Buffer,
): Task | undefined {
  const { pathname } = new URL(request.url ?? "/", "http://loopback");
  const contentType = request.headers["content-type"] ?? "";
  if (pathname.startsWith("/api/")) {
    const { authorization } = request.headers;
    const method = pathname.slice("/api/".length);
    return apiTask(parts, { method, contentType, authorization, body: body.toString("utf8") });
  }
  if (/^\/(commands|actions)\//.test(pathname)) return respondTask(parts, pathname, body);
  if (pathname.startsWith("/upload/v1/")) {
    return uploadTask(parts, pathname.slice("/upload/v1/".length), contentType, body);
  }
  return undefined;
}

function apiTask(parts: HttpParts, request: ApiRequest): Task {
  return {
    method: request.method,
    args: describeArguments(request),
    token: tokenKindOf(parts.workspace, request),
    work: () => fromApi(parts.api(request)),
  };
}

function respondTask(parts: HttpParts, path: string, body: Buffer): Task {
  const value = parseJson(body.toString("utf8"));
  return {
    method: "response_url",
    args: { body: value },
    token: undefined,
    work: () => {
      const { status, body: text } = respond(parts.workspace, path, value);
      const shown = text === "ok" ? { ok: true } : parseJson(text);
      return { status, headers: {}, text, shown: isFields(shown) ? shown : undefined };
    },
  };
}

function uploadTask(parts: HttpParts, ticket: string, contentType: string, body: Buffer): Task {
  const bytes = contentType.startsWith("multipart/form-data")
    ? readFilePart(contentType, body)
    : body;
  return {
    method: "upload",
    args: { bytes: bytes?.length },
    token: undefined,
    work: () => {
      const taken = bytes !== undefined && parts.workspace.uploads.receive(ticket, bytes);
      const text = taken ? `OK - ${bytes.length}` : "invalid upload";
      return { status: taken ? 200 : 400, headers: {}, text, shown: { ok: taken } };
    },
  };
}

/** Writes an answer of the Web API. */
export function fromApi(given: ApiAnswer): Answer {
  const headers = { "content-type": "application/json; charset=utf-8", ...given.headers };
  return { status: given.status, headers, text: JSON.stringify(given.body), shown: given.body };
}
