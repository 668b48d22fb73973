import type { Clock } from "@kappa4/connectors";
import canonicalize from "canonicalize";
import type { PolicyOverride } from "../approvals/index.ts";
import { putOnRecord } from "../audit/put-on-record.ts";
import type { OrgTransaction } from "../store/index.ts";
import { POLICY_KEY } from "./policy.ts";

/** Makes what a configuration says of approvals the organisation's policy; does nothing where it is already. */
export async function bringPolicy(
  tx: OrgTransaction,
  clock: Clock,
  policy: PolicyOverride,
): Promise<void> {
  const value: unknown = JSON.parse(JSON.stringify(policy));
  const known = await tx.documents.find("org", POLICY_KEY);
  if (canonicalize(known?.value ?? {}) === canonicalize(value)) return;
  await tx.documents.put({
    scope: "org",
    key: POLICY_KEY,
    value,
    note: "from the configuration",
    by: "system",
    at: new Date(clock.now()),
  });
  await putOnRecord(tx, clock, {
    caller: { actor: { kind: "system" }, org: tx.org, via: "sdk" },
    action: "approvals.policy",
    targets: ["approvals"],
    outcome: "done",
    reason: "the configuration has changed",
    details: { policy: value },
  });
}
