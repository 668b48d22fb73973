import { Kappa4Error } from "@kappa4/connectors";
import { callerNamed } from "../actions/actor.ts";
import { grantsOf } from "../actions/authorise.ts";
import { beyond, type Permission } from "../permissions/index.ts";
import type { OrgTransaction } from "../store/index.ts";

/** A role as somebody wants it to be. */
export interface OfferedRole {
  readonly key: string;
  readonly permissions: readonly Permission[];
  /** Who answers for it. */
  readonly giver: string;
}

/** Refuses a role that exceeds whoever makes it so, or what an organisation can give. Throws `permission`. */
export async function refuseBeyond(
  tx: OrgTransaction,
  { key, permissions, giver }: OfferedRole,
  now: Date,
): Promise<void> {
  const held = await grantsOf(tx, callerNamed(giver));
  const offer = { role: { key, permissions }, scope: { kind: "org", org: tx.org } } as const;
  const [first, ...more] = beyond(held, offer, now);
  if (first === undefined) return;
  const rest = more.length === 0 ? "" : ` and ${more.length} more`;
  const message = `This role goes beyond what you hold yourself, or what an organisation can give (${first}${rest}); leave that out.`;
  throw new Kappa4Error("permission", message);
}
