import { permissionEntry } from "./catalogue.ts";
import { PERMISSIONS, type Permission } from "./permission.ts";

/** A role: a name for a set of permissions. */
export interface Role {
  /** As stored and typed: `operator`, or the key of an organisation's own role. */
  readonly key: string;
  /** What its holder may do, whoever made the thing it is done to. */
  readonly permissions: readonly Permission[];
  /** What its holder may do only to what they made themselves. Default: nothing. */
  readonly own?: readonly Permission[] | undefined;
}

/** The roles that come with Kappa4, the four of the role matrix in their order, with the words for people. */
export const ROLE_TITLES = {
  guest: "Guest",
  viewer: "Viewer",
  operator: "Operator",
  admin: "Admin",
  super_admin: "Super Admin",
  platform_admin: "Platform Admin",
  agent: "Agent",
} as const;

/** One of {@link ROLE_TITLES}. */
export type BuiltInRole = keyof typeof ROLE_TITLES;

/** Each holds all that the one before it holds. */
const ORDER: readonly BuiltInRole[] = [
  "viewer",
  "operator",
  "admin",
  "super_admin",
  "platform_admin",
];

/** What each built-in role holds. */
export const BUILT_IN_ROLES: Readonly<Record<BuiltInRole, Role>> = {
  guest: roleOf("guest"),
  viewer: roleOf("viewer"),
  operator: roleOf("operator"),
  admin: roleOf("admin"),
  super_admin: roleOf("super_admin"),
  platform_admin: roleOf("platform_admin"),
  agent: roleOf("agent"),
};

/** Finds a built-in role by its key; `tenant_admin` is another word for `super_admin`. */
export function builtInRole(key: string): Role | undefined {
  if (key === "tenant_admin") return BUILT_IN_ROLES.super_admin;
  return isBuiltInRole(key) ? BUILT_IN_ROLES[key] : undefined;
}

function isBuiltInRole(key: string): key is BuiltInRole {
  return Object.hasOwn(ROLE_TITLES, key);
}

/** Lists the built-in roles that hold a permission without limits, the lowest first: whom to ask. */
export function rolesWith(permission: Permission): readonly BuiltInRole[] {
  return Object.keys(ROLE_TITLES)
    .filter(isBuiltInRole)
    .filter((role) => BUILT_IN_ROLES[role].permissions.includes(permission));
}

function roleOf(role: BuiltInRole): Role {
  const permissions = PERMISSIONS.filter((permission) => holds(role, permission));
  const own = PERMISSIONS.filter((permission) => {
    const among = permissionEntry(permission).own ?? [];
    return among.some((name) => name === role) && !permissions.includes(permission);
  });
  return { key: role, permissions, own };
}

function holds(role: BuiltInRole, permission: Permission): boolean {
  const { from, also = [] } = permissionEntry(permission);
  const rank = ORDER.indexOf(role);
  return also.some((name) => name === role) || (rank >= 0 && rank >= ORDER.indexOf(from));
}
