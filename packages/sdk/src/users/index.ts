import { bring } from "./actions/bring.ts";
import { create } from "./actions/create.ts";
import { get } from "./actions/get.ts";
import { link } from "./actions/link.ts";
import { list } from "./actions/list.ts";
import { reactivate } from "./actions/reactivate.ts";
import { recordRefusal } from "./actions/record-refusal.ts";
import { resolve } from "./actions/resolve.ts";
import { setStatus } from "./actions/set-status.ts";
import { unlink } from "./actions/unlink.ts";

export type { BringUsersInput, BroughtPerson } from "./actions/bring.ts";
export type { CreateUserInput } from "./actions/create.ts";
export type { UserInput } from "./actions/inputs.ts";
export type { LinkAccountInput } from "./actions/link.ts";
export type { ReactivateUserInput } from "./actions/reactivate.ts";
export type { RecordRefusalInput } from "./actions/record-refusal.ts";
export type { ResolveUserInput } from "./actions/resolve.ts";
export type { SetUserStatusInput } from "./actions/set-status.ts";
export type { GrantView, UserView } from "./views.ts";

/** What can be done with the people of an organisation. */
export interface UsersActions {
  /** Lists the people of the organisation, those who are disabled too. */
  readonly list: typeof list;
  /** Shows a person of the organisation. Throws `not_found`. */
  readonly get: typeof get;
  /** Makes a person, who may do nothing until a role is given. Throws `already_exists`. */
  readonly create: typeof create;
  /**
   * Disables a person, at once and for everything, or makes them active again. Throws `permission` where they may do more
   * than who asks, `failed_precondition` for the last Super Admin, where fewer would have to approve what governs without
   * them, and where they would approve it again.
   */
  readonly setStatus: typeof setStatus;
  /**
   * Makes a disabled person active again, once it is approved. Throws `conflict` where they are active already,
   * `permission` where they may do more than who asks.
   */
  readonly reactivate: typeof reactivate;
  /** Makes a chat account a person's, once it is approved. Throws `conflict` where it is somebody else's, `permission` where they may do more than who asks. */
  readonly link: typeof link;
  /** Takes a chat account from the person whose it was. Throws `not_found`, `permission` where they may do more than who asks, `failed_precondition` where the configuration names it. */
  readonly unlink: typeof unlink;
  /** Finds the person that a chat account belongs to, and makes one where asked to. Only for Kappa4 itself. Throws `not_found`. */
  readonly resolve: typeof resolve;
  /** Puts on record that a chat account was turned away before it was anybody's. Only for Kappa4 itself. */
  readonly recordRefusal: typeof recordRefusal;
  /** Makes the people of the configuration known, with the roles and chat accounts it gives them. Only for Kappa4 itself. Throws `config_invalid`. */
  readonly bring: typeof bring;
}

/** The actions of `kappa4.users`. */
export const users: UsersActions = {
  list,
  get,
  create,
  setStatus,
  reactivate,
  link,
  unlink,
  resolve,
  recordRefusal,
  bring,
};
