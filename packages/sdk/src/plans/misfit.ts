import type { OrgTransaction, StoredPlan } from "../store/index.ts";
import { planHash, SCHEMA_VERSION } from "./plan-hash.ts";
import type { PlanFacts } from "./store-plan.ts";

/** Why a plan is not carried out as it is stored. */
export interface Misfit {
  /** For people: what is the matter with it. */
  readonly sentence: string;
  /** Whether it was made by a version that hashed otherwise; else somebody has written into the store. */
  readonly isOtherVersion: boolean;
}

/**
 * Says why a stored plan is not what its hash was made of; undefined when it is. What is carried out is what was
 * approved, whatever somebody wrote into the store since.
 */
export function misfitOf(
  { org }: Pick<OrgTransaction, "org">,
  { shortId, action, connection, cluster, content, hash, facts }: StoredPlan,
  binding: (content: unknown) => unknown,
): Misfit | undefined {
  // A plan that does not say by which version it was made is of before that was kept, and may fit all the same.
  const { hashVersion: version = SCHEMA_VERSION } = facts as PlanFacts;
  const about = { org, action, connection, cluster };
  const isThisVersion = version === SCHEMA_VERSION;
  if (isThisVersion && planHash({ ...about, binding: binding(content) }) === hash) return undefined;
  const isOtherVersion = (facts as PlanFacts).hashVersion !== SCHEMA_VERSION;
  const matter = isOtherVersion
    ? "was made by another version of Kappa4, and this one cannot tell whether it is as it was."
    : "is not as it was made: its hash does not fit; look who can write to the store.";
  return { sentence: `Plan ${shortId} ${matter}`, isOtherVersion };
}
