import {
  type ApprovalPolicy,
  DEFAULT_POLICY,
  type PolicyOverride,
  readPolicy,
} from "../approvals/index.ts";
import type { OrgTransaction } from "../store/index.ts";

/** Where an organisation says what differs from the default policy. */
export const POLICY_KEY = "approvals";

/** What holds in an organisation that has said nothing: the default, without a fresh login for high risks: no surface has a way to prove one, and nobody could vote. */
export const STANDARD_POLICY: ApprovalPolicy = { ...DEFAULT_POLICY, stepUpFrom: "never" };

/**
 * Returns how an organisation approves: the default, and what it has said otherwise. What it may not say, however it
 * came into the store, counts for nothing, and with it all the rest.
 */
export async function policyOf(tx: OrgTransaction): Promise<ApprovalPolicy> {
  const document = await tx.documents.find("org", POLICY_KEY);
  const read = readPolicy(STANDARD_POLICY, (document?.value ?? {}) as PolicyOverride);
  return read.ok ? read.policy : STANDARD_POLICY;
}
