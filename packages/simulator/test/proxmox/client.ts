import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import type { ProxmoxSimulator } from "@kappa4/simulator";

/** What came back over the wire, untouched but for the JSON. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Undefined when the body is empty or no JSON. */
  readonly body: { data?: unknown; errors?: Record<string, string>; message?: string } | undefined;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form unless it is a string. */
  readonly form?: Readonly<Record<string, string | number>> | undefined;
  readonly json?: unknown;
  /** Sent as it is; no length header when `chunked`. */
  readonly raw?: string;
  readonly chunked?: boolean;
  /** Default: the first entry node. */
  readonly url?: string;
}

export const TOKEN = {
  id: "automation@pve!kappa4",
  secret: "11111111-2222-4333-8444-555555555555",
};
export const READER = { id: "viewer@pve!ro", secret: "66666666-7777-4888-9999-000000000000" };

/** The header that a token travels in. */
export function tokenHeader(token: { id: string; secret: string }): Record<string, string> {
  return { authorization: `PVEAPIToken=${token.id}=${token.secret}` };
}

/** Sends one request over a connection of its own. Rejects when the connection is cut. */
export async function send(
  simulator: ProxmoxSimulator,
  method: string,
  path: string,
  options: SendOptions = {},
): Promise<Answer> {
  const { body, type } = bodyOf(options);
  const headers: Record<string, string> = {
    ...(type ? { "content-type": type } : {}),
    ...(body !== undefined && !options.chunked
      ? { "content-length": String(Buffer.byteLength(body)) }
      : {}),
    ...options.headers,
  };
  return await new Promise((resolve, reject) => {
    const outgoing = request(
      `${options.url ?? simulator.url}/api2/json${path}`,
      { method, headers, ca: simulator.ca, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: incoming.statusCode ?? 0,
            reason: incoming.statusMessage ?? "",
            headers: incoming.headers,
            text,
            body: parse(text),
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** The same with the token that may do everything. */
export async function call(
  simulator: ProxmoxSimulator,
  method: string,
  path: string,
  form?: Readonly<Record<string, string | number>>,
  token: { id: string; secret: string } = TOKEN,
): Promise<Answer> {
  return await send(simulator, method, path, { headers: tokenHeader(token), form });
}

/** Reads the data of an answer that has to be good. */
export async function data<T = Record<string, unknown>>(
  simulator: ProxmoxSimulator,
  path: string,
  token: { id: string; secret: string } = TOKEN,
): Promise<T> {
  const answer = await call(simulator, "GET", path, undefined, token);
  if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.reason}`);
  return answer.body?.data as T;
}

/** Starts a write that has to be accepted and returns its UPID. */
export async function start(
  simulator: ProxmoxSimulator,
  method: string,
  path: string,
  form: Readonly<Record<string, string | number>> = {},
): Promise<string> {
  const body = method === "DELETE" ? undefined : form;
  const query = method === "DELETE" ? `?${new URLSearchParams(asText(form))}` : "";
  const answer = await call(simulator, method, path + query, body);
  if (answer.status !== 200)
    throw new Error(`${method} ${path}: ${answer.status} ${answer.reason}`);
  return String(answer.body?.data);
}

/** Exit status of a task, or `running`. */
export async function statusOf(simulator: ProxmoxSimulator, upid: string): Promise<string> {
  const node = upid.split(":")[1];
  const task = await data<{ status: string; exitstatus?: string }>(
    simulator,
    `/nodes/${node}/tasks/${upid}/status`,
  );
  return task.status === "running" ? "running" : String(task.exitstatus);
}

function bodyOf(options: SendOptions): { body: string | undefined; type: string | undefined } {
  if (options.raw !== undefined) return { body: options.raw, type: undefined };
  if (options.json !== undefined) {
    return { body: JSON.stringify(options.json), type: "application/json" };
  }
  if (!options.form) return { body: undefined, type: undefined };
  return {
    body: new URLSearchParams(asText(options.form)).toString(),
    type: "application/x-www-form-urlencoded",
  };
}

function asText(form: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(form).map(([key, value]) => [key, String(value)]));
}

function parse(text: string): Answer["body"] {
  try {
    return JSON.parse(text) as Answer["body"];
  } catch {
    return undefined;
  }
}
