import { setTimeout as sleep } from "node:timers/promises";
import type { RebalancePlan } from "../../../packages/sdk/src/balancing/index.ts";
import type { OrgTransaction, Store } from "../../../packages/sdk/src/store/index.ts";
import { isPassing } from "../../../packages/sdk/src/store/is-passing.ts";
import type { CallSeen } from "../../../packages/sdk/test/exactly-once/provider.ts";
import type { Tally } from "../tally.ts";
import type { Member } from "./member.ts";

/** A cluster that somebody held when they were stopped. */
interface Held {
  readonly cluster: string;
  readonly fence: number;
  /** UUID of its run, and how often the job of that was taken up. */
  readonly run: string;
  readonly attempts: number;
  /** Which guests their run was to move. */
  readonly guests: readonly number[];
}

const LOOK_MS = 50;
/** Somebody who held nothing stands still for as long as a lease lasts, and a little longer. */
const NOTHING_HELD_MS = 12_000;
/** After this many milliseconds somebody who was frozen has done what it would do. */
const THAWED_MS = 3_000;
const GIVEN_UP_MS = 60_000;

/** Watches what becomes of the runs of those who are stopped. */
export class Takeovers {
  /** Milliseconds from the stop of a process until another one held its cluster. */
  readonly times: number[] = [];
  /** The same where whoever was next was stopped as well, before it had the cluster. */
  readonly timesOfMore: number[] = [];
  /** Processes that were frozen past their lease. */
  frozen = 0;
  readonly #store: Store;
  readonly #tally: Tally;
  readonly #watching = new Set<Promise<void>>();

  constructor(store: Store, tally: Tally) {
    this.#store = store;
    this.#tally = tally;
  }

  /** Measures how long it takes until others have what it held. */
  killed(member: Member): void {
    this.#watch(this.#takenOver(member));
  }

  /** Lets it stand still until others have what it held, wakes it, and looks what it still does to the outside. */
  froze(member: Member, calls: () => Promise<readonly CallSeen[]>): void {
    this.#watch(
      this.#takenOver(member).then(async (held) => {
        if (held.length === 0) await sleep(NOTHING_HELD_MS);
        const before = (await calls()).length;
        member.signal("SIGCONT");
        await sleep(THAWED_MS);
        this.frozen += 1;
        const late = (await calls()).slice(before).filter(({ pid }) => pid === member.pid);
        // Whatever else it may have taken up since: these moves are somebody else's.
        const wrong = late.filter(({ cluster, guest }) => {
          return held.some((one) => one.cluster === cluster && one.guests.includes(guest));
        });
        this.#tally.check(wrong.length === 0, () => {
          return `process ${member.pid} was frozen past its lease and called ${wrong.length} times`;
        });
        member.signal("SIGKILL");
      }),
    );
  }

  /** Resolves when nothing is left to be watched. */
  async done(): Promise<void> {
    while (this.#watching.size > 0) await Promise.all(this.#watching);
  }

  #watch(work: Promise<unknown>): void {
    const watching: Promise<void> = work.then(
      () => void this.#watching.delete(watching),
      (error: unknown) => {
        this.#watching.delete(watching);
        this.#tally.check(false, () => `watching a takeover: ${error}`);
      },
    );
    this.#watching.add(watching);
  }

  async #takenOver(member: Member): Promise<readonly Held[]> {
    const stoppedAt = performance.now();
    const held = await this.#heldBy(member);
    await Promise.all(
      held.map(async ({ cluster, fence, run, attempts }) => {
        while (performance.now() - stoppedAt < GIVEN_UP_MS) {
          const heirs = (await this.#attemptsAt(run)) - attempts;
          if ((await this.#isTaken(cluster, fence)) && (heirs > 0 || (await this.#isOver(run)))) {
            (heirs > 1 ? this.timesOfMore : this.times).push(performance.now() - stoppedAt);
            return;
          }
          await sleep(LOOK_MS);
        }
        const why = await this.#standOf(cluster);
        this.#tally.check(false, () => `nobody took over ${cluster} after ${member.pid}: ${why}`);
      }),
    );
    return held;
  }

  /** What it holds for a run that is not over: nobody needs to take over any other. */
  async #heldBy({ pid }: Member): Promise<readonly Held[]> {
    const rows = await this.#read(({ db }) =>
      db
        .selectFrom("leases")
        .innerJoin("runs", "runs.id", "leases.runId")
        .innerJoin("plans", "plans.id", "runs.planId")
        .select(["leases.cluster", "leases.fence", "runs.id", "plans.content"])
        .where("leases.holder", "like", `%:${pid}`)
        .where("runs.state", "in", ["queued", "running"])
        .execute(),
    );
    return Promise.all(
      rows.map(async ({ cluster, fence, id, content }) => {
        const { moves } = content as RebalancePlan;
        const guests = moves.map(({ guest }) => Number(guest));
        return {
          cluster,
          fence: Number(fence),
          run: id,
          attempts: await this.#attemptsAt(id),
          guests,
        };
      }),
    );
  }

  async #attemptsAt(run: string): Promise<number> {
    const text = "select retry_count as count from pgboss.job where id = $1";
    const { rows } = await this.#again(() => this.#store.queue.executeSql(text, [run]));
    return Number(Object(rows[0]).count ?? 0);
  }

  /** For whoever looks for the fault: who has the cluster, and what of it waits in the queue. */
  async #standOf(cluster: string): Promise<string> {
    const runs = await this.#read(({ db }) =>
      db
        .selectFrom("runs")
        .innerJoin("leases", "leases.cluster", "runs.cluster")
        .select(["runs.id", "runs.shortId", "runs.state", "leases.runId"])
        .select(["leases.holder", "leases.fence", "leases.expiresAt"])
        .where("runs.cluster", "=", cluster)
        .where("runs.state", "in", ["queued", "running"])
        .execute(),
    );
    const { rows } = await this.#store.queue.executeSql(
      `select state, retry_count, now() - heartbeat_on as silent, now() as at
       from pgboss.job where id = any($1::uuid[])`,
      [runs.map(({ id }) => id)],
    );
    return JSON.stringify({ runs, jobs: rows });
  }

  async #isOver(run: string): Promise<boolean> {
    const rows = await this.#read(({ db }) =>
      db.selectFrom("runs").select("state").where("id", "=", run).execute(),
    );
    return !rows.some(({ state }) => state === "queued" || state === "running");
  }

  /** Another run of the cluster that looks whether it may begin takes the lease for a moment, and takes nothing over. */
  async #isTaken(cluster: string, fence: number): Promise<boolean> {
    const rows = await this.#read(({ db }) =>
      db.selectFrom("leases").select("fence").where("cluster", "=", cluster).execute(),
    );
    return Number(rows[0]?.fence ?? 0) > fence;
  }

  #read<T>(work: (tx: OrgTransaction) => Promise<T>): Promise<T> {
    return this.#again(() => this.#store.inOrg(this.#store.defaultOrg, work));
  }

  /** Once more where the server has cut the line. */
  async #again<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isPassing(error)) throw error;
        await sleep(LOOK_MS);
      }
    }
  }
}
