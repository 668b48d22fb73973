import type { OrgTransaction } from "../store/index.ts";

/** That nothing new starts, since when and why. */
export interface Freeze {
  readonly by: string;
  readonly reason: string;
  readonly since: Date;
}

/** Where the switch is kept. */
const FREEZE_KEY = "freeze";

/** Returns the freeze that holds; undefined when changes may start. */
export async function freezeOf(tx: OrgTransaction): Promise<Freeze | undefined> {
  const document = await tx.documents.find("org", FREEZE_KEY);
  const value = document?.value;
  if (document === undefined || typeof value !== "object" || value === null) return undefined;
  if (!("isFrozen" in value) || value.isFrozen !== true) return undefined;
  const reason = "reason" in value ? String(value.reason) : "";
  return { by: document.by, reason, since: document.at };
}

/** Turns the switch. */
export async function setFreeze(
  tx: OrgTransaction,
  {
    isFrozen,
    reason,
    by,
    at,
  }: Omit<Freeze, "since"> & { readonly isFrozen: boolean; readonly at: Date },
): Promise<void> {
  await tx.documents.put({ scope: "org", key: FREEZE_KEY, value: { isFrozen, reason }, by, at });
}
