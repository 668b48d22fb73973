import { type ApprovalPolicy, DEFAULT_POLICY } from "../approvals/index.ts";
import type { OrgTransaction } from "../store/index.ts";

/** Where an organisation says what differs from the default policy. */
export const POLICY_KEY = "approvals";

/** Returns how an organisation approves: the default, and what it has said otherwise. */
export async function policyOf(tx: OrgTransaction): Promise<ApprovalPolicy> {
  const document = await tx.documents.find("org", POLICY_KEY);
  const own = (document?.value ?? {}) as Partial<ApprovalPolicy>;
  return {
    ...DEFAULT_POLICY,
    ...own,
    quorum: { ...DEFAULT_POLICY.quorum, ...own.quorum },
    breakGlass: { ...DEFAULT_POLICY.breakGlass, ...own.breakGlass },
  };
}
