import ky from "ky";
import { type Agent, fetch } from "undici";
import type { Clock } from "../contract/connector.ts";
import { type HttpAnswer, type RequestInfo, readRetryAfter } from "./answers.ts";

/** Query or form fields; an array repeats its key, undefined is left out. */
export type Parameters = Readonly<
  Record<string, string | number | readonly (string | number)[] | undefined>
>;

/** One request, ready to go. */
export interface Outgoing {
  readonly info: RequestInfo;
  readonly query?: Parameters | undefined;
  readonly form?: Parameters | undefined;
  readonly json?: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a request once and reads the whole answer; follows no redirect and throws whatever the layers below throw. */
export async function sendOnce(
  outgoing: Outgoing,
  agent: Agent,
  signal: AbortSignal,
  clock: Clock,
): Promise<HttpAnswer> {
  const { info, query, form, json } = outgoing;
  const search = encode(query);
  const body = form === undefined ? jsonBody(json) : encode(form);
  const headers = new Headers({ accept: "application/json", "user-agent": "kappa4" });
  if (body !== undefined) {
    headers.set(
      "content-type",
      form === undefined ? "application/json" : "application/x-www-form-urlencoded",
    );
  }
  for (const [name, value] of Object.entries(outgoing.headers)) headers.set(name, value);
  const response = await ky(`${info.baseUrl}${info.path}${search === "" ? "" : `?${search}`}`, {
    method: info.method,
    headers,
    signal,
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // undici's own fetch, for its dispatcher. The body goes in as text, not as the request's stream: a stream
    // would be sent in chunks, which Proxmox VE answers with 501.
    fetch: async (request) => {
      const answer = await fetch(urlOf(request), {
        method: info.method,
        headers: [...headers],
        signal,
        dispatcher: agent,
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
      });
      // The same class as the global one at run time, but for its types.
      return answer as unknown as Response;
    },
  });
  const text = await response.text();
  const received = new Headers([...response.headers]);
  return {
    status: response.status,
    reason: response.statusText,
    headers: received,
    retryAfterMs: readRetryAfter(received, clock),
    text,
    baseUrl: info.baseUrl,
  };
}

function urlOf(request: string | URL | Request): string {
  return request instanceof Request ? request.url : String(request);
}

function jsonBody(json: unknown): string | undefined {
  return json === undefined ? undefined : JSON.stringify(json);
}

function encode(parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    for (const item of typeof value === "object" ? value : [value])
      search.append(name, String(item));
  }
  return search.toString();
}
