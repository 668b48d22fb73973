import type { Node } from "../state/types.ts";
import { handle, type WireContext } from "./handle.ts";

/** Answers a standard request without a socket, as the given node. */
export async function fetchFrom(
  context: WireContext,
  node: Node,
  request: Request,
): Promise<Response> {
  const url = new URL(request.url);
  const body = request.body === null ? "" : await request.text();
  const length = Buffer.byteLength(body);
  const outcome = await handle(context, node, {
    method: request.method,
    url: url.pathname + url.search,
    header: (name) =>
      name === "content-length" ? String(length) : (request.headers.get(name) ?? undefined),
    readBody: async () => body,
  });
  if (outcome.kind === "cut") throw new TypeError("fetch failed: the connection was cut");
  if (outcome.kind === "stall") return await untilAborted(request.signal);
  const { status, reason, contentType, headers } = outcome.reply;
  return new Response(outcome.reply.body, {
    status,
    statusText: reason,
    headers: { ...(contentType ? { "content-type": contentType } : {}), ...headers },
  });
}

async function untilAborted(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  return await new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
