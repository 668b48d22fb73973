import { isId } from "../ids.ts";
import type { OrgTransaction } from "../store/index.ts";

/** Returns what people call who is on record as having done something: their name, else what is on record. */
export async function nameIn(tx: OrgTransaction, by: string): Promise<string> {
  const user = isId("usr", by) ? await tx.users.find(by) : undefined;
  return user?.name ?? by;
}
