import { give } from "./give.ts";
import { list } from "./list.ts";
import { revoke } from "./revoke.ts";

export type { GiveGrantInput } from "./give.ts";
export type { ListGrantsInput } from "./list.ts";
export type { RevokeGrantInput } from "./revoke.ts";

/** What can be done with the roles that people hold. */
export interface GrantsActions {
  /** Lists who holds which role on what, also what has run out. */
  readonly list: typeof list;
  /** Gives a person a role, at most what the giver holds, once it is approved; takes the place of the same one that ends sooner. Throws `permission`, `not_found`, `already_exists`. */
  readonly give: typeof give;
  /** Takes a role from a person, once it is approved. Throws `not_found`, `failed_precondition` for the last Super Admin. */
  readonly revoke: typeof revoke;
}

/** The actions of `kappa4.grants`. */
export const grants: GrantsActions = { list, give, revoke };
