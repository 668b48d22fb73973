import type { Permission } from "./permission.ts";
import type { Role } from "./roles.ts";
import { contains, type Scope } from "./scope.ts";

/** A role given to somebody, on a scope, perhaps for a time. */
export interface Grant {
  readonly role: Role;
  readonly scope: Scope;
  /** From this instant on it gives nothing. Default: it stays. */
  readonly expiresAt?: Date | undefined;
}

/** What is asked of {@link can} besides the scope. */
export interface CanOptions {
  /** Whether it is done to something that the same person made. Default false. */
  readonly isOwn?: boolean | undefined;
}

/**
 * Tells whether somebody with these grants may do something on a scope now: some grant that has not expired,
 * whose role holds the permission, and whose scope contains the scope. Creation is asked on the parent.
 */
export function can(
  grants: readonly Grant[],
  permission: Permission,
  scope: Scope,
  now: Date,
  options: CanOptions = {},
): boolean {
  return grantsFor(grants, permission, scope, now, options).length > 0;
}

/** The grants that let it happen. */
export function grantsFor(
  grants: readonly Grant[],
  permission: Permission,
  scope: Scope,
  now: Date,
  { isOwn = false }: CanOptions = {},
): readonly Grant[] {
  return grants.filter((grant) => {
    const { permissions, own = [] } = grant.role;
    const isHeld = permissions.includes(permission) || (isOwn && own.includes(permission));
    return isHeld && isAlive(grant, now) && contains(grant.scope, scope);
  });
}

/** An expiry that is no date has no meaning, so it gives nothing. */
function isAlive({ expiresAt }: Grant, now: Date): boolean {
  return expiresAt === undefined || expiresAt.getTime() > now.getTime();
}
