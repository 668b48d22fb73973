import { acknowledge } from "./acknowledge.ts";
import { approve } from "./approve.ts";
import { attend } from "./attend.ts";
import { breakGlass } from "./break-glass.ts";
import { deny } from "./deny.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { withdraw } from "./withdraw.ts";

export type { ApproveInput } from "./approve.ts";
export type { BreakGlassInput } from "./break-glass.ts";
export type { Decision } from "./decision.ts";
export type { DenyInput } from "./deny.ts";
export type { ApprovalDetails } from "./get.ts";
export type { ApprovalInput } from "./inputs.ts";
export type { ListApprovalsInput } from "./list.ts";
export type { WithdrawInput } from "./withdraw.ts";

/** What can be done with approvals. */
export interface ApprovalsActions {
  /** Lists approvals, the newest first: those that wait, unless told otherwise. */
  readonly list: typeof list;
  /** Shows an approval: what it is for, who has voted, what is missing. Throws `not_found`. */
  readonly get: typeof get;
  /** Approves somebody else's plan; it starts when that was the last approval it needed. Throws `permission`, `conflict`, `plan_stale`, `approval_expired`. */
  readonly approve: typeof approve;
  /** Denies somebody else's plan; one denial ends it. Throws `permission`, `conflict`. */
  readonly deny: typeof deny;
  /** Takes a request back before it starts: one's own, or as an Admin any. Throws `permission`, `conflict`. */
  readonly withdraw: typeof withdraw;
  /** Goes past the people who would have to approve, in an emergency; everybody is told. Throws `permission`. */
  readonly breakGlass: typeof breakGlass;
  /** Says as another Admin that an emergency was seen. Throws `permission`. */
  readonly acknowledge: typeof acknowledge;
  /** Does what has fallen due: reminds, ends what is out of time, asks for acknowledgements. Only for Kappa4 itself. */
  readonly attend: typeof attend;
}

/** The actions of `kappa4.approvals`. */
export const approvals: ApprovalsActions = {
  list,
  get,
  approve,
  deny,
  withdraw,
  breakGlass,
  acknowledge,
  attend,
};
