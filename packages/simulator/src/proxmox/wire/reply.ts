import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";
import type { ApiAnswer } from "../api/dispatch.ts";
import type { PveError } from "../errors.ts";

/** An answer before it goes out. */
export interface Reply {
  readonly status: number;
  readonly reason: string;
  /** Undefined: no content type. */
  readonly contentType: string | undefined;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How long it takes until this is known, in simulated milliseconds. */
  readonly afterMs?: number | undefined;
}

const JSON_TYPE = "application/json;charset=UTF-8";
const COMPRESS_ABOVE_BYTES = 1024;
const compressors = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** The answer to a call that went well. */
export function success(answer: ApiAnswer): Reply {
  const body = JSON.stringify({ data: answer.data, ...answer.beside });
  return { status: 200, reason: "OK", contentType: JSON_TYPE, body };
}

/** The answer to a call that was refused. */
export function refusal(error: PveError, options: { readonly hasMessage: boolean }): Reply {
  const reason = firstLine(error.message);
  if (error.bare) {
    const body = error.status === 501 && !reason.startsWith("method") ? reason : "";
    return { status: error.status, reason, contentType: undefined, body, afterMs: error.afterMs };
  }
  // Unknown paths are refused before the handler, which is what would add the line break.
  const message = error.status === 501 ? error.message : `${error.message}\n`;
  const body = JSON.stringify({
    data: null,
    ...(options.hasMessage ? { message } : {}),
    ...(error.errors ? { errors: error.errors } : {}),
  });
  return { status: error.status, reason, contentType: JSON_TYPE, body };
}

/** The same in the format that Proxmox VE's own web interface asks for: always 200, status in the body. */
export function asExtjs(reply: Reply): Reply {
  if (reply.contentType === undefined) return reply;
  const parsed: unknown = JSON.parse(reply.body);
  const content = typeof parsed === "object" ? parsed : {};
  const outcome =
    reply.status === 200
      ? { success: 1 }
      : { success: 0, status: reply.status, message: `${reply.reason}\n` };
  const body = JSON.stringify({ ...content, ...outcome });
  return { ...reply, status: 200, reason: "OK", body };
}

/** Sends an answer and tells how many bytes its body took on the wire. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): Promise<number> {
  const compressed = await compress(request, reply.body);
  const now = new Date().toUTCString();
  response.sendDate = false;
  response.writeHead(reply.status, reply.reason, {
    "Cache-Control": "max-age=0",
    ...(reply.status >= 400 ? { Connection: "close" } : {}),
    Date: now,
    Pragma: "no-cache",
    Server: "pve-api-daemon/3.0",
    ...(compressed.encoding ? { "Content-Encoding": compressed.encoding } : {}),
    "Content-Length": String(compressed.bytes.length),
    ...(reply.contentType ? { "Content-Type": reply.contentType } : {}),
    Expires: now,
    ...reply.headers,
  });
  response.end(request.method === "HEAD" ? undefined : compressed.bytes);
  return compressed.bytes.length;
}

// Characters that a status line cannot carry are left out, as the error text may hold anything.
function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "");
}

async function compress(
  request: IncomingMessage,
  body: string,
): Promise<{ readonly bytes: Buffer; readonly encoding: string | undefined }> {
  const bytes = Buffer.from(body, "utf8");
  const accepted = String(request.headers["accept-encoding"] ?? "");
  const encoding = (["gzip", "deflate"] as const).find((name) => accepted.includes(name));
  if (!encoding || bytes.length <= COMPRESS_ABOVE_BYTES) return { bytes, encoding: undefined };
  return { bytes: await compressors[encoding](bytes, { level: 1 }), encoding };
}
