import type { Caller } from "../../../src/actions/actor.ts";
import { setFreeze } from "../../../src/approving/freeze.ts";
import { type Id, newId, toUuid } from "../../../src/ids.ts";
import { actionsByName } from "../../../src/register.ts";
import type { Store } from "../../../src/store/index.ts";
import type { Dice } from "../../balancing/dice.ts";
import { join } from "../../core/people.ts";
import { closedStore } from "../../store/support/fresh-store.ts";
import { type Inhabitant, live, makeTown, type Town } from "../town.ts";
import { LivingCluster } from "./living-cluster.ts";
import { openTownCore, townClock } from "./town-core.ts";
import { lookInto, settle, type TownSeen } from "./town-store.ts";

/** A town whose people are in a store, and a Kappa4 over it that they ask. */
export interface RealTown extends AsyncDisposable {
  readonly town: Town;
  readonly clusters: readonly LivingCluster[];
  /** How many people are of the town; those after them are nobody's. */
  readonly known: number;
  /** Makes a call as one of the people, or as a schedule that they edited. Throws what the call throws. */
  call(who: Inhabitant, request: TownCall): Promise<unknown>;
  /** Does what has fallen due, as a worker does it now and then. */
  attend(): Promise<void>;
  /** Somebody who is in the store and has no role. */
  newcomer(): Promise<string>;
  /** Lets time pass and lives change, in the store as well. */
  live(dice: Dice): Promise<void>;
  /** Waits until whatever may begin or go on now has. */
  settle(): Promise<void>;
  /** What the store says of some plans, or of all that somebody asked for. */
  look(plans?: readonly string[]): Promise<TownSeen>;
}

/** What is asked. */
export interface TownCall {
  readonly action: string;
  readonly input: unknown;
  readonly requestKey?: string | undefined;
  readonly isSchedule?: boolean | undefined;
}

const SECOND_MS = 1000;
const CLUSTERS = ["c1", "c2", "c3", "c4", "c5"];

/** Opens a town over a store of its own, on that server if one is named. */
export async function openRealTown(dice: Dice, server?: string): Promise<RealTown> {
  const town = makeTown(dice);
  // The last of a town is the terminal, which is asked no questions; the one before is linked to nobody.
  const people = town.people.slice(0, -1);
  const known = people.length - 1;
  const { options, remove } = await closedStore(server);
  let now = town.now;
  const clock = townClock(() => now);
  const clusters = CLUSTERS.map((name) => new LivingCluster(name, clock));
  const core = await openTownCore(clock, clusters, options);
  const store = await core.store();
  const ids = new Map<Inhabitant, Id<"usr">>();
  for (const one of people) {
    ids.set(one, one.linked ? await join(store, one.name, one.role) : newId("usr"));
  }
  await core.queue();
  const stored = new Map(people.map((one) => [one, { role: one.role, active: one.active }]));
  let isFrozen = false;
  let newcomers = 0;
  const isBusy = (name: string): boolean =>
    clusters.some((cluster) => cluster.name === name && cluster.isBusy);
  const tick = (): void => {
    town.now += SECOND_MS;
    now = town.now;
  };
  const calm = (): Promise<void> => settle(store, { now: () => now, tick, isBusy });

  async function call(caller: Caller, { action: name, input, requestKey }: TownCall) {
    const action = actionsByName.get(name);
    if (action === undefined) throw new Error(`there is no action ${name}`);
    return core.pipeline.call(caller, action, input, { requestKey });
  }

  return {
    town,
    clusters,
    known,
    call(who, request) {
      const id = ids.get(who);
      if (id === undefined) throw new Error(`${who.name} calls nobody`);
      const actor: Caller["actor"] = request.isSchedule
        ? { kind: "schedule", id: `of-${who.name}`, editedBy: id }
        : { kind: "person", id };
      return call({ actor, via: request.isSchedule ? "schedule" : "slack" }, request);
    },
    async attend() {
      const caller = { actor: { kind: "system" }, via: "sdk" } as const;
      await call(caller, { action: "approvals.attend", input: {} });
    },
    async newcomer() {
      newcomers += 1;
      return meet(store, `newcomer${newcomers}`);
    },
    async live(lives) {
      live(town, lives);
      // Whoever waits for an instant then waits until it, and not a little longer.
      town.now = Math.ceil(town.now / SECOND_MS) * SECOND_MS;
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
        const at = new Date(now);
        await store.inOrg(store.defaultOrg, (tx) =>
          setFreeze(tx, { isFrozen: town.frozen, reason: "as the town likes it", by: "local", at }),
        );
      }
      // Only now does time pass: what begins later finds people as they are then.
      now = town.now;
      await calm();
    },
    settle: calm,
    async look(plans) {
      const seen = await lookInto(store, plans);
      isFrozen = seen.isFrozen;
      return seen;
    },
    async [Symbol.asyncDispose]() {
      // Whoever waits for a move waits for the end of the world.
      now = Date.UTC(9999, 0);
      await core.close();
      await remove();
    },
  };
}

async function meet(store: Store, name: string): Promise<string> {
  const id = newId("usr");
  const at = new Date(0);
  await store.inOrg(store.defaultOrg, ({ users }) =>
    users.insert({
      ...{ id, name, email: `${name}@example.com`, status: "active" },
      ...{ createdAt: at, updatedAt: at },
    }),
  );
  return id;
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
