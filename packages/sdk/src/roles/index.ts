import { create } from "./create.ts";
import { deleteRole } from "./delete.ts";
import { list } from "./list.ts";
import { update } from "./update.ts";

export type { CreateRoleInput } from "./create.ts";
export type { DeleteRoleInput } from "./delete.ts";
export type { RoleView } from "./list.ts";
export type { UpdateRoleInput } from "./update.ts";

/** What can be given to people. */
export interface RolesActions {
  /** Lists the roles that can be given: the built-in ones, and the organisation's own. */
  readonly list: typeof list;
  /** Makes a role of the organisation's own, at most what its maker holds, once it is approved. Throws `already_exists`, `permission`. */
  readonly create: typeof create;
  /** Changes what a role of the organisation's own is called or holds, once it is approved. Throws `not_found`, `permission`, `conflict`, `failed_precondition` for a built-in one, and where nobody would be Super Admin. */
  readonly update: typeof update;
  /** Takes away a role of the organisation's own that nobody holds any more, once it is approved. Throws `not_found`, `failed_precondition`. */
  readonly delete: typeof deleteRole;
}

/** The actions of `kappa4.roles`. */
export const roles: RolesActions = { list, create, update, delete: deleteRole };
