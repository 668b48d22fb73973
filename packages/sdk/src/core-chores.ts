import type { Clock } from "@kappa4/connectors";
import type { Caller } from "./actions/actor.ts";
import { transition } from "./approvals/index.ts";
import { policyOf } from "./approving/policy.ts";
import { sealStore } from "./audit/index.ts";
import type { Id } from "./ids.ts";
import type { Chore } from "./runs/chores.ts";
import type { RunQueue } from "./runs/queue.ts";
import type { OrgTransaction, Store } from "./store/index.ts";

/** What the chores of a worker stand on. */
export interface CoreChoreParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly queue: Pick<RunQueue, "mend">;
  /** Ends what is due in an organisation. */
  expire(caller: Caller): Promise<unknown>;
}

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;

/** What any process does that works on runs: how often, and what. */
export function coreChores({ store, clock, queue, expire }: CoreChoreParts): readonly Chore[] {
  const now = (): Date => new Date(clock.now());
  return [
    {
      name: "seal the audit",
      everyMs: 5 * SECOND,
      work: () => sealStore(store, { now: now() }),
    },
    {
      name: "expire approvals",
      everyMs: 15 * SECOND,
      async work() {
        for (const org of await activeOrgs(store)) {
          if (!(await store.inOrg(org, (tx) => hasDue(tx, now())))) continue;
          await expire({ actor: { kind: "system" }, org, via: "sdk" });
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

/** Each expiry is put on record: it is asked for only where there is something to end. */
async function hasDue(tx: OrgTransaction, now: Date): Promise<boolean> {
  const facts = { now, policy: await policyOf(tx), isFrozen: false, people: [] };
  for (const { planId, approval } of await tx.approvals.list({
    states: ["pending", "approved"],
    limit: 500,
  })) {
    if (!transition(approval, { kind: "deadline" }, facts).ok) continue;
    const run = await tx.runs.findByPlan(planId);
    if (run === undefined || run.endedAt !== null) return true;
  }
  return false;
}
