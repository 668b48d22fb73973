import type { OrgTransaction } from "../store/index.ts";
import { refusalOf } from "./admission.ts";
import { inOrgOf, type Passing, type PipelineParts } from "./passing.ts";
import { withinQuota } from "./quota.ts";
import { record } from "./recording.ts";
import { recall, remember } from "./replay.ts";

/**
 * Carries out the effect of a call, with its record, in one transaction; a refusal is a record without an effect. What
 * was answered before under the same key is answered again, and nothing else happens.
 */
export async function transact<Output>(
  parts: PipelineParts,
  passing: Passing,
  work: (tx: OrgTransaction) => Promise<Output>,
): Promise<Output> {
  const now = new Date(parts.clock.now());
  const end = await inOrgOf(parts, passing, async (tx) => {
    // Before the key: an earlier answer is for whoever may still have it.
    const refusal = await refusalOf(tx, parts, passing);
    if (refusal !== undefined) return { refusal };
    const known = await recall<Output>(tx, passing, now);
    if (known !== undefined) return { output: known.output };
    const output = await withinQuota(tx, passing.action, now, () => work(tx));
    await record(tx, parts, passing, { outcome: "done", output });
    await remember(tx, passing, output);
    return { output };
  });
  if ("refusal" in end) throw end.refusal;
  parts.changed();
  return end.output;
}
