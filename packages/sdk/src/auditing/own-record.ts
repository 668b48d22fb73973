import type { ReadContext } from "../actions/context.ts";
import { type AuditExport, exportStore, sealOrg } from "../audit/index.ts";

/** As a rule whatever else writes is over within milliseconds. */
const LOOKS = 5;
const LOOK_MS = 200;

/**
 * Returns the record of the caller's organisation as JSON Lines: what was written since the last time is sealed first,
 * so that it has its place in the chain. For what cannot be sealed yet it waits a second at most; what is left out then
 * is counted as `waiting`.
 */
export async function ownRecord({
  inOrg,
  platform,
  clock,
  signal,
}: ReadContext): Promise<AuditExport> {
  const org = await inOrg(async (tx) => tx.org);
  for (let look = 1; ; look += 1) {
    await sealOrg({ platform }, org, { now: new Date(clock.now()), signal });
    const record = await exportStore({ inOrg: (_org, work) => inOrg(work) }, org);
    if (record.waiting === 0 || look === LOOKS) return record;
    await clock.sleep(LOOK_MS, signal);
  }
}
