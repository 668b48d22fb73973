import type { ReadContext } from "../actions/context.ts";
import { exportStore, sealOrg } from "../audit/index.ts";

/**
 * Returns the record of the caller's organisation as JSON Lines, up to this moment: what was written since the last
 * time is sealed first, so that it has its place in the chain.
 */
export async function ownRecord({
  inOrg,
  platform,
  clock,
  signal,
}: ReadContext): Promise<AsyncIterable<string>> {
  const org = await inOrg(async (tx) => tx.org);
  await sealOrg({ platform }, org, { now: new Date(clock.now()), signal });
  return exportStore({ inOrg: (_org, work) => inOrg(work) }, org);
}
