import type { Id } from "../ids.ts";
import type { Store } from "../store/index.ts";
import { chainStart, type SealedRow } from "./chain.ts";
import { exportAudit } from "./export.ts";

const PAGE = 1_000;

/**
 * Writes the sealed record of an organisation as JSON Lines, page by page: no transaction stays open while somebody
 * reads slowly. What is not sealed yet is not part of it.
 */
export async function* exportStore(
  store: Pick<Store, "inOrg">,
  org: Id<"org">,
): AsyncGenerator<string, void, undefined> {
  const [head, stored] = await store.inOrg(org, async ({ audit }) => [
    await audit.head(),
    await audit.checkpoints(),
  ]);
  const after = chainStart(org);
  const until = head ?? after;
  const checkpoints = stored.map(({ note }) => note);
  yield* exportAudit({ org, after, until, checkpoints }, rowsUntil(store, org, until.seq));
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
