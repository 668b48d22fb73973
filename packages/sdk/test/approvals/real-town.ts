import { type Clock, Kappa4Error } from "@kappa4/connectors";
import type { Caller } from "../../src/actions/actor.ts";
import type { Systems } from "../../src/actions/context.ts";
import { setFreeze } from "../../src/approving/freeze.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config/index.ts";
import { Core } from "../../src/core.ts";
import { EngineThread } from "../../src/engine-thread.ts";
import { fromUuid, type Id, newId, toUuid } from "../../src/ids.ts";
import { LogRing } from "../../src/logs/ring.ts";
import { actionsByName } from "../../src/register.ts";
import type { Store } from "../../src/store/index.ts";
import type { Dice } from "../balancing/dice.ts";
import { join } from "../core/people.ts";
import { sampleCluster } from "../rebalance/samples.ts";
import { closedFolder } from "../store/support/fresh-store.ts";
import { type Inhabitant, live, makeTown, type Town } from "./town.ts";

/** A run that was seen in the store, by its plan. */
export interface RunSeen {
  readonly plan: string;
  /** Undefined, or null, as long as it has not begun. */
  readonly startedAt?: Date | null | undefined;
}

/** A town whose people are in a store, and a Kappa4 over it that they ask. Its clusters answer nobody. */
export interface RealTown extends AsyncDisposable {
  readonly town: Town;
  /** How many people are of the town; those after them are nobody's. */
  readonly known: number;
  /** Makes a call as one of the people, or as a schedule that they edited. Throws what the call throws. */
  call(who: Inhabitant, request: TownCall): Promise<unknown>;
  /** Somebody who is in the store and has no role. */
  newcomer(): Promise<string>;
  /** Lets time pass and lives change, in the store as well. */
  live(dice: Dice): Promise<void>;
  /** Waits until whatever may begin now has begun. */
  settle(): Promise<void>;
  /** Every run that the store has. */
  runs(): Promise<readonly RunSeen[]>;
}

/** What is asked. */
export interface TownCall {
  readonly action: string;
  readonly input: unknown;
  readonly requestKey?: string | undefined;
  readonly isSchedule?: boolean | undefined;
}

const LOOK_MS = 5;
const PATIENCE_MS = 60_000;
/** The connections of the town, each with a cluster of the same name. */
export const CLUSTERS: readonly string[] = ["c1", "c2", "c3", "c4", "c5", "c6"];
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Opens a town over a store of its own. */
export async function openRealTown(dice: Dice): Promise<RealTown> {
  const town = makeTown(dice);
  // The last of a town is the terminal, which is asked no questions; the one before is linked to nobody.
  const people = town.people.slice(0, -1);
  const known = people.length - 1;
  const { options, remove } = await closedFolder();
  let now = town.now;
  const core = await openCore(() => now, options);
  const store = await core.store();
  const ids = new Map<Inhabitant, Id<"usr">>();
  for (const one of people) {
    ids.set(one, one.linked ? await join(store, one.name, one.role) : newId("usr"));
  }
  await core.queue();
  const stored = new Map(people.map((one) => [one, { role: one.role, active: one.active }]));
  let isFrozen = false;
  let newcomers = 0;
  return {
    town,
    known,
    call(who, { action: name, input, requestKey, isSchedule = false }) {
      const action = actionsByName.get(name);
      const id = ids.get(who);
      if (action === undefined || id === undefined) throw new Error(`no ${name} for ${who.name}`);
      const actor: Caller["actor"] = isSchedule
        ? { kind: "schedule", id: `of-${who.name}`, editedBy: id }
        : { kind: "person", id };
      const via = isSchedule ? "schedule" : "slack";
      return core.pipeline.call({ actor, via }, action, input, { requestKey });
    },
    async newcomer() {
      newcomers += 1;
      const id = newId("usr");
      const at = new Date(0);
      const name = `newcomer${newcomers}`;
      await store.inOrg(store.defaultOrg, ({ users }) =>
        users.insert({
          ...{ id, name, email: `${name}@example.com`, status: "active" },
          ...{ createdAt: at, updatedAt: at },
        }),
      );
      return id;
    },
    async live(lives) {
      live(town, lives);
      for (const one of people.slice(0, known)) {
        // Whom an account in a chat belongs to is found out before anything is asked.
        one.linked = true;
        const id = ids.get(one);
        const before = stored.get(one);
        if (id === undefined || before === undefined) continue;
        if (before.role !== one.role) await changeRole(store, id, one.role);
        if (before.active !== one.active) await setActive(store, id, one.active);
        stored.set(one, { role: one.role, active: one.active });
      }
      if (isFrozen !== town.frozen) {
        isFrozen = town.frozen;
        const at = new Date(now);
        await store.inOrg(store.defaultOrg, (tx) =>
          setFreeze(tx, { isFrozen, reason: "as the town likes it", by: "local", at }),
        );
      }
      // Only now does time pass: what begins later finds people as they are then.
      now = town.now;
      await settle(store, now);
    },
    settle: () => settle(store, now),
    runs: () => runsIn(store),
    async [Symbol.asyncDispose]() {
      await core.close();
      await remove();
    },
  };
}

