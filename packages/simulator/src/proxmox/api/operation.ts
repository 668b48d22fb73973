import type { Identity } from "../access/identity.ts";
import { permissionError } from "../errors.ts";
import type { Cluster } from "../state/cluster.ts";
import type { Node } from "../state/types.ts";
import type { PveVersion } from "../version.ts";
import type { ParameterSchema, Value } from "./parameters.ts";

/** The methods that Proxmox VE knows. */
export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** What a caller must hold before anything else is looked at. `{name}` stands for a parameter of the path. */
export type Permission =
  | { readonly kind: "world" | "user" | "root" }
  | { readonly kind: "privilege"; readonly path: string; readonly anyOf: readonly string[] };

/** One operation of the API. */
export interface Operation extends ParameterSchema {
  readonly method: Method;
  /** For example `/nodes/{node}/qemu/{vmid}/migrate`. */
  readonly path: string;
  readonly permission: Permission;
  /** The contacted node hands the call on to the node of the path. */
  readonly isProxied?: boolean | undefined;
  readonly refusesTokens?: boolean | undefined;
  /** First version that has it. */
  readonly since?: string | undefined;
  /** First version that has it no more. */
  readonly until?: string | undefined;
  readonly run: (call: Call) => unknown;
}

/** One call of an operation. */
export class Call {
  readonly cluster: Cluster;
  /** The node that works on it. */
  readonly node: Node;
  readonly identity: Identity;
  readonly values: ReadonlyMap<string, Value>;
  readonly #may: (path: string, privilege: string) => boolean;
  /** What stands beside `data` in the answer. */
  readonly beside: Record<string, unknown> = {};

  constructor(
    cluster: Cluster,
    node: Node,
    identity: Identity,
    values: ReadonlyMap<string, Value>,
  ) {
    this.cluster = cluster;
    this.node = node;
    this.identity = identity;
    this.values = values;
    this.#may = cluster.directory.viewer(identity.subject);
  }

  get version(): PveVersion {
    return this.cluster.version;
  }

  /** A text parameter; the empty string when it was not given. */
  text(name: string): string {
    return this.find(name) ?? "";
  }

  /** A text parameter, or undefined. */
  find(name: string): string | undefined {
    const value = this.values.get(name);
    return value === undefined ? undefined : String(value);
  }

  /** A number, or the given default. */
  number(name: string, otherwise = 0): number {
    const value = this.values.get(name);
    return typeof value === "number" ? value : otherwise;
  }

  /** Whether a switch was set. */
  flag(name: string): boolean {
    return this.values.get(name) === true;
  }

  /** A parameter that may be given several times. */
  list(name: string): readonly string[] {
    const value = this.values.get(name);
    if (Array.isArray(value)) return value.map(String);
    return value === undefined ? [] : [String(value)];
  }

  /** Whether the caller holds a privilege. */
  may(path: string, privilege: string): boolean {
    return this.#may(path, privilege);
  }

  /** Throws 403 unless the caller holds the privilege. */
  require(path: string, privilege: string): void {
    if (!this.may(path, privilege)) throw permissionError(`${path}, ${privilege}`);
  }
}

/** Needs one privilege. */
export function needs(path: string, ...anyOf: readonly string[]): Permission {
  return { kind: "privilege", path, anyOf };
}

/** Needs a login and no more. */
export const anyUser: Permission = { kind: "user" };
/** Needs nothing. */
export const anyone: Permission = { kind: "world" };
/** Needs root@pam with its password. */
export const rootOnly: Permission = { kind: "root" };
