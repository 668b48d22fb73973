import { z } from "zod";
import type { CallOptions } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Parameters } from "../../transport/send.ts";
import type { components, paths } from "./api.gen.ts";
import { type Method, type ProxmoxApi, pathSegment } from "./api.ts";

/** The shapes of the API's answers and parameters, by name. */
export type ProxmoxSchemas = components["schemas"];

type Verb = "get" | "post" | "put" | "delete";
type Responding = { readonly responses: unknown };

/** The paths that know a method. */
export type NativePath<V extends Verb> = {
  [P in keyof paths]: paths[P] extends { readonly [K in V]: Responding } ? P : never;
}[keyof paths];

type OperationAt<P extends keyof paths, V extends Verb> = paths[P][V];

type FieldsOf<T> = [T] extends [never]
  ? unknown
  : [T] extends [undefined]
    ? unknown
    : NonNullable<T>;

type PathFields<P extends keyof paths> = paths[P] extends {
  readonly parameters: { readonly path: infer F };
}
  ? F
  : unknown;

type QueryFields<O> = O extends { readonly parameters: { readonly query?: infer Q } }
  ? FieldsOf<Q>
  : unknown;

type BodyFields<O> = O extends { readonly requestBody?: infer B }
  ? NonNullable<B> extends {
      readonly content: { readonly "application/x-www-form-urlencoded": infer F };
    }
    ? F
    : unknown
  : unknown;

/** What a call takes: the names in its path, and its parameters, in one object. */
export type NativeParameters<P extends keyof paths, V extends Verb> = PathFields<P> &
  QueryFields<OperationAt<P, V>> &
  BodyFields<OperationAt<P, V>>;

/** What a call answers: its `data`. The API does not check its own answers, and neither does this. */
export type NativeData<P extends keyof paths, V extends Verb> =
  OperationAt<P, V> extends {
    readonly responses: {
      readonly 200: {
        readonly content: { readonly "application/json": { readonly data: infer D } };
      };
    };
  }
    ? D
    : never;

type Arguments<Fields> =
  Record<never, never> extends Fields
    ? [parameters?: Fields, options?: CallOptions]
    : [parameters: Fields, options?: CallOptions];

/**
 * The API of Proxmox VE itself, for what the contract has no words for: signed in, with the connection's own
 * retries for reads, failover and errors. A write is sent once; one whose answer is lost is not looked up here.
 *
 * @example
 * const status = await connector.native.get("/nodes/{node}/status", { node: "pve1" });
 */
export interface ProxmoxNative {
  get<P extends NativePath<"get">>(
    path: P,
    ...rest: Arguments<NativeParameters<P, "get">>
  ): Promise<NativeData<P, "get">>;
  post<P extends NativePath<"post">>(
    path: P,
    ...rest: Arguments<NativeParameters<P, "post">>
  ): Promise<NativeData<P, "post">>;
  put<P extends NativePath<"put">>(
    path: P,
    ...rest: Arguments<NativeParameters<P, "put">>
  ): Promise<NativeData<P, "put">>;
  delete<P extends NativePath<"delete">>(
    path: P,
    ...rest: Arguments<NativeParameters<P, "delete">>
  ): Promise<NativeData<P, "delete">>;
  /** Calls any path; `/nodes/pve1/...` with every segment percent-encoded where needed. */
  request(
    method: Method,
    path: string,
    parameters?: NativeFields,
    options?: CallOptions,
  ): Promise<unknown>;
}

/** Parameters of a call: booleans go out as 1 and 0, lists as repeated keys, absent values not at all. */
export type NativeFields = Readonly<Record<string, unknown>>;

/** Makes the native API over the connector's own calls. */
export function createNative(api: ProxmoxApi, connection: string): ProxmoxNative {
  async function request(
    method: Method,
    path: string,
    fields: NativeFields = {},
    options: CallOptions = {},
  ): Promise<unknown> {
    refuseQuery(path, connection);
    const info = { operation: `${method} ${path}`, signal: options.signal };
    const parameters = toParameters(fields, connection);
    if (method === "GET") return api.get(path, z.unknown(), info, parameters);
    return api.write(method, path, info, parameters);
  }

  function at(method: Method) {
    return async (template: string, fields: NativeFields = {}, options: CallOptions = {}) => {
      const left = { ...fields };
      const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const value = left[name];
        delete left[name];
        return pathSegment(value);
      });
      return request(method, path, left, options);
    };
  }

  // The types are worked out from the document; at run time every call is the same.
  const native = {
    get: at("GET"),
    post: at("POST"),
    put: at("PUT"),
    delete: at("DELETE"),
    request,
  };
  return native as ProxmoxNative;
}

/** Paths show in messages, logs and traces; a query may hold a secret and does not belong there. */
function refuseQuery(path: string, connection: string): void {
  if (!/[?#]/.test(path)) return;
  throw new Kappa4Error(
    "invalid_argument",
    `A path for "${connection}" holds a question mark or a number sign; give parameters as the third argument, and encode a name that has one of these.`,
    { context: { connector: connection } },
  );
}

function toParameters(fields: NativeFields, connection: string): Parameters {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, toParameter(name, value, connection)]),
  );
}

function toParameter(name: string, value: unknown, connection: string): Parameters[string] {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(String);
  throw new Kappa4Error(
    "invalid_argument",
    `Parameter ${name} for "${connection}" is neither text, number, truth value nor a list of these.`,
    { context: { connector: connection } },
  );
}
