import type { PveVersion } from "../version.ts";
import { allPrivileges, builtInRoles } from "./privileges.ts";

/** An API token of a user. */
export interface Token {
  readonly name: string;
  secret: string;
  /** With separation a token has no more than its own entries of the access control list. */
  privsep: boolean;
  /** Seconds since the epoch; 0 means never. */
  expire: number;
  comment: string;
}

/** A user and what is needed to log in as one. */
export interface User {
  readonly id: string;
  readonly password: string | undefined;
  enable: boolean;
  expire: number;
  readonly totpSecret: string | undefined;
  readonly recoveryKeys: Set<string>;
  totpFailures: number;
  readonly tokens: Map<string, Token>;
}

/** One line of the access control list. */
export interface AclEntry {
  readonly path: string;
  /** `user@realm` or `user@realm!token`. */
  readonly subject: string;
  readonly role: string;
  readonly propagate: boolean;
}

/** Where guests and storages are pooled, as the privilege check needs it. */
export interface PoolMembership {
  poolsOf(path: string): readonly string[];
  memberPaths(): readonly string[];
}

/** Privilege to whether it reaches below the path. */
export type Privileges = ReadonlyMap<string, boolean>;

const ROOT = "root@pam";
const TOP_PATHS = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"];

/** Users, tokens, roles and the access control list of a cluster. */
export class Directory {
  readonly users: Map<string, User> = new Map();
  readonly acl: AclEntry[] = [];
  readonly roles: Map<string, ReadonlySet<string>>;
  readonly #all: ReadonlySet<string>;
  readonly #pools: PoolMembership;

  constructor(version: PveVersion, pools: PoolMembership) {
    this.roles = new Map(builtInRoles(version));
    this.#all = allPrivileges(version);
    this.#pools = pools;
  }

  /** What a user or token may do at a path. */
  privileges(subject: string, path: string): Privileges {
    const [user = "", token] = subject.split("!");
    if (token === undefined) return this.#own(user, path);
    const ofUser = this.#own(user, path);
    if (this.users.get(user)?.tokens.get(token)?.privsep === false) return ofUser;
    const ofToken = this.#own(subject, path);
    return new Map([...ofToken].filter(([name]) => ofUser.has(name)));
  }

  /** Whether a subject holds a privilege at a path. */
  allows(subject: string, path: string, privilege: string): boolean {
    return this.privileges(subject, path).has(privilege);
  }

  /**
   * The same question for many paths at one instant: what nothing says anything special about is worked out once
   * for all its neighbours.
   */
  viewer(subject: string): (path: string, privilege: string) => boolean {
    const special = new Set([...this.acl.map((entry) => entry.path), ...this.#pools.memberPaths()]);
    const known = new Map<string, Privileges>();
    return (path, privilege) => {
      const asked = special.has(path) ? path : `${path.slice(0, path.lastIndexOf("/"))}/-`;
      const held = known.get(asked) ?? this.privileges(subject, asked);
      known.set(asked, held);
      return held.has(privilege);
    };
  }

  /** Every path worth showing with what the subject may do there; paths without privileges are left out. */
  overview(subject: string): Readonly<Record<string, Readonly<Record<string, number>>>> {
    const paths = new Set([
      ...TOP_PATHS,
      ...this.acl.map((entry) => entry.path),
      ...this.#pools.memberPaths(),
    ]);
    const shown: Record<string, Record<string, number>> = {};
    for (const path of paths) {
      const privileges = this.privileges(subject, path);
      if (privileges.size === 0) continue;
      shown[path] = Object.fromEntries([...privileges].map(([name, wide]) => [name, wide ? 1 : 0]));
    }
    return shown;
  }

  #own(subject: string, path: string): Privileges {
    if (subject === ROOT) return new Map([...this.#all].map((name) => [name, true]));
    const roles = new Map(this.#rolesAt(subject, path));
    for (const pool of this.#pools.poolsOf(path)) {
      const pooled = this.#rolesAt(subject, `/pool/${pool}`);
      if (pooled.size > 0) roles.delete("NoAccess");
      for (const role of pooled.keys()) roles.set(role, true);
    }
    const privileges = new Map<string, boolean>();
    if (roles.has("NoAccess")) return privileges;
    for (const [role, propagates] of roles) {
      for (const name of this.roles.get(role) ?? []) {
        privileges.set(name, privileges.get(name) === true || propagates);
      }
    }
    return privileges;
  }

  // The entry nearest to the path wins; entries above count only when they propagate.
  #rolesAt(subject: string, path: string): ReadonlyMap<string, boolean> {
    let roles = new Map<string, boolean>();
    for (const prefix of prefixesOf(path)) {
      const here = this.acl.filter(
        (entry) =>
          entry.path === prefix &&
          entry.subject === subject &&
          (entry.propagate || prefix === path),
      );
      if (here.length > 0) roles = new Map(here.map((entry) => [entry.role, entry.propagate]));
    }
    return roles;
  }
}

function prefixesOf(path: string): readonly string[] {
  const parts = path.split("/").filter(Boolean);
  return ["/", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)];
}
