import { PveClient, ResponseType } from "@corsinvest/cv4pve-api-javascript";
import type { ProxmoxSimulator } from "@kappa4/simulator";
import { ProxmoxEngine } from "proxmox-api";
import { READER, send, TOKEN, tokenHeader } from "./client.ts";
import type { Asker, ErrorCase } from "./error-cases.ts";
import { expireTickets, PASSWORD, ticketOf } from "./error-worlds.ts";

/** What a client makes of a refusal. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  /** Parsed when it is JSON, else as it came. */
  readonly body: unknown;
}

const STRANGER = { ...TOKEN, secret: READER.secret };
const PICTURE = "data:image/png;base64,";

/** Provokes a case with nothing but an HTTPS request, and returns all that came. */
export async function provokeRaw(
  simulator: ProxmoxSimulator,
  { as, method, path, values = {}, withBody = false }: ErrorCase,
): ReturnType<typeof send> {
  const headers = await headersOf(simulator, as);
  const form = method === "POST" || withBody ? values : undefined;
  return await send(simulator, method, path, { headers, form });
}

/** Provokes a case through the engine under the tree of the npm package `proxmox-api`. */
export async function provokeByProxmoxApi(
  simulator: ProxmoxSimulator,
  { as, method, path, values }: ErrorCase,
): Promise<Refusal> {
  // The undici that it brings refuses the content-length header that it sets; Node's own fetch does not.
  const place = { host: "127.0.0.1", port: simulator.port, fetch: fetch as never };
  const engine = new ProxmoxEngine({ ...place, ...proxmoxApiLogin(as) });
  if (as === "expired ticket") {
    await engine.getTicket();
    expireTickets(simulator);
  }
  const url = `/api2/json${path}`;
  try {
    await engine.doRequest(method, url, url, { ...values });
  } catch (error) {
    return readMessage(error);
  }
  throw new Error("It was not refused.");
}

/** Provokes a case through the npm package `@corsinvest/cv4pve-api-javascript`. */
export async function provokeByCv4pve(
  simulator: ProxmoxSimulator,
  { as, method, path, values, body }: ErrorCase,
): Promise<Refusal> {
  const client = new PveClient("127.0.0.1", simulator.port);
  client.logEnabled = false;
  if (as === "admin") client.apiToken = `${TOKEN.id}=${TOKEN.secret}`;
  if (as === "reader") client.apiToken = `${READER.id}=${READER.secret}`;
  if (as === "unknown token") client.apiToken = `${STRANGER.id}=${STRANGER.secret}`;
  if (as === "wrong password") {
    await client.login("root", "wrong password");
    return readResult(client.lastResult);
  }
  if (as === "expired ticket") {
    await client.login("root", PASSWORD);
    expireTickets(simulator);
  }
  // An empty body is broken JSON to this client; only where it expects a picture does it tell the status.
  if (typeof body === "string") client.responseType = ResponseType.PNG;
  const result =
    method === "POST" ? await client.create(path, values) : await client.get(path, values);
  return readResult(result);
}

async function headersOf(
  simulator: ProxmoxSimulator,
  as: Asker,
): Promise<Readonly<Record<string, string>>> {
  if (as === "admin") return tokenHeader(TOKEN);
  if (as === "reader") return tokenHeader(READER);
  if (as === "unknown token") return tokenHeader(STRANGER);
  if (as === "nobody" || as === "wrong password") return {};
  const cookie = `PVEAuthCookie=${await ticketOf(simulator)}`;
  if (as === "expired ticket") expireTickets(simulator);
  return { cookie };
}

function proxmoxApiLogin(
  as: Asker,
): { readonly password: string } | { readonly tokenID: string; readonly tokenSecret: string } {
  if (as === "wrong password") return { password: "wrong password" };
  if (as === "expired ticket") return { password: PASSWORD };
  const token = as === "reader" ? READER : as === "unknown token" ? STRANGER : TOKEN;
  return { tokenID: token.id, tokenSecret: token.secret };
}

// The error of a failed login says no more than that; its cause does.
function readMessage(error: unknown): Refusal {
  const { message, cause } = error as Error;
  const text = cause instanceof Error ? cause.message : message;
  const parts = /(?:Error|failed with) (\d{3}):? (.*?)(?::| return:)? (\{.*\})$/s.exec(text);
  if (!parts) throw error;
  const [, status, reason = "", json = ""] = parts;
  const body: unknown = JSON.parse(json);
  // What came without a content type it puts under `errors`, as text.
  const { errors } = Object(body);
  return { status: Number(status), reason, body: typeof errors === "string" ? errors : body };
}

function readResult(result: PveClient["lastResult"]): Refusal {
  const { statusCode, reasonPhrase, response } = result;
  const isPicture = typeof response === "string" && response.startsWith(PICTURE);
  const body: unknown = isPicture ? response.slice(PICTURE.length) : response;
  return { status: statusCode, reason: reasonPhrase, body };
}
