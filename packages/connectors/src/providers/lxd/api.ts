import type { z } from "zod";
import type { Clock, Logger } from "../../contract/connector.ts";
import { Kappa4Error, type Outcome, ProtocolError } from "../../contract/errors.ts";
import type { HttpAnswer } from "../../transport/answers.ts";
import type { HttpClient, HttpRequestOptions } from "../../transport/http-client.ts";
import { lookOf, type OperationLook, type OperationUrl, parseOperationUrl } from "./look.ts";
import {
  certificatesSchema,
  type Envelope,
  envelopeSchema,
  type Instance,
  instanceSchema,
  instancesSchema,
  type LxdOperation,
  type Member,
  membersSchema,
  operationSchema,
  operationsSchema,
  type Pool,
  poolSpaceSchema,
  poolsSchema,
  type Resources,
  resourcesSchema,
  type Server,
  serverSchema,
  type TrustedCertificate,
} from "./payloads.ts";

/** What a call is about, for errors, and what may stop it. */
export interface CallInfo {
  readonly operation: string;
  readonly target?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly retries?: number | undefined;
}

/** The calls of LXD's API that the connector makes, parsed. */
export interface LxdApi {
  readonly connection: string;
  readonly project: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  server(info: CallInfo): Promise<Server>;
  members(info: CallInfo): Promise<readonly Member[]>;
  /** All instances of the project; recursion 2 brings their state. */
  instances(recursion: 1 | 2, info: CallInfo): Promise<readonly Instance[]>;
  /**
   * The instances that a filter lets through, without state. Unlike {@link LxdApi.instance} it answers at once for
   * those on a member that is away, but then without their configuration.
   */
  findInstances(filter: string, info: CallInfo): Promise<readonly Instance[]>;
  /** One instance with its state and backups. */
  instance(name: string, info: CallInfo): Promise<Instance>;
  /** Running and just ended operations of the project, on all members. */
  operations(info: CallInfo): Promise<readonly LxdOperation[]>;
  pools(info: CallInfo): Promise<readonly Pool[]>;
  poolSpace(
    pool: string,
    member: string,
    info: CallInfo,
  ): Promise<{ readonly total: number; readonly used: number }>;
  resources(member: string, info: CallInfo): Promise<Resources>;
  certificates(info: CallInfo): Promise<readonly TrustedCertificate[]>;
  /** Reads anything below `/1.0` of the project. */
  get<T>(path: string, schema: z.ZodType<T>, info: CallInfo): Promise<T>;
  /** Looks at an operation now. */
  look(url: OperationUrl, info: CallInfo): Promise<OperationLook>;
  /** Waits on the server for the end of an operation, for so many seconds at most. */
  wait(url: OperationUrl, seconds: number, info: CallInfo): Promise<OperationLook>;
  /** Sends a change, once; returns the operation's address, or undefined when it was done at once. */
  change(
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    change: Change,
  ): Promise<OperationUrl | undefined>;
}