async function openCore(
  now: () => number,
  store: { readonly path?: string | undefined },
): Promise<Core> {
  const clock: Clock = {
    now,
    async sleep(ms, signal) {
      const until = now() + ms;
      while (now() < until) await systemClock.sleep(LOOK_MS, signal);
    },
  };
  const logs = new LogRing(clock, silent);
  const auth = { type: "token", token: "a@pve!b=11111111-2222-4333-8444-555555555555" } as const;
  const none = { kind: "proxmox", endpoints: ["https://127.0.0.1"], auth };
  const config = await parseConfig({ connections: { none } });
  return new Core({
    ...{ clock, logger: silent, systems: noSystems(), engine: new EngineThread() },
    self: { startedAt: new Date(now()), config, logs },
    ...{ store, policy: undefined, actions: actionsByName },
  });
}

/** A cluster can be looked at, and no more: what begins is seen to begin, and ends at once. */
function noSystems(): Systems {
  const nobody = async (): Promise<never> => {
    throw new Kappa4Error("unavailable", "No cluster of this town answers.", { retryable: false });
  };
  const snapshot = async () => sampleCluster(["n1", "n2"], []);
  const others = { describeGuests: nobody, state: nobody, migrate: nobody, checkAccess: nobody };
  return {
    names: CLUSTERS,
    nameOf: (connection) => connection ?? "c1",
    ...{
      get: nobody,
      cluster: async () => ({ snapshot, ...others }),
      applying: {},
      balancing: () => ({}),
    },
  };
}

async function changeRole(store: Store, principal: Id<"usr">, role: string): Promise<void> {
  await store.inOrg(store.defaultOrg, async ({ grants }) => {
    const [old] = await grants.list({ principalKind: "user", principal });
    if (old === undefined) throw new Error("somebody has no role");
    await grants.delete(old.id);
    await grants.insert({ ...old, id: newId("grt"), role });
  });
}

async function setActive(store: Store, id: Id<"usr">, isActive: boolean): Promise<void> {
  await store.inOrg(store.defaultOrg, ({ db }) =>
    db
      .updateTable("users")
      .set({ status: isActive ? "active" : "disabled" })
      .where("id", "=", toUuid(id))
      .execute(),
  );
}

/** Waits until nothing is left that could begin now. */
async function settle(store: Store, now: number): Promise<void> {
  for (let look = 0; ; look += 1) {
    const left = await store.inOrg(store.defaultOrg, async ({ runs, approvals }) => {
      const queued = await runs.list({ states: ["queued"] });
      const early = new Set<string>();
      for (const { approvalId, cluster } of queued) {
        const found = approvalId === null ? undefined : await approvals.find(approvalId);
        const from = found?.approval.clearance?.notBefore.getTime() ?? 0;
        if (from > now) early.add(cluster);
      }
      // Whoever may not begin yet may have the cluster, and others wait behind.
      return queued.filter(({ cluster }) => !early.has(cluster)).length;
    });
    if (left === 0) return;
    if (look * LOOK_MS > PATIENCE_MS) throw new Error("a run that may begin does not");
    await systemClock.sleep(LOOK_MS);
  }
}

async function runsIn(store: Store): Promise<readonly RunSeen[]> {
  const rows = await store.inOrg(store.defaultOrg, ({ db }) =>
    db.selectFrom("runs").select(["planId", "startedAt"]).execute(),
  );
  return rows.map(({ planId, startedAt }) => ({ plan: fromUuid("pln", planId), startedAt }));
}
