import type { Clock } from "@kappa4/connectors";
import type { Caller } from "./actions/actor.ts";
import { dueNow } from "./approving/due-now.ts";
import { sealStore } from "./audit/index.ts";
import type { Id } from "./ids.ts";
import type { Chore } from "./runs/chores.ts";
import type { RunQueue } from "./runs/queue.ts";
import type { Store } from "./store/index.ts";

/** What the chores of a worker stand on. */
export interface CoreChoreParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly queue: Pick<RunQueue, "mend">;
  /** Does what has fallen due of the approvals of an organisation. */
  attend(caller: Caller): Promise<unknown>;
}

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;

/** What any process does that works on runs: how often, and what. */
export function coreChores({ store, clock, queue, attend }: CoreChoreParts): readonly Chore[] {
  const now = (): Date => new Date(clock.now());
  return [
    {
      name: "seal the audit",
      everyMs: 5 * SECOND,
      work: () => sealStore(store, { now: now() }),
    },
    {
      name: "attend to approvals",
      everyMs: 15 * SECOND,
      async work() {
        for (const org of await activeOrgs(store)) {
          const due = await store.inOrg(org, (tx) => dueNow(tx, now()));
          // Each call is put on record: it is made only where there is something to do.
          if (due.length === 0) continue;
          await attend({ actor: { kind: "system" }, org, via: "sdk" });
        }
      },
    },
    {
      name: "find lost runs",
      everyMs: 30 * SECOND,
      work: () => queue.mend(),
    },
    {
      name: "forget old requests",
      everyMs: 600 * SECOND,
      work: () =>
        store.platform((tx) =>
          tx.sweep({ requests: now(), counters: new Date(clock.now() - DAY) }),
        ),
    },
  ];
}

async function activeOrgs(store: Store): Promise<readonly Id<"org">[]> {
  const all = await store.platform(({ orgs }) => orgs.list());
  return all.flatMap(({ id, status }) => (status === "active" ? [id] : []));
}
