import { resolve } from "node:path";
import { type Clock, Kappa4Error, type Logger } from "@kappa4/connectors";
import { systemClock } from "../clock.ts";
import { type Id, newId } from "../ids.ts";
import type { CheckReport } from "./check/index.ts";
import { refuseOtherTime } from "./clocks.ts";
import { openEmbedded } from "./embedded/database.ts";
import type { Database, QueueDatabase } from "./engine.ts";
import { explainError } from "./explain-error.ts";
import { DEFAULT_PATH } from "./is-there.ts";
import { openPostgres } from "./postgres/database.ts";
import { prepare } from "./prepare.ts";
import { type QueueJobs, queueJobs } from "./queue-jobs.ts";
import { isRaised } from "./raised.ts";
import { inOrg, type OrgTransaction, onPlatform, type PlatformTransaction } from "./transaction.ts";

/** How the store is opened. */
export interface OpenStoreOptions {
  /** A PostgreSQL database, `postgres://…`. Default: the embedded store in `path`. */
  readonly url?: string | undefined;
  /** The same database as the login that owns the tables; only migrations use it. Default: `url`. */
  readonly ownerUrl?: string | undefined;
  /** The folder of the embedded store. Default `.kappa4`. */
  readonly path?: string | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** Is told what takes longer than a blink, for example that a new database is made. */
  readonly onProgress?: ((sentence: string) => void) | undefined;
  /** Is told when the embedded store has ended by itself: every call throws this from then on, until it is opened again. */
  readonly onLost?: ((error: Kappa4Error) => void) | undefined;
}

/** Everything that Kappa4 remembers. */
export interface Store {
  readonly engine: "embedded" | "postgres";
  /** The organisation that every store has. */
  readonly defaultOrg: Id<"org">;
  /** What the queue of runs, and whoever waits for notifications, speaks to. */
  readonly queue: QueueDatabase;
  /** What the queue of runs asks of the tables of its own. */
  jobs(queue: string): QueueJobs;
  /**
   * Runs one transaction that sees and changes the rows of one organisation alone. Throws what the work throws;
   * `unavailable` when the database is away, `conflict` when somebody else made the same in this moment.
   */
  inOrg<T>(org: Id<"org">, work: (tx: OrgTransaction) => Promise<T>): Promise<T>;
  /** Runs one transaction across organisations, for the platform itself. */
  platform<T>(work: (tx: PlatformTransaction) => Promise<T>): Promise<T>;
  /** Looks for holes in the walls between organisations, in the catalogue and by trying. Leaves no row behind. */
  check(): Promise<CheckReport>;
  close(): Promise<void>;
}

const DEFAULT_ORG = "default";

/**
 * Opens the store and brings its tables up to date: one process does it where several start at once, and the others
 * wait. Throws `conflict` when another process has the embedded store open, `unavailable` when the server cannot be
 * reached, `failed_precondition` when its clock and this machine's are more than a minute apart.
 */
export async function openStore(options: OpenStoreOptions = {}): Promise<Store> {
  const { clock = systemClock } = options;
  const database = await openDatabase(options);
  try {
    if (database.engine === "postgres") await refuseOtherTime(database);
    await prepare(database, options);
    const defaultOrg = await findOrMakeDefaultOrg(database, clock);
    if (database.engine === "embedded") await endLeases(database);
    return {
      engine: database.engine,
      defaultOrg,
      queue: database.queue,
      jobs: (queue) => queueJobs(database.queue, queue),
      inOrg: (org, work) => explained(work, (own) => inOrg(database, org, own)),
      platform: (work) => explained(work, (own) => onPlatform(database, own)),
      async check() {
        const { checkDatabase } = await import("./check/index.ts");
        return checkDatabase(database);
      },
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw explainError(error, "open store");
  }
}

/** What the work throws of its own, for example of a file, is no trouble of the database's and stays as it is. */
async function explained<Tx, T>(
  work: (tx: Tx) => Promise<T>,
  run: (own: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<T> {
  let ownFault: unknown;
  try {
    return await run((tx) =>
      work(tx).catch((error: unknown) => {
        if (!isRaised(error)) ownFault = error;
        throw error;
      }),
    );
  } catch (error) {
    throw error === ownFault ? error : explainError(error, "use store");
  }
}

/** Opens whichever database the options name, as it is. */
export async function openDatabase(options: OpenStoreOptions): Promise<Database> {
  const { url, path = DEFAULT_PATH, logger, clock = systemClock, onProgress, onLost } = options;
  if (url !== undefined) return openPostgres(url, logger);
  return openEmbedded(resolve(path), { now: new Date(clock.now()), logger, onProgress, onLost });
}

/** Nobody else can have an embedded store open: who held a cluster before it was opened holds it no more. */
async function endLeases(database: Database): Promise<void> {
  for (const { id } of await onPlatform(database, ({ orgs }) => orgs.list())) {
    await inOrg(database, id, (tx) => tx.leases.clear());
  }
}

async function findOrMakeDefaultOrg(database: Database, clock: Clock): Promise<Id<"org">> {
  const find = () => onPlatform(database, ({ orgs }) => orgs.findBySlug(DEFAULT_ORG));
  const known = await find();
  if (known !== undefined) return known.id;
  const createdAt = new Date(clock.now());
  const org = {
    id: newId("org", clock.now()),
    name: "Default",
    slug: DEFAULT_ORG,
    status: "active",
    kind: "standard",
    createdAt,
  } as const;
  await onPlatform(database, ({ orgs }) => orgs.insertIfNew(org));
  const made = await find();
  if (made === undefined)
    throw new Kappa4Error("internal", "The store did not keep its organisation.");
  return made.id;
}
