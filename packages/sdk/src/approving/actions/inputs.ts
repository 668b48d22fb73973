import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { isId } from "../../ids.ts";
import type { OrgTransaction, StoredApproval } from "../../store/index.ts";

/** An approval by its id or the short id that people say. */
export interface ApprovalInput {
  readonly approval: string;
}

/** The field of {@link ApprovalInput}. */
export const approvalField: z.ZodType<string> = z
  .string()
  .min(1)
  .describe("An approval by its id, or what people say, for example A-92QX.");

/** Finds an approval, and keeps others from deciding on it until the transaction ends. Throws `not_found`. */
export async function lockApproval(tx: OrgTransaction, name: string): Promise<StoredApproval> {
  const found = isId("apr", name) ? { id: name } : await tx.approvals.findByShortId(name.toUpperCase());
  const approval = found && (await tx.approvals.lock(found.id));
  if (approval !== undefined) return approval;
  throw new Kappa4Error("not_found", `There is no approval ${name}; list them with approvals.list.`);
}
