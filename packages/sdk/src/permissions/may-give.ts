import { type CanOptions, type Grant, grantsFor } from "./can.ts";
import type { Permission } from "./permission.ts";
import { BUILT_IN_ROLES, builtInRole, type Role } from "./roles.ts";

/**
 * Tells whether somebody may give a grant: no permission in it exceeds what they hold themselves, on that scope
 * and for that long. That they may give grants at all (`users.write`) is asked with `can`.
 */
export function mayGive(giver: readonly Grant[], offer: Grant, now: Date): boolean {
  return beyond(giver, offer, now).length === 0;
}

/**
 * Lists the permissions of a grant that exceed its giver, each once. Guest and Agent stand beside the order of the
 * roles: whoever holds all that a Super Admin holds, there and for that long, stands above them.
 */
export function beyond(giver: readonly Grant[], offer: Grant, now: Date): readonly Permission[] {
  const isAbove = BUILT_IN_ROLES.super_admin.permissions.every((permission) =>
    covers(giver, permission, offer, now, {}),
  );
  if (isAbove && BESIDE.includes(offer.role)) return [];
  const { permissions, own = [] } = offer.role;
  const exceeding = [
    ...permissions.filter((permission) => !covers(giver, permission, offer, now, {})),
    ...own.filter((permission) => !covers(giver, permission, offer, now, { isOwn: true })),
    ...(builtInRole(offer.role.key) === offer.role ? [] : beyondCustom(offer.role)),
  ];
  return [...new Set(exceeding)];
}

const BESIDE: readonly Role[] = [BUILT_IN_ROLES.guest, BUILT_IN_ROLES.agent];

/** A grant that ends must not become one that stays by being given on. */
function covers(
  giver: readonly Grant[],
  permission: Permission,
  { scope, expiresAt }: Grant,
  now: Date,
  options: CanOptions,
): boolean {
  const lasts = expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  return grantsFor(giver, permission, scope, now, options).some(
    (grant) => (grant.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) >= lasts,
  );
}

/** An organisation's own roles hold at most what its Super Admin holds, whoever defines them. */
function beyondCustom({ permissions, own = [] }: Role): readonly Permission[] {
  const most = BUILT_IN_ROLES.super_admin.permissions;
  return [...permissions, ...own].filter((permission) => !most.includes(permission));
}
