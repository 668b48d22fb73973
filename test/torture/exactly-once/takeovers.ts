import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "../../../packages/sdk/src/store/index.ts";
import type { CallSeen } from "../../../packages/sdk/test/exactly-once/provider.ts";
import type { Tally } from "../tally.ts";
import type { Member } from "./member.ts";

/** A cluster that somebody held when they were stopped. */
interface Held {
  readonly cluster: string;
  readonly fence: number;
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
        const still = new Set((await this.#heldBy(member)).map(({ cluster }) => cluster));
        const wrong = late.filter(({ cluster }) => {
          return held.some((one) => one.cluster === cluster) && !still.has(cluster);
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
      held.map(async ({ cluster, fence }) => {
        while (performance.now() - stoppedAt < GIVEN_UP_MS) {
          if (await this.#isTaken(cluster, fence)) {
            this.times.push(performance.now() - stoppedAt);
            return;
          }
          await sleep(LOOK_MS);
        }
        this.#tally.check(false, () => `nobody took over ${cluster}`);
      }),
    );
    return held;
  }

  /** What it holds for a run that is not over: nobody needs to take over any other. */
  async #heldBy({ pid }: Member): Promise<readonly Held[]> {
    const rows = await this.#store.inOrg(this.#store.defaultOrg, ({ db }) =>
      db
        .selectFrom("leases")
        .innerJoin("runs", "runs.id", "leases.runId")
        .select(["leases.cluster", "leases.fence"])
        .where("leases.holder", "like", `%:${pid}`)
        .where("runs.state", "in", ["queued", "running"])
        .execute(),
    );
    return rows.map(({ cluster, fence }) => ({ cluster, fence: Number(fence) }));
  }

  async #isTaken(cluster: string, fence: number): Promise<boolean> {
    const rows = await this.#store.inOrg(this.#store.defaultOrg, ({ db }) =>
      db.selectFrom("leases").select("fence").where("cluster", "=", cluster).execute(),
    );
    return Number(rows[0]?.fence ?? 0) > fence;
  }
}
