import { create } from "./create.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { quotas } from "./quotas.ts";
import { resume } from "./resume.ts";
import { setQuota } from "./set-quota.ts";
import { suspend } from "./suspend.ts";

export type { CreateOrgInput } from "./create.ts";
export type { QuotaView } from "./quotas.ts";
export type { SetQuotaInput } from "./set-quota.ts";
export type { OrgStandingInput } from "./standing.ts";

/** Organisations: one's own, and for the platform's admins all of them. */
export interface OrgsActions {
  /** Shows the organisation that the caller acts in. */
  readonly get: typeof get;
  /** Lists every organisation of the platform, the oldest first. */
  readonly list: typeof list;
  /** Makes an organisation with nobody in it, once it is approved; whoever holds the process brings its first people in. Throws `already_exists`. */
  readonly create: typeof create;
  /** Lets an organisation be read only, once it is approved. Throws `not_found`, `conflict`, `failed_precondition` for one's own. */
  readonly suspend: typeof suspend;
  /** Lets a suspended organisation be changed again, once it is approved. Throws `not_found`, `conflict`. */
  readonly resume: typeof resume;
  /** Shows what the organisation may have at most, and how much of it there is. */
  readonly quotas: typeof quotas;
  /** Limits what an organisation may have, or lifts a limit, once it is approved; what there is already stays. Throws `not_found`, `conflict`. */
  readonly setQuota: typeof setQuota;
}

/** The actions of `kappa4.orgs`. */
export const orgs: OrgsActions = { get, list, create, suspend, resume, quotas, setQuota };
