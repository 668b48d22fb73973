import { Kappa4Error } from "@kappa4/connectors";
import { isId } from "../ids.ts";
import type { OrgTransaction, StoredApproval } from "../store/index.ts";

/** Finds an approval. Throws `not_found`. */
export async function getApproval(tx: OrgTransaction, name: string): Promise<StoredApproval> {
  const approval = isId("apr", name)
    ? await tx.approvals.find(name)
    : await tx.approvals.findByShortId(name.toUpperCase());
  if (approval !== undefined) return approval;
  throw new Kappa4Error(
    "not_found",
    `There is no approval ${name}; list them with approvals.list.`,
  );
}
