import { z } from "zod";
import { Kappa4Error, ProtocolError } from "../../contract/errors.ts";
import type { HttpAnswer } from "../../transport/answers.ts";
import type { HttpClient } from "../../transport/http-client.ts";
import type { Parameters } from "../../transport/send.ts";
import type { ProxmoxAuth } from "./auth.ts";

/** What a call is about and how it may be stopped. */
export interface CallInfo {
  /** What is being done, for errors: `migrate`. */
  readonly operation: string;
  /** What it is done to, for errors: `vm:100`. */
  readonly target?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Further attempts of a read; default: the client's. */
  readonly retries?: number | undefined;
}

/** The four methods of the API. */
export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** What was read, and where. */
export interface ReadFrom<T> {
  readonly data: T;
  /** The address that has answered. */
  readonly baseUrl: string;
}

/** Calls of the Proxmox VE API, signed in, checked and typed by a schema. */
export interface ProxmoxApi {
  /** The user as tasks name it. */
  readonly userId: string;
  get<T>(path: string, schema: z.ZodType<T>, info: CallInfo, query?: Parameters): Promise<T>;
  /** Reads as `get` does, and says which address has answered. */
  getFrom<T>(path: string, schema: z.ZodType<T>, info: CallInfo): Promise<ReadFrom<T>>;
  /** Says that what an address answers is of no use: the next calls start at another. Returns where they start. */
  leave(baseUrl: string): string;
  /** Sends a write once and returns its `data`; an answer that cannot be read has outcome `unknown`. */
  write(
    method: Exclude<Method, "GET">,
    path: string,
    info: CallInfo,
    parameters?: Parameters,
  ): Promise<unknown>;
}

const envelope = z.object({ data: z.unknown() });

/** Makes the calls over a client and a way in. */
export function createApi(http: HttpClient, auth: ProxmoxAuth, connection: string): ProxmoxApi {
  async function send(method: Method, path: string, info: CallInfo, parameters?: Parameters) {
    const write = method !== "GET";
    const hasBody = method === "POST" || method === "PUT";
    const attempt = async (): Promise<HttpAnswer> => {
      const grant = await auth.grant(write, info.signal);
      const options = {
        ...info,
        headers: grant.headers,
        ...(hasBody ? { form: parameters ?? {} } : { query: parameters }),
      };
      try {
        return await http.request(method, path, options);
      } catch (error) {
        if (Kappa4Error.is(error, "auth_expired")) auth.drop(grant);
        throw error;
      }
    };
    // A 401 is a refusal, also of a write: nothing happened, so after one new login it is sent again.
    const { text, baseUrl } = await attempt().catch((error: unknown) => {
      if (!Kappa4Error.is(error, "auth_expired")) throw error;
      return attempt().catch(refuseForGood);
    });
    return { data: readData(text, write, info, connection), baseUrl };
  }

  async function read<T>(
    path: string,
    schema: z.ZodType<T>,
    info: CallInfo,
    query?: Parameters,
  ): Promise<ReadFrom<T>> {
    const { data, baseUrl } = await send("GET", path, info, query);
    const parsed = schema.safeParse(data);
    if (parsed.success) return { data: parsed.data, baseUrl };
    throw unreadable(path, false, info, connection, parsed.error);
  }

  return {
    userId: auth.userId,
    get: async (path, schema, info, query) => (await read(path, schema, info, query)).data,
    getFrom: (path, schema, info) => read(path, schema, info),
    leave: (baseUrl) => http.leave(baseUrl),
    write: async (method, path, info, parameters) =>
      (await send(method, path, info, parameters)).data,
  };
}

function refuseForGood(error: unknown): never {
  if (!Kappa4Error.is(error, "auth_expired")) throw error;
  throw new Kappa4Error("auth", error.message, { context: error.context });
}

function readData(text: string, write: boolean, info: CallInfo, connection: string): unknown {
  try {
    return envelope.parse(JSON.parse(text)).data;
  } catch {
    throw unreadable("the answer", write, info, connection);
  }
}

function unreadable(
  where: string,
  write: boolean,
  info: CallInfo,
  connection: string,
  error?: z.ZodError,
): ProtocolError {
  const issues = (error?.issues ?? []).slice(0, 10).map(({ path, message }) => ({
    path: path.map(String).join("."),
    message,
  }));
  const [first] = issues;
  const detail = first === undefined ? "" : ` (${first.path}: ${first.message})`;
  const of = info.target === undefined ? "" : ` of ${info.target}`;
  return new ProtocolError(
    `${info.operation}${of} on "${connection}" was answered with something that Proxmox VE does not send: ${where}${detail}; check that the address is that of a node.`,
    {
      issues,
      outcome: write ? "unknown" : "not_applied",
      context: { connector: connection, operation: info.operation, target: info.target },
    },
  );
}

/** Builds a path; the API decodes before it routes, so a value that would become two segments is refused. */
export function path(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((built, part, index) => `${built}${pathSegment(values[index - 1])}${part}`);
}

/** Encodes one segment of a path; throws `invalid_argument` for one that would be read as more or as none. */
export function pathSegment(value: unknown): string {
  const text = String(value ?? "");
  if (text === "" || text === "." || text === ".." || /[/\\\p{Cc}]/u.test(text)) {
    throw new Kappa4Error(
      "invalid_argument",
      "A name for Proxmox VE is empty or holds a slash; correct it.",
    );
  }
  return encodeURIComponent(text);
}
