import type { AclGrant, ProxmoxSimulatorOptions } from "../options.ts";
import type { Cluster } from "../state/cluster.ts";
import type { Directory, PoolMembership, User } from "./directory.ts";

const ADMINISTRATOR: readonly AclGrant[] = [{ role: "Administrator" }];
const AUDITOR: readonly AclGrant[] = [{ role: "PVEAuditor" }];

/** Fills the directory with root@pam and everyone whom the options name. Throws RangeError for a broken id. */
export function fillDirectory(directory: Directory, options: ProxmoxSimulatorOptions): void {
  addUser(directory, "root@pam", { password: options.password ?? "simulator" });
  for (const user of options.users ?? []) {
    addUser(directory, user.id, user);
    grant(directory, user.id, user.acl ?? ADMINISTRATOR);
  }
  for (const token of options.tokens ?? []) addToken(directory, token, token.acl);
  if (options.readOnlyToken) addToken(directory, options.readOnlyToken, AUDITOR);
}

/** Tells the directory which pools guests and storages are in. */
export function membershipOf(cluster: () => Pick<Cluster, "pools">): PoolMembership {
  return {
    poolsOf: (path) => {
      const [, top, id = ""] = path.split("/");
      if (top !== "vms" && top !== "storage") return [];
      return [...cluster().pools.values()]
        .filter((pool) => (top === "vms" ? pool.guests.has(Number(id)) : pool.storages.has(id)))
        .map((pool) => pool.id);
    },
    memberPaths: () =>
      [...cluster().pools.values()].flatMap((pool) => [
        `/pool/${pool.id}`,
        ...[...pool.guests].map((id) => `/vms/${id}`),
        ...[...pool.storages].map((id) => `/storage/${id}`),
      ]),
  };
}

function addToken(
  directory: Directory,
  token: {
    readonly id: string;
    readonly secret: string;
    readonly privsep?: boolean | undefined;
    readonly expire?: number | undefined;
  },
  acl: readonly AclGrant[] | undefined,
): void {
  const match = /^([^!\s]+@[^!\s]+)!([A-Za-z][\w.-]+)$/.exec(token.id);
  if (!match) throw new RangeError(`"${token.id}" is no token id; write it like user@pve!name.`);
  const [, owner = "", name = ""] = match;
  const isNew = !directory.users.has(owner);
  const user = directory.users.get(owner) ?? addUser(directory, owner, {});
  const privsep = token.privsep ?? false;
  user.tokens.set(name, {
    name,
    secret: token.secret,
    privsep,
    expire: token.expire ?? 0,
    comment: "",
  });
  if (privsep) grant(directory, token.id, acl ?? []);
  if (!privsep && (isNew || acl)) grant(directory, owner, acl ?? ADMINISTRATOR);
  if (privsep && isNew) grant(directory, owner, ADMINISTRATOR);
}

function addUser(
  directory: Directory,
  id: string,
  options: {
    readonly password?: string | undefined;
    readonly totpSecret?: string | undefined;
    readonly recoveryKeys?: readonly string[] | undefined;
    readonly enable?: boolean | undefined;
    readonly expire?: number | undefined;
  },
): User {
  if (!/^[^\s:/!]+@[a-z][\w.-]+$/i.test(id)) {
    throw new RangeError(`"${id}" is no user; write it with its realm, like ops@pve.`);
  }
  const user: User = {
    id,
    password: options.password,
    enable: options.enable ?? true,
    expire: options.expire ?? 0,
    totpSecret: options.totpSecret,
    recoveryKeys: new Set(options.recoveryKeys),
    totpFailures: 0,
    tokens: new Map(),
  };
  directory.users.set(id, user);
  return user;
}

function grant(directory: Directory, subject: string, acl: readonly AclGrant[]): void {
  for (const entry of acl) {
    const role = entry.role ?? customRole(directory, entry.privileges ?? []);
    if (!directory.roles.has(role)) throw new RangeError(`There is no role "${role}".`);
    directory.acl.push({
      path: entry.path ?? "/",
      subject,
      role,
      propagate: entry.propagate ?? true,
    });
  }
}

function customRole(directory: Directory, privileges: readonly string[]): string {
  const name = `Custom${directory.roles.size}`;
  directory.roles.set(name, new Set(privileges));
  return name;
}
