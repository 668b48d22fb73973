import type { Id } from "../ids.ts";
import type { Store } from "../store/index.ts";
import { chainStart, type SealedRow } from "./chain.ts";
import { exportAudit } from "./export.ts";

const PAGE = 1_000;

/** A record as JSON Lines, up to the moment at which it was asked for. */
export interface AuditExport extends AsyncIterable<string> {
  /**
   * Entries that were written by then and are not in it, because they have no place in the chain yet: something that
   * writes to the same database began before they were written, and is not over. An export after that has them. 0: it
   * has all of them.
   */
  readonly waiting: number;
}

/**
 * Writes the sealed record of an organisation as JSON Lines, page by page: no transaction stays open while somebody
 * reads slowly. What is not sealed yet is not part of it, and is counted.
 */
export async function exportStore(
  store: Pick<Store, "inOrg">,
  org: Id<"org">,
): Promise<AuditExport> {
  const after = chainStart(org);
  const { until, stored, waiting } = await store.inOrg(org, async ({ audit }) => {
    const until = (await audit.head()) ?? after;
    return {
      until,
      stored: await audit.checkpoints(),
      waiting: await audit.countBeyond(until.seq),
    };
  });
  const checkpoints = stored.map(({ note }) => note);
  const lines = exportAudit({ org, after, until, checkpoints }, rowsUntil(store, org, until.seq));
  return { waiting, [Symbol.asyncIterator]: () => lines };
}

async function* rowsUntil(
  store: Pick<Store, "inOrg">,
  org: Id<"org">,
  last: number,
): AsyncGenerator<SealedRow> {
  for (let next = 1; next <= last; next += PAGE) {
    const limit = Math.min(PAGE, last - next + 1);
    const page = await store.inOrg(org, (tx) => tx.audit.sealed(next, limit));
    for (const { seq, prevHash, hash, body } of page) {
      if (seq !== null && prevHash !== null && hash !== null) yield { seq, prevHash, hash, body };
    }
  }
}
