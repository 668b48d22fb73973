import { closest } from "../closest.ts";
import { BUILT_IN_ROLES } from "../permissions/index.ts";
import type { OrgTransaction } from "../store/index.ts";

/** Says that there is no such role, and which one was probably meant, else which there are. */
export async function noSuchRole(tx: OrgTransaction, key: string): Promise<string> {
  const own = (await tx.roles.list()).map((role) => role.key);
  const known = [...Object.keys(BUILT_IN_ROLES), ...own];
  const meant = closest(key, known);
  const hint = meant === undefined ? `there are ${known.join(", ")}.` : `did you mean ${meant}?`;
  return `There is no role ${key}; ${hint}`;
}