/** A change to be sent. */
export interface Change extends CallInfo {
  readonly json?: unknown;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Options of {@link createLxdApi}. */
export interface LxdApiOptions {
  readonly http: HttpClient;
  readonly connection: string;
  readonly project: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Puts LXD's calls on top of an HTTP client. */
export function createLxdApi(options: LxdApiOptions): LxdApi {
  const { http, connection, project } = options;

  async function send(
    method: string,
    path: string,
    request: HttpRequestOptions,
  ): Promise<HttpAnswer> {
    try {
      return await http.request(method, path, request);
    } catch (error) {
      if (Kappa4Error.is(error, "unavailable")) throw later(error);
      // LXD says "not authorized" both to strangers and to those who lack a right.
      if (!Kappa4Error.is(error, "permission") || path === "/1.0") throw error;
      const { auth } = await read("/1.0", serverSchema, {
        operation: "connection check",
        signal: request.signal,
      });
      throw auth === "trusted" ? error : untrusted(connection, error);
    }
  }

  async function read<T>(
    path: string,
    schema: z.ZodType<T>,
    info: CallInfo,
    query: Readonly<Record<string, string | undefined>> = {},
  ): Promise<T> {
    const { metadata } = envelopeOf(await send("GET", path, { ...info, query }), info);
    return checked(schema, metadata, path, info);
  }

  /** Parses at the border: what does not fit is the other side's fault. */
  function checked<T>(
    schema: z.ZodType<T>,
    value: unknown,
    path: string,
    info: CallInfo,
    outcome: Outcome = "not_applied",
  ): T {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const issues = result.error.issues.slice(0, 10).map((issue) => ({
      path: issue.path.map(String).join("."),
      message: issue.message,
    }));
    throw new ProtocolError(
      `${info.operation} on "${connection}" got an answer from ${path} that does not look like LXD's; check that the endpoint is an LXD or Incus server.`,
      {
        issues,
        outcome,
        context: { connector: connection, operation: info.operation, target: info.target },
      },
    );
  }

  function envelopeOf(answer: HttpAnswer, info: CallInfo, outcome?: Outcome): Envelope {
    return checked(envelopeSchema, parseJson(answer.text), "the API", info, outcome);
  }

  /** An operation's own read: here 404 is an answer, and 200 may carry an error. */
  async function follow(
    path: string,
    info: CallInfo,
    query: Record<string, string>,
  ): Promise<OperationLook> {
    let answer: HttpAnswer;
    try {
      answer = await send("GET", path, { ...info, query });
    } catch (error) {
      if (Kappa4Error.is(error, "not_found")) return { state: "gone" };
      throw error;
    }
    return lookOf(envelopeOf(answer, info), (metadata) =>
      checked(operationSchema, metadata, path, info),
    );
  }

  const inProject = { project };
  return {
    connection,
    project,
    clock: options.clock,
    random: options.random,
    logger: options.logger,
    server: (info) => read("/1.0", serverSchema, info),
    members: (info) => read("/1.0/cluster/members", membersSchema, info, { recursion: "1" }),
    instances: async (recursion, info) =>
      await read("/1.0/instances", instancesSchema, info, {
        recursion: String(recursion),
        ...inProject,
      }),
    findInstances: (filter, info) =>
      read("/1.0/instances", instancesSchema, info, { recursion: "1", filter, ...inProject }),
    instance: (name, info) =>
      read(instancePath(name), instanceSchema, info, {
        recursion: "1",
        ...inProject,
      }),
    operations: async (info) => {
      const query = { recursion: "1", ...inProject };
      const byState = await read("/1.0/operations", operationsSchema, info, query);
      return Object.values(byState).flatMap((operations) => operations ?? []);
    },
    pools: (info) =>
      read("/1.0/storage-pools", poolsSchema, info, { recursion: "1", ...inProject }),
    poolSpace: async (pool, member, info) => {
      const path = `/1.0/storage-pools/${encodeURIComponent(pool)}/resources`;
      const { space } = await read(path, poolSpaceSchema, info, { target: member });
      return { total: space?.total ?? 0, used: space?.used ?? 0 };
    },
    resources: (member, info) => read("/1.0/resources", resourcesSchema, info, { target: member }),
    certificates: (info) => read("/1.0/certificates", certificatesSchema, info, { recursion: "1" }),
    get: (path, schema, info) => read(path, schema, info, { recursion: "1", ...inProject }),
    look: (url, info) => follow(url.path, info, { ...url.query }),
    wait: (url, seconds, info) =>
      follow(`${url.path}/wait`, info, { ...url.query, timeout: String(seconds) }),
    change: async (method, path, { json, query, ...info }) => {
      const answer = await send(method, path, { ...info, json, query: { ...inProject, ...query } });
      // The change was accepted, whatever the answer looks like.
      const { operation } = envelopeOf(answer, info, "unknown");
      return operation ? parseOperationUrl(operation) : undefined;
    },
  };
}

/** The path of an instance. */
export function instancePath(name: string): string {
  return `/1.0/instances/${encodeURIComponent(name)}`;
}

/** For callers a member that is away may come back, whatever the transport was told. */
function later(error: Kappa4Error): Kappa4Error {
  if (error.retryable) return error;
  const { code, message, outcome, context } = error;
  return new Kappa4Error(code, message, { outcome, context, cause: error, retryable: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function untrusted(connection: string, cause: unknown): Kappa4Error {
  return new Kappa4Error(
    "auth",
    `The cluster behind "${connection}" does not trust the client certificate; add it there with \`lxc config trust add\`.`,
    { cause, context: { connector: connection } },
  );
}
