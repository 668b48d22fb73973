import { can, type Grant } from "./can.ts";
import { BUILT_IN_ROLES } from "./roles.ts";

/**
 * Tells whether an organisation is still governed when only these people are left, each with all their grants:
 * somebody must hold what a Super Admin holds, on all of it and without an end. Ask before taking a grant away.
 */
export function leavesSuperAdmin(
  people: readonly (readonly Grant[])[],
  org: string,
  now: Date,
): boolean {
  return people.some((grants) => {
    const lasting = grants.filter(({ expiresAt }) => expiresAt === undefined);
    return BUILT_IN_ROLES.super_admin.permissions.every((permission) =>
      can(lasting, permission, { kind: "org", org }, now),
    );
  });
}
