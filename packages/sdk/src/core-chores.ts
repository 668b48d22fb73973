import type { Clock, Logger } from "@kappa4/connectors";
import type { Caller } from "./actions/actor.ts";
import { tellExcess } from "./actions/rate.ts";
import { dueNow } from "./approving/due-now.ts";
import { checkpointStore, type NoteSigner, sealStore } from "./audit/index.ts";
import type { Id } from "./ids.ts";
import type { Chore } from "./runs/chores.ts";
import type { RunQueue } from "./runs/queue.ts";
import type { Worker } from "./runs/worker.ts";
import type { Store, StoredOrg } from "./store/index.ts";
import { tryEach } from "./try-each.ts";

/** What the chores of a worker stand on. */
export interface CoreChoreParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What signs checkpoints of the record; undefined where nothing vouches for it. */
  readonly signer: NoteSigner | undefined;
  readonly queue: Pick<RunQueue, "mend">;
  readonly worker: Pick<Worker, "lookAfterAbandoned">;
  /** Does what has fallen due of the approvals of an organisation. */
  attend(caller: Caller): Promise<unknown>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Enough of them that little is unprotected, and few enough to be kept elsewhere. */
const HOUR = 60 * 60 * SECOND;
const DAY = 24 * 60 * 60 * SECOND;

/** What any process does that works on runs: how often, and what. */
export function coreChores(parts: CoreChoreParts): readonly Chore[] {
  const { store, clock, queue, worker, attend, logger, signer } = parts;
  const now = (): Date => new Date(clock.now());
  const failed =
    (message: string) =>
    (org: Id<"org">, error: unknown): void =>
      logger.warn({ org, error }, message);

  async function attendTo(org: Id<"org">): Promise<void> {
    const due = await store.inOrg(org, (tx) => dueNow(tx, now()));
    // Each call is put on record: it is made only where there is something to do.
    if (due.length > 0) await attend({ actor: { kind: "system" }, org, via: "sdk" });
  }

  return [
    ...(signer === undefined ? [] : [signing(store, logger, signer, now)]),
    {
      name: "seal the audit",
      everyMs: 5 * SECOND,
      work: () => sealStore(store, { now: now() }),
    },
    {
      name: "tell what cannot be sealed",
      everyMs: 60 * SECOND,
      async work() {
        const before = new Date(clock.now() - MINUTE);
        const held = await store.platform((tx) => tx.auditSeals.heldUp(before));
        if (held === undefined) return;
        logger.warn(
          { ...held },
          "entries of the audit record cannot be sealed and later events are not told: something that wrote to the same database before is not over",
        );
      },
    },
    {
      name: "attend to approvals",
      everyMs: 15 * SECOND,
      async work() {
        const active = await orgsThat(store, (status) => status === "active");
        await tryEach(
          active,
          attendTo,
          failed("approvals of an organisation were not attended to"),
        );
      },
    },
    {
      name: "tell what was refused",
      everyMs: 30 * SECOND,
      async work() {
        // Also where nothing can be changed any more somebody may try, and that is looked for on record.
        const there = await orgsThat(store, (status) => status !== "deleted");
        await tryEach(
          there,
          (org) => store.inOrg(org, (tx) => tellExcess(tx, clock)),
          failed("what was refused in an organisation was not told"),
        );
      },
    },
    {
      name: "find lost runs",
      everyMs: 30 * SECOND,
      work: () => queue.mend(),
    },
    {
      name: "look after abandoned runs",
      everyMs: 60 * SECOND,
      work: async () =>
        worker.lookAfterAbandoned(await orgsThat(store, (status) => status !== "deleted")),
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

/** Each checkpoint goes into the log as well: a place that whoever owns the database does not. */
function signing(store: Store, logger: Logger, signer: NoteSigner, now: () => Date): Chore {
  return {
    name: "sign checkpoints",
    everyMs: 600 * SECOND,
    async work() {
      const { verifierKey: verifiedWith } = signer;
      const onNote = (note: string): void =>
        logger.info({ note, verifiedWith }, "checkpoint of the audit record");
      await checkpointStore(store, signer, now(), { leastAgeMs: HOUR, onNote });
    },
  };
}

async function orgsThat(
  store: Store,
  isMeant: (status: StoredOrg["status"]) => boolean,
): Promise<readonly Id<"org">[]> {
  const all = await store.platform(({ orgs }) => orgs.list());
  return all.flatMap(({ id, status }) => (isMeant(status) ? [id] : []));
}
